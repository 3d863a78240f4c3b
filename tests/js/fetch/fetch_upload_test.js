// Streamed request bodies: framing, backpressure, failures on either side.
import { assert, assertEquals, test } from "../harness.js";
import { rawServer, serving } from "./raw_server.js";

const open = () => Object.values(Deno.resources()).filter((name) => name.startsWith("fetch"));
const bytes = (text) => new TextEncoder().encode(text);

function streamOf(...texts) {
  return new ReadableStream({
    start(stream) {
      for (const text of texts) stream.enqueue(bytes(text));
      stream.close();
    },
  });
}

test("chunked when no length is known", async () => {
  const server = rawServer(async (connection) => {
    const head = await connection.request();
    const body = await connection.until("0\r\n\r\n");
    const seen = `${head.match(/transfer-encoding: chunked|content-length.*/g)} ${body}`;
    await connection.say(`HTTP/1.1 200 OK\r\nContent-Length: ${seen.length}\r\n\r\n${seen}`);
  });
  const response = await fetch(server.url, {
    method: "POST",
    body: streamOf("hello", " world"),
    duplex: "half",
  });
  assertEquals(
    await response.text(),
    "transfer-encoding: chunked 5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
  );
  assertEquals(open(), []);
  await server.close();
});

test("a declared length is kept to", async () => {
  const server = serving(
    async (request) =>
      new Response(`${request.headers.get("content-length")} ${await request.text()}`),
  );
  const send = (body, length) =>
    fetch(server.url, { method: "POST", body, headers: { "content-length": `${length}` } });
  assertEquals(await (await send(streamOf("he", "llo"), 5)).text(), "5 hello");
  for (const length of [3, 9]) {
    const error = await send(streamOf("he", "llo"), length).catch((e) => e);
    assert(error instanceof TypeError);
    assert(error.cause.message.includes("not as long as it was said to be"), error.cause.message);
  }
  assertEquals(open(), []);
  await server.close();
});

test("large bodies arrive whole", async () => {
  const server = serving(async (request) => {
    let size = 0;
    for await (const chunk of request.body) size += chunk.length;
    return new Response(`${size}`);
  });
  let left = 200;
  const body = new ReadableStream({
    pull(stream) {
      if (left-- === 0) stream.close();
      else stream.enqueue(new Uint8Array(50000));
    },
  });
  assertEquals(await (await fetch(server.url, { method: "POST", body })).text(), "10000000");
  assertEquals(
    await (await fetch(server.url, { method: "POST", body: new Uint8Array(10_000_000) })).text(),
    "10000000",
  );
  await server.close();
});

test("the slower side sets the pace", async () => {
  const server = rawServer(async (connection) => {
    await connection.request();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await connection.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  let pulled = 0;
  const body = new ReadableStream(
    {
      pull(stream) {
        pulled += 1 << 20;
        stream.enqueue(new Uint8Array(1 << 20));
      },
    },
    { highWaterMark: 0 },
  );
  const response = await fetch(server.url, { method: "POST", body });
  assertEquals(response.status, 200);
  assert(pulled < 64 << 20, `${pulled} bytes were taken of a body nobody reads`);
  await server.close();
});

test("a body that fails makes the fetch fail, with its reason", async () => {
  const server = rawServer(async (connection) => {
    await connection.request();
    await connection.closed();
  });
  const reason = new Error("mine");
  const body = new ReadableStream({
    pull(stream) {
      stream.enqueue(bytes("x"));
      stream.error(reason);
    },
  });
  const error = await fetch(server.url, { method: "POST", body }).catch((e) => e);
  assert(error instanceof TypeError);
  assertEquals(error.cause, reason);
  assertEquals(open(), []);
  await server.close();
});

test("chunks that are no Uint8Array", async () => {
  for (const chunk of ["text", null, new ArrayBuffer(3), new Int8Array(3), new Blob(["x"])]) {
    const server = rawServer(async (connection) => {
      await connection.request();
      await connection.closed();
    });
    const body = new ReadableStream({
      start(stream) {
        stream.enqueue(chunk);
        stream.close();
      },
    });
    const error = await fetch(server.url, { method: "POST", body }).catch((e) => e);
    assert(error instanceof TypeError);
    assert(error.cause instanceof TypeError);
    await server.close();
  }
});

test("an answer before the body is complete", async () => {
  let cancelled = false;
  const server = rawServer(async (connection) => {
    await connection.request();
    await connection.say("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    await connection.closed();
  });
  const body = new ReadableStream({
    start: (stream) => stream.enqueue(bytes("x")),
    cancel: () => (cancelled = true),
  });
  const response = await fetch(server.url, { method: "POST", body });
  assertEquals(response.status, 413);
  assertEquals(await response.text(), "no");
  await new Promise((resolve) => setTimeout(resolve, 20));
  assertEquals(cancelled, true);
  assertEquals(open(), []);
  await server.close();
});

test("nobody to send it to", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  let cancelled = false;
  const body = new ReadableStream({
    start: (stream) => stream.enqueue(bytes("x")),
    cancel: () => (cancelled = true),
  });
  const error = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body }).catch((e) => e);
  assertEquals(error.cause.code, "ECONNREFUSED");
  await new Promise((resolve) => setTimeout(resolve, 20));
  assertEquals(cancelled, true);
  assertEquals(open(), []);
});

test("a file goes out without JavaScript in between, and comes back so", async () => {
  const path = Deno.makeTempFileSync();
  const back = Deno.makeTempFileSync();
  Deno.writeFileSync(path, new Uint8Array(3_000_000).fill(7));
  const server = serving((request) => new Response(request.body));
  const file = Deno.openSync(path);
  const response = await fetch(server.url, { method: "POST", body: file.readable });
  const out = Deno.openSync(back, { write: true, truncate: true });
  await response.body.pipeTo(out.writable);
  const seen = Deno.readFileSync(back);
  assertEquals(seen.length, 3_000_000);
  assert(seen.every((byte) => byte === 7));
  assertEquals(open(), []);
  await server.close();
  Deno.removeSync(path);
  Deno.removeSync(back);
});
