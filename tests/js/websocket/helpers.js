// What the WebSocket tests share: an echo server, promises for events, and frames by hand.

/** A promise for the next event of this type; rejects if the socket errs first. */
export function event(target, type) {
  return new Promise((resolve, reject) => {
    target.addEventListener(type, resolve, { once: true });
    if (type !== "error" && type !== "close") {
      target.addEventListener("error", (e) => reject(new Error(e.message)), { once: true });
    }
  });
}

/** A server that upgrades everything; `play(socket)` sees the open socket. */
export function socketServer(play, options = {}, serveOptions = {}) {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {}, ...serveOptions },
    (request) => {
      const { socket, response } = Deno.upgradeWebSocket(request, options);
      socket.binaryType = "arraybuffer";
      play(socket, request);
      return response;
    },
  );
  return {
    port: server.addr.port,
    url: `ws://127.0.0.1:${server.addr.port}/`,
    close: () => server.shutdown(),
  };
}

export function echoServer(options, serveOptions) {
  return socketServer(
    (socket) => {
      socket.onmessage = ({ data }) => socket.send(data);
    },
    options,
    serveOptions,
  );
}

/** A connection to `port` behind a handshake made by hand. */
export async function rawClient(port, extra = "") {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await write(
    conn,
    "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" +
      `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${extra}\r\n`,
  );
  let head = "";
  const byte = new Uint8Array(1);
  while (!head.endsWith("\r\n\r\n")) {
    if ((await conn.read(byte)) === null) break;
    head += String.fromCharCode(byte[0]);
  }
  return { conn, head };
}

export async function write(conn, data) {
  let bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  while (bytes.length > 0) bytes = bytes.subarray(await conn.write(bytes));
}

/** Everything until the peer closes. */
export async function readAll(conn) {
  const all = [];
  const buffer = new Uint8Array(4096);
  for (;;) {
    const size = await conn.read(buffer).catch(() => null);
    if (size === null) return all;
    all.push(...buffer.subarray(0, size));
  }
}

/** A frame as a client sends it (mask 0, which changes nothing) or, unmasked, as a server does. */
export function frame(first, payload = [], masked = true) {
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  const { length } = bytes;
  const mask = masked ? 0x80 : 0;
  const head =
    length < 126
      ? [first, mask | length]
      : length < 65536
        ? [first, mask | 126, length >> 8, length & 255]
        : [
            first,
            mask | 127,
            0,
            0,
            0,
            0,
            length >>> 24,
            (length >> 16) & 255,
            (length >> 8) & 255,
            length & 255,
          ];
  return new Uint8Array([...head, ...(masked ? [0, 0, 0, 0] : []), ...bytes]);
}

/** The code of a close frame, the last a server has sent. */
export function closeCode(bytes) {
  for (let at = 0; at + 1 < bytes.length; ) {
    const length = bytes[at + 1] & 0x7f;
    if (bytes[at] === 0x88) return length >= 2 ? bytes[at + 2] * 256 + bytes[at + 3] : 1005;
    at += 2 + length;
  }
  return null;
}
