// AbortSignal at each phase: the promise is rejected with the signal's reason, and the connection
// is closed.
import { assert, assertEquals, test } from "../harness.js";
import { rawServer, serving } from "./raw_server.js";

const open = () => Object.values(Deno.resources()).filter((name) => name.startsWith("fetch"));
const caught = (promise) =>
  promise.then(
    () => "no error",
    (e) => e,
  );

test("before it starts", async () => {
  const reason = { why: 1 };
  assertEquals(
    await caught(fetch("http://127.0.0.1:9/", { signal: AbortSignal.abort(reason) })),
    reason,
  );
  const error = await caught(fetch("http://127.0.0.1:9/", { signal: AbortSignal.abort() }));
  assertEquals(error.name, "AbortError");
});

test("while the response is awaited", async () => {
  let gone;
  const left = new Promise((resolve) => (gone = resolve));
  const server = rawServer(async (connection) => {
    await connection.request();
    gone(await connection.closed());
  });
  const controller = new AbortController();
  const pending = caught(fetch(server.url, { signal: controller.signal }));
  setTimeout(() => controller.abort("enough"), 20);
  assertEquals(await pending, "enough");
  assertEquals(await left, true);
  assertEquals(open(), []);
  await server.close();
});

test("it is settled at once", async () => {
  const server = rawServer(async (connection) => {
    await connection.closed();
  });
  const controller = new AbortController();
  let settled = false;
  fetch(server.url, { signal: controller.signal }).catch(() => (settled = true));
  controller.abort();
  await null;
  await null;
  assertEquals(settled, true);
  await server.close();
});

test("in the middle of a head", async () => {
  const server = rawServer(async (connection) => {
    await connection.request();
    await connection.say("HTTP/1.1 200 OK\r\nX: ");
    await connection.closed();
  });
  const error = await caught(fetch(server.url, { signal: AbortSignal.timeout(50) }));
  assertEquals(error.name, "TimeoutError");
  await server.close();
});

test("while the body is read, in every way", async () => {
  const server = rawServer(async (connection) => {
    await connection.request();
    await connection.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
    await connection.closed();
  });
  const reads = [
    (response) => response.text(),
    (response) => response.arrayBuffer(),
    (response) => response.clone().text(),
    async (response) => {
      const reader = response.body.getReader();
      await reader.read();
      await reader.read();
    },
    (response) => response.body.pipeTo(new WritableStream()),
  ];
  for (const read of reads) {
    const controller = new AbortController();
    const response = await fetch(server.url, { signal: controller.signal });
    const pending = caught(read(response));
    setTimeout(() => controller.abort("enough"), 10);
    assertEquals(await pending, "enough", String(read));
    assertEquals(open(), []);
  }
  await server.close();
});

test("before the body is read, though all of it is there", async () => {
  const server = serving(() => new Response("whole"));
  const controller = new AbortController();
  const response = await fetch(server.url, { signal: controller.signal });
  const other = await fetch(server.url, { signal: controller.signal });
  const stream = other.body;
  const read = await fetch(server.url, { signal: controller.signal });
  assertEquals(await read.text(), "whole");
  controller.abort("enough");
  assertEquals(await caught(response.text()), "enough");
  assertEquals(await caught(stream.getReader().read()), "enough");
  await server.close();
});

test("during an upload: the body's stream is cancelled with the reason", async () => {
  const server = rawServer(async (connection) => {
    await connection.request();
    await connection.closed();
  });
  const controller = new AbortController();
  let cancelled;
  const body = new ReadableStream({
    pull: (stream) => stream.enqueue(new Uint8Array(65536)),
    cancel: (reason) => (cancelled = reason),
  });
  const pending = caught(
    fetch(server.url, { method: "POST", body, duplex: "half", signal: controller.signal }),
  );
  setTimeout(() => controller.abort("enough"), 50);
  assertEquals(await pending, "enough");
  await new Promise((resolve) => setTimeout(resolve, 20));
  assertEquals(cancelled, "enough");
  assertEquals(open(), []);
  await server.close();
});

test("between two hops", async () => {
  const controller = new AbortController();
  const server = serving((request) => {
    if (request.url.endsWith("/next")) {
      controller.abort("enough");
      return new Promise((resolve) => {
        request.signal.addEventListener("abort", () => resolve(new Response()));
      });
    }
    return new Response(null, { status: 302, headers: { location: "/next" } });
  });
  assertEquals(await caught(fetch(server.url, { signal: controller.signal })), "enough");
  controller.abort();
  assertEquals(open(), []);
  await server.close();
});

test("after the end it changes nothing", async () => {
  const server = serving(() => new Response("x".repeat(200000)));
  const controller = new AbortController();
  const response = await fetch(server.url, { signal: controller.signal });
  assertEquals((await response.text()).length, 200000);
  controller.abort();
  assert(response.bodyUsed);
  await server.close();
});
