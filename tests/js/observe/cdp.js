// A small client of the Chrome DevTools Protocol over a WebSocket of its own making, so that it can also
// send what no proper client would. Text frames, client to server masked (RFC 6455).

import { assert } from "../harness.js";

async function readUntil(connection, end) {
  let text = "";
  const part = new Uint8Array(1);
  while (!text.endsWith(end)) {
    assert((await connection.read(part)) === 1, `the connection ended after ${text}`);
    text += String.fromCharCode(part[0]);
  }
  return text;
}

/** A GET with these headers: {status, head, body}. */
export async function get(port, path, headers = { host: `127.0.0.1:${port}` }) {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  let head = `GET ${path} HTTP/1.1\r\n`;
  for (const [name, value] of Object.entries(headers)) head += `${name}: ${value}\r\n`;
  await connection.write(new TextEncoder().encode(`${head}\r\n`));
  let text = "";
  const decoder = new TextDecoder();
  for await (const part of connection.readable) text += decoder.decode(part, { stream: true });
  const split = text.indexOf("\r\n\r\n");
  const status = Number(text.split(" ")[1]);
  return { status, head: text.slice(0, split), body: text.slice(split + 4) };
}

/** The targets of an inspector. */
export async function targets(port) {
  const { body } = await get(port, "/json/list");
  return JSON.parse(body);
}

export class Client {
  #connection;
  #nextId = 1;
  #answers = new Map();
  #events = [];
  #waiting = [];
  #done;
  #left = false;

  /** Connects to a `webSocketDebuggerUrl`; `header`: one line more. */
  static async open(url, header = "") {
    const { hostname, port, pathname } = new URL(url.replace("ws:", "http:"));
    const connection = await Deno.connect({ hostname, port: Number(port) });
    const head =
      `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\n` +
      "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
      `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${header}\r\n`;
    await connection.write(new TextEncoder().encode(head));
    const answer = await readUntil(connection, "\r\n\r\n");
    assert(answer.includes("101"), answer);
    assert(answer.includes("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), answer);
    return new Client(connection);
  }

  constructor(connection) {
    this.#connection = connection;
    this.#done = this.#pump();
  }

  async #pump() {
    let bytes = new Uint8Array(0);
    const decoder = new TextDecoder();
    const part = new Uint8Array(65536);
    for (;;) {
      const size = await this.#connection.read(part).catch(() => null);
      if (size === null) break;
      const joined = new Uint8Array(bytes.length + size);
      joined.set(bytes);
      joined.set(part.subarray(0, size), bytes.length);
      bytes = joined;
      for (;;) {
        if (bytes.length < 2) break;
        let length = bytes[1] & 127;
        let at = 2;
        const view = new DataView(bytes.buffer, bytes.byteOffset);
        if (length === 126) {
          if (bytes.length < 4) break;
          length = view.getUint16(2);
          at = 4;
        } else if (length === 127) {
          if (bytes.length < 10) break;
          length = Number(view.getBigUint64(2));
          at = 10;
        }
        if (bytes.length < at + length) break;
        const opcode = bytes[0] & 15;
        const payload = bytes.slice(at, at + length);
        bytes = bytes.slice(at + length);
        if (opcode === 8) this.closeCode = (payload[0] << 8) | payload[1];
        if (opcode === 1) this.#take(JSON.parse(decoder.decode(payload)));
      }
    }
    this.leave();
    for (const wake of this.#waiting) wake();
    // A program that ends answers nothing any more.
    for (const { resolve } of this.#answers.values()) resolve(undefined);
  }

  #take(message) {
    if (message.id !== undefined) {
      const { resolve, reject } = this.#answers.get(message.id);
      this.#answers.delete(message.id);
      if (message.error) reject(new Error(message.error.message));
      else resolve(message.result);
      return;
    }
    this.#events.push(message);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Bytes as one frame of any kind. */
  async frame(opcode, payload) {
    const size = payload.length;
    const head =
      size < 126 ? [0x80 | opcode, 0x80 | size] : [0x80 | opcode, 0xfe, size >> 8, size & 255];
    const bytes = new Uint8Array(head.length + 4 + size);
    bytes.set(head);
    bytes.set(payload, head.length + 4); // a mask of zeros
    await this.raw(bytes);
  }
  async raw(bytes) {
    for (let at = 0; at < bytes.length; ) at += await this.#connection.write(bytes.subarray(at));
  }

  /** Calls a method of the protocol. */
  send(method, params = {}) {
    const id = this.#nextId++;
    const promise = new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
    this.frame(1, new TextEncoder().encode(JSON.stringify({ id, method, params }))).catch(() => {});
    return promise;
  }

  /** The next event of this name, also one that has come already: its params. */
  async event(method, matches = () => true) {
    const until = Date.now() + 20_000;
    for (;;) {
      const index = this.#events.findIndex(
        (each) => each.method === method && matches(each.params),
      );
      if (index >= 0) return this.#events.splice(index, 1)[0].params;
      assert(Date.now() < until, `no ${method}: ${JSON.stringify(this.#events)}`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, 200);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** Goes away without a word. */
  leave() {
    if (!this.#left) this.#connection.close();
    this.#left = true;
  }
  /** When the server has ended the connection. */
  async ended() {
    await this.#done;
    return this.closeCode;
  }
}
