// WebSocketStream: chunks both ways, backpressure, closing and failing.
import { assert, assertEquals, assertRejects, test } from "../harness.js";
import { answering } from "../fetch/raw_server.js";
import { echoServer, event, socketServer } from "./helpers.js";

test("chunks there and back", async () => {
  const server = echoServer();
  const stream = new WebSocketStream(server.url);
  assertEquals(stream.url, server.url);
  const { readable, writable, protocol } = await stream.opened;
  assertEquals(protocol, "");
  const reader = readable.getReader();
  const writer = writable.getWriter();
  await writer.write("text");
  assertEquals((await reader.read()).value, "text");
  await writer.write(new Uint8Array([1, 2]));
  assertEquals((await reader.read()).value, new Uint8Array([1, 2]));
  stream.close({ closeCode: 3000, reason: "done" });
  assertEquals(await stream.closed, { closeCode: 3000, reason: "done" });
  assertEquals((await reader.read()).done, true);
  await server.close();
});

test("a reader that waits holds the server back", async () => {
  let sent = 0;
  const chunk = new Uint8Array(64 * 1024);
  const server = socketServer((socket) => {
    socket.onopen = () => {
      for (; sent < 400; sent++) socket.send(chunk);
      socket.send("end");
    };
    socket.onerror = () => {};
  });
  const stream = new WebSocketStream(server.url);
  const { readable } = await stream.opened;
  await new Promise((resolve) => setTimeout(resolve, 200));
  let bytes = 0;
  for await (const value of readable) {
    if (value === "end") break;
    bytes += value.length;
  }
  assertEquals(bytes, 400 * chunk.length);
  await stream.closed;
  await server.close();
});

test("the server closes", async () => {
  const server = socketServer((socket) => {
    socket.onopen = () => {
      socket.send("last");
      socket.close(4000, "over");
    };
  });
  const stream = new WebSocketStream(server.url);
  const { readable } = await stream.opened;
  const seen = [];
  for await (const value of readable) seen.push(value);
  assertEquals(seen, ["last"]);
  assertEquals(await stream.closed, { closeCode: 4000, reason: "over" });
  await server.close();
});

test("closing the writable closes it", async () => {
  let closed;
  const server = socketServer((socket) => {
    closed = event(socket, "close");
  });
  const stream = new WebSocketStream(server.url);
  const { writable } = await stream.opened;
  await writable.close();
  assertEquals((await closed).code, 1005);
  await stream.closed;
  await server.close();
});

test("failures are WebSocketErrors, or the signal's reason", async () => {
  const server = answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  const stream = new WebSocketStream(`ws://127.0.0.1:${server.port}/`);
  await assertRejects(() => stream.opened, WebSocketError, "404");
  await assertRejects(() => stream.closed, WebSocketError);
  const controller = new AbortController();
  const aborted = new WebSocketStream(`ws://127.0.0.1:${server.port}/`, {
    signal: controller.signal,
  });
  controller.abort("why");
  assertEquals(await aborted.opened.catch((e) => e), "why");
  await server.close();
  const error = new WebSocketError("m", { closeCode: 3000, reason: "r" });
  assertEquals([error.name, error.closeCode, error.reason], ["WebSocketError", 3000, "r"]);
  assert(error instanceof DOMException);
});
