// What a peer may not do: each is answered with the close code of its fault, and the program gets an
// error and a close event.
import { assert, assertEquals, assertThrows, test } from "../harness.js";
import { answering, rawServer } from "../fetch/raw_server.js";
import { closeCode, event, frame, rawClient, readAll, socketServer, write } from "./helpers.js";

const bad = {
  "an unmasked frame": [1002, frame(0x81, "hi", false)],
  "reserved bit 1 without an extension": [1002, frame(0xc1, "hi")],
  "reserved bit 2": [1002, frame(0xa1, "hi")],
  "an unknown opcode": [1002, frame(0x83, "hi")],
  "a fragmented ping": [1002, frame(0x09)],
  "a continuation of nothing": [1002, frame(0x80, "x")],
  "a length of 2^63": [1002, new Uint8Array([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
  "a length of 2^62": [1009, new Uint8Array([0x82, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
  "64 MiB and a byte": [1009, new Uint8Array([0x82, 0xff, 0, 0, 0, 0, 4, 0, 0, 1, 0, 0, 0, 0])],
  "text that is not UTF-8": [1007, frame(0x81, [0xff])],
  "close code 1005": [1002, frame(0x88, [3, 0xed])],
  "a close frame of one byte": [1002, frame(0x88, [3])],
};

for (const [name, [code, bytes]] of Object.entries(bad)) {
  test(`a server refuses ${name}`, async () => {
    let events;
    const server = socketServer((socket) => {
      events = Promise.all([event(socket, "error"), event(socket, "close")]);
    });
    const { conn } = await rawClient(server.port);
    await write(conn, bytes);
    assertEquals(closeCode(await readAll(conn)), code);
    const [, closed] = await events;
    assertEquals([closed.code, closed.wasClean], [1006, false]);
    conn.close();
    await server.close();
  });
}

test("a compressed bomb is refused", async () => {
  const stream = new Blob([new Uint8Array(65 * 1024 * 1024)])
    .stream()
    .pipeThrough(new CompressionStream("deflate-raw"));
  const bomb = await new Response(stream).bytes();
  assert(bomb.length < 100_000);
  let events;
  const server = socketServer((socket) => {
    events = Promise.all([event(socket, "error"), event(socket, "close")]);
  });
  const { conn, head } = await rawClient(
    server.port,
    "Sec-WebSocket-Extensions: permessage-deflate\r\n",
  );
  assert(head.includes("permessage-deflate"));
  const before = Deno.memoryUsage().rss;
  const answer = readAll(conn);
  await write(conn, frame(0xc2, bomb));
  assertEquals(closeCode(await answer), 1009);
  await events;
  assert(Deno.memoryUsage().rss - before < 256 * 1024 * 1024);
  conn.close();
  await server.close();
});

test("a peer that is gone is an error and code 1006", async () => {
  let events;
  const server = socketServer((socket) => {
    events = Promise.all([event(socket, "error"), event(socket, "close")]);
  });
  const { conn } = await rawClient(server.port);
  await write(conn, frame(0x01, "half"));
  conn.close();
  const [, closed] = await events;
  assertEquals([closed.code, closed.wasClean], [1006, false]);
  await server.close();
});

const accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
const answers = {
  "200 instead of 101": "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
  "the wrong accept": `HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  "no upgrade": "HTTP/1.1 101 X\r\nConnection: Upgrade\r\n\r\n",
  "a broken head": "HTTP/1.1 101\r\n: x\r\n\r\n",
};
for (const [name, text] of Object.entries(answers)) {
  test(`a client fails for ${name}`, async () => {
    const server = answering(text);
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/`);
    const [error, closed] = await Promise.all([event(socket, "error"), event(socket, "close")]);
    assert(error.message !== "", "a reason");
    assertEquals([closed.code, closed.reason, closed.wasClean], [1006, "", false]);
    assertEquals(socket.readyState, 3);
    await server.close();
  });
}

/** A server that makes the handshake by hand and then sends `bytes`. */
function handmade(bytes, extra = "") {
  const received = [];
  const server = rawServer(async (connection) => {
    const head = await connection.request();
    if (head === null) return;
    const key = /sec-websocket-key: (.*)\r\n/i.exec(head)[1];
    const digest = await crypto.subtle.digest(
      "SHA-1",
      new TextEncoder().encode(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`),
    );
    const sum = btoa(String.fromCharCode(...new Uint8Array(digest)));
    await connection.say(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: upgrade\r\n" +
        `Sec-WebSocket-Accept: ${sum}\r\n${extra}\r\n`,
    );
    await connection.say(bytes);
    await connection.closed();
  });
  return { ...server, received, port: server.port, close: () => server.close() };
}

test("a client refuses masked frames", async () => {
  const server = handmade(frame(0x81, "hi"));
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/`);
  const [, closed] = await Promise.all([event(socket, "error"), event(socket, "close")]);
  assertEquals(closed.code, 1006);
  await server.close();
});

test("a client refuses protocols and extensions it did not ask for", async () => {
  for (const extra of [
    "Sec-WebSocket-Protocol: x\r\n",
    "Sec-WebSocket-Extensions: x\r\n",
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=8\r\n",
  ]) {
    const server = handmade(frame(0x81, "hi", false), extra);
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/`);
    let opened = false;
    socket.onopen = () => (opened = true);
    await Promise.all([event(socket, "error"), event(socket, "close")]);
    assertEquals(opened, false);
    await server.close();
  }
});

test("what comes with the handshake is not lost", async () => {
  const server = handmade(frame(0x81, "early", false));
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/`);
  assertEquals((await event(socket, "message")).data, "early");
  socket.close();
  await server.close();
  await event(socket, "close");
});

test("requests that cannot be upgraded", async () => {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    try {
      return Deno.upgradeWebSocket(request).response;
    } catch (error) {
      return new Response(`${error.name}: ${error.message}`, { status: 400 });
    }
  });
  const url = `http://127.0.0.1:${server.addr.port}/`;
  assertEquals(
    await (await fetch(url)).text(),
    "TypeError: Invalid Header: 'upgrade' header must contain 'websocket'",
  );
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: server.addr.port });
  await write(
    conn,
    "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: close, upgrade\r\n\r\n",
  );
  const text = String.fromCharCode(...(await readAll(conn)));
  assert(text.includes("'sec-websocket-key' header must be set"), text);
  conn.close();
  // RFC 6455 section 4.2.1: GET, and version 13.
  const fields =
    "Host: x\r\nUpgrade: websocket\r\nConnection: close, upgrade\r\nSec-WebSocket-Key: x\r\n";
  for (const [head, message] of [
    [`POST / HTTP/1.1\r\n${fields}Sec-WebSocket-Version: 13\r\n`, "the method is POST, not GET"],
    [`GET / HTTP/1.1\r\n${fields}`, "'sec-websocket-version' header must be '13'"],
    [`GET / HTTP/1.1\r\n${fields}Sec-WebSocket-Version: 8\r\n`, "header must be '13'"],
  ]) {
    const other = await Deno.connect({ hostname: "127.0.0.1", port: server.addr.port });
    await write(other, `${head}\r\n`);
    const answer = String.fromCharCode(...(await readAll(other)));
    assert(answer.includes(message), answer);
    other.close();
  }
  assertThrows(() => Deno.upgradeWebSocket(new Request(url)), TypeError);
  await server.shutdown();
});
