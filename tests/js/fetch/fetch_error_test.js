// Servers that misbehave: always a TypeError with a cause, nothing hangs and nothing stays open.
import { assert, assertEquals, test } from "../harness.js";
import { answering, rawServer } from "./raw_server.js";

const open = () => Object.values(Deno.resources()).filter((name) => name.startsWith("fetch"));

async function failure(promise) {
  const error = await promise.then(
    () => null,
    (e) => e,
  );
  assert(error instanceof TypeError, Deno.inspect(error));
  assert(error.cause instanceof Error, "a cause");
  assertEquals(open(), []);
  return error;
}

test("nobody listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const error = await failure(fetch(`http://127.0.0.1:${port}/x`));
  assertEquals(error.message, "fetch failed");
  assertEquals(
    error.cause.message,
    `error sending request for url (http://127.0.0.1:${port}/x): Connection refused (os error 111)`,
  );
  assertEquals(error.cause.code, "ECONNREFUSED");
});

test("S29 no credentials in messages", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const error = await failure(fetch(`http://user:hunter2@127.0.0.1:${port}/`));
  assert(!Deno.inspect(error).includes("hunter2"));
});

test("no such host", async () => {
  const error = await failure(fetch("http://nosuch.invalid/"));
  assert(error.cause.message.includes("failed to lookup address information"), error.cause.message);
});

test("heads that are none", async () => {
  for (const text of [
    "",
    "garbage\r\n\r\n",
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    "HTTP/3 200 OK\r\n\r\n",
  ]) {
    const server = answering(text);
    assertEquals((await failure(fetch(server.url))).message, "fetch failed");
    await server.close();
  }
});

test("bodies that end too early, read in every way", async () => {
  for (const text of [
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhell",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhell",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  ]) {
    const server = answering(text);
    for (const read of [
      (response) => response.text(),
      (response) => response.bytes(),
      (response) => response.clone().text(),
      async (response) => {
        for await (const _ of response.body);
      },
      (response) => response.body.pipeTo(new WritableStream()),
    ]) {
      const error = await failure(fetch(server.url).then(read));
      assertEquals(error.message, "error reading a body from connection");
    }
    await server.close();
  }
});

test("a connection cut at every byte of a response", async () => {
  const whole =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
  let length = 0;
  const server = rawServer(async (connection) => {
    await connection.request();
    await connection.say(whole.slice(0, length));
  });
  for (length = 0; length < whole.length; length++) {
    await failure(fetch(server.url).then((response) => response.text()));
  }
  assertEquals(await (await fetch(server.url)).text(), "hello");
  await server.close();
});

test("compressed data that is none", async () => {
  for (const encoding of ["gzip", "deflate", "br", "zstd"]) {
    const server = answering(
      `HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Encoding: ${encoding}\r\n\r\nhell`,
    );
    const error = await failure(fetch(server.url).then((response) => response.text()));
    assert(error.cause.message.startsWith("error decoding response body"), error.cause.message);
    await server.close();
  }
});

test("S50 what would end a line early is refused", async () => {
  for (const init of [
    { headers: { a: "b\r\nc: d" } },
    { headers: { "a\n": "b" } },
    { method: "GET / HTTP/1.1\r\nx:" },
  ]) {
    const error = await fetch("http://127.0.0.1:9999/", init).catch((e) => e);
    assert(error instanceof TypeError);
  }
});

test("TLS with a server that does not speak it", async () => {
  const server = rawServer((connection) => connection.say("HTTP/1.1 400 Bad\r\n\r\n"));
  const error = await failure(fetch(server.url.replace("http:", "https:")));
  assert(
    error.cause.message.includes("error sending request for url (https://127.0.0.1:"),
    error.cause.message,
  );
  await server.close();
});
