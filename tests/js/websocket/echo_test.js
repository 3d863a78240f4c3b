// Messages of every kind there and back between rt's two ends, and how a connection ends.
import { assert, assertEquals, test } from "../harness.js";
import { echoServer, event, socketServer } from "./helpers.js";

test("text, bytes, views and blobs come back", async () => {
  const server = echoServer();
  const socket = new WebSocket(server.url);
  assertEquals(socket.readyState, WebSocket.CONNECTING);
  assertEquals(socket.url, server.url);
  await event(socket, "open");
  assertEquals(socket.readyState, 1);
  socket.binaryType = "arraybuffer";
  for (const text of ["", "hello", "ü€😀", "x".repeat(125), "x".repeat(126), "y".repeat(70_000)]) {
    socket.send(text);
    assertEquals((await event(socket, "message")).data, text);
  }
  const bytes = new Uint8Array(1000).map((_, i) => i);
  for (const data of [bytes, bytes.buffer, new DataView(bytes.buffer), new Blob([bytes])]) {
    socket.send(data);
    assertEquals((await event(socket, "message")).data, bytes.buffer);
  }
  socket.send(bytes.subarray(10, 20));
  assertEquals((await event(socket, "message")).data, bytes.slice(10, 20).buffer);
  socket.binaryType = "blob";
  socket.send(new Uint8Array([1]));
  const { data, origin } = await event(socket, "message");
  assert(data instanceof Blob && data.size === 1);
  assertEquals(origin, server.url.slice(0, -1));
  socket.send("\ud800");
  assertEquals((await event(socket, "message")).data, "\ufffd");
  socket.close();
  await event(socket, "close");
  await server.close();
});

test("many messages in one turn keep their order, with microtasks between them", async () => {
  const server = echoServer();
  const socket = new WebSocket(server.url);
  await event(socket, "open");
  const seen = [];
  const done = new Promise((resolve) => {
    socket.onmessage = ({ data }) => {
      seen.push(data);
      queueMicrotask(() => seen.push(`after ${data}`));
      if (data === "199") setTimeout(resolve);
    };
  });
  for (let i = 0; i < 200; i++) socket.send(`${i}`);
  assertEquals(socket.bufferedAmount, 490);
  await done;
  const expected = [];
  for (let i = 0; i < 200; i++) expected.push(`${i}`, `after ${i}`);
  assertEquals(seen, expected);
  assertEquals(socket.bufferedAmount, 0);
  socket.close();
  await event(socket, "close");
  await server.close();
});

test("the client closes with a code and a reason", async () => {
  let atServer;
  const server = socketServer((socket) => {
    atServer = event(socket, "close");
  });
  const socket = new WebSocket(server.url);
  await event(socket, "open");
  socket.close(3001, "enough");
  assertEquals(socket.readyState, WebSocket.CLOSING);
  socket.send("lost");
  assertEquals(socket.bufferedAmount, 4);
  for (const closed of [await event(socket, "close"), await atServer]) {
    assertEquals([closed.code, closed.reason, closed.wasClean], [3001, "enough", true]);
  }
  assertEquals(socket.readyState, WebSocket.CLOSED);
  await server.close();
});

test("the server closes, also without a code", async () => {
  const server = socketServer((socket, request) => {
    socket.onopen = () =>
      request.url.endsWith("bare") ? socket.close() : socket.close(1001, "going");
  });
  const closeOf = async (path) => {
    const { code, reason, wasClean } = await event(new WebSocket(server.url + path), "close");
    return [code, reason, wasClean];
  };
  assertEquals(await closeOf(""), [1001, "going", true]);
  assertEquals(await closeOf("bare"), [1005, "", true]);
  await server.close();
});

test("nothing is left open", async () => {
  const open = () =>
    Object.values(Deno.resources()).filter((name) => /webSocket|upgraded/.test(name));
  const server = echoServer();
  const sockets = Array.from({ length: 20 }, () => new WebSocket(server.url));
  await Promise.all(sockets.map((socket) => event(socket, "open")));
  assertEquals(open().length, 40);
  for (const socket of sockets) socket.close();
  await Promise.all(sockets.map((socket) => event(socket, "close")));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assertEquals(open(), []);
  await server.close();
});

test("a protocol is chosen", async () => {
  const server = echoServer({ protocol: "chat.v2" });
  const socket = new WebSocket(server.url, ["chat.v1", "chat.v2"]);
  await event(socket, "open");
  assertEquals(socket.protocol, "chat.v2");
  socket.close();
  await event(socket, "close");
  await server.close();
});

test("large text is compressed and comes back", async () => {
  const server = echoServer();
  const socket = new WebSocket(server.url);
  await event(socket, "open");
  assert(socket.extensions.startsWith("permessage-deflate"));
  const text = JSON.stringify(Array.from({ length: 5000 }, (_, i) => ({ name: `item ${i}` })));
  for (let i = 0; i < 3; i++) {
    socket.send(text);
    assertEquals((await event(socket, "message")).data, text);
  }
  socket.close();
  await event(socket, "close");
  await server.close();
});

test("a handler may wait for the socket before it answers", async () => {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request);
    await event(socket, "open");
    socket.send("first");
    return response;
  });
  const socket = new WebSocket(`ws://127.0.0.1:${server.addr.port}/`);
  assertEquals((await event(socket, "message")).data, "first");
  socket.close();
  await event(socket, "close");
  await server.shutdown();
});

test("an idle peer that does not answer pings is given up", async () => {
  const { rawClient, readAll, closeCode } = await import("./helpers.js");
  let closed;
  const server = socketServer(
    (socket) => {
      closed = event(socket, "close");
    },
    { idleTimeout: 0.5 },
  );
  const { conn } = await rawClient(server.port);
  const bytes = await readAll(conn);
  assertEquals(bytes[0], 0x89); // a ping first
  assertEquals(closeCode(bytes), 1001);
  const { code, reason, wasClean } = await closed;
  assertEquals([code, reason, wasClean], [1001, "No response from ping frame.", false]);
  conn.close();
  // One that does answer stays.
  const socket = new WebSocket(server.url);
  await event(socket, "open");
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assertEquals(socket.readyState, WebSocket.OPEN);
  socket.close();
  await event(socket, "close");
  await server.close();
});
