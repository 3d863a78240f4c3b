// A client of HTTP/2 by hand: frames as bytes, answers as a list.

const encoder = new TextEncoder();
export const kPreface = encoder.encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
export const DATA = 0;
export const HEADERS = 1;
export const PRIORITY = 2;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PING = 6;
export const GOAWAY = 7;
export const WINDOW_UPDATE = 8;
export const CONTINUATION = 9;
export const END_STREAM = 1;
export const END_HEADERS = 4;
export const ENHANCE_YOUR_CALM = 11;

export function frame(type, flags, stream, payload = []) {
  const { length } = payload;
  return new Uint8Array([
    ...[length >> 16, (length >> 8) & 255, length & 255, type, flags],
    ...[stream >>> 24, (stream >> 16) & 255, (stream >> 8) & 255, stream & 255],
    ...payload,
  ]);
}

export function concat(...pieces) {
  const all = new Uint8Array(pieces.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of pieces) {
    all.set(each, at);
    at += each.length;
  }
  return all;
}

/** Fields as HPACK literals without indexing. */
export function hpack(fields) {
  const text = (value) => {
    const bytes = encoder.encode(value);
    if (bytes.length < 127) return [bytes.length, ...bytes];
    let rest = bytes.length - 127;
    const size = [127];
    for (; rest >= 128; rest >>= 7) size.push((rest & 127) | 128);
    return [...size, rest, ...bytes];
  };
  return fields.flatMap(([name, value]) => [0, ...text(name), ...text(value)]);
}

export const kGet = [
  [":method", "GET"],
  [":scheme", "http"],
  [":authority", "localhost"],
  [":path", "/"],
];
export const kPost = [[":method", "POST"], ...kGet.slice(1)];

export function headers(stream, fields = kGet, flags = END_STREAM | END_HEADERS) {
  return frame(HEADERS, flags, stream, hpack(fields));
}

/** A connection that has sent its preface and SETTINGS, and reads frames in the background. */
export class Client {
  frames = [];
  ended = false;
  #conn;
  #waiters = [];
  reading;

  static async open(port, settings = []) {
    const client = new Client();
    client.#conn = await Deno.connect({ hostname: "127.0.0.1", port });
    client.reading = client.#read();
    await client.send(concat(kPreface, frame(SETTINGS, 0, 0, settings)));
    return client;
  }

  async #read() {
    let rest = new Uint8Array(0);
    const buffer = new Uint8Array(65536);
    for (;;) {
      const size = await this.#conn.read(buffer).catch(() => null);
      if (size === null) break;
      rest = concat(rest, buffer.subarray(0, size));
      for (;;) {
        if (rest.length < 9) break;
        const length = (rest[0] << 16) | (rest[1] << 8) | rest[2];
        if (rest.length < 9 + length) break;
        const stream = ((rest[5] << 24) | (rest[6] << 16) | (rest[7] << 8) | rest[8]) >>> 0;
        const payload = rest.slice(9, 9 + length);
        this.frames.push({ type: rest[3], flags: rest[4], stream, payload });
        rest = rest.slice(9 + length);
        if (this.answersSettings && this.frames.at(-1).type === SETTINGS) this.answersSettings();
      }
      for (const wake of this.#waiters.splice(0)) wake();
    }
    this.ended = true;
    for (const wake of this.#waiters.splice(0)) wake();
  }

  /** Writes; false if the server takes no more. */
  async send(bytes) {
    try {
      for (let at = 0; at < bytes.length; ) at += await this.#conn.write(bytes.subarray(at));
      return true;
    } catch {
      return false;
    }
  }

  /** The first frame `found` says yes to; null if the server closes before. */
  async wait(found) {
    for (;;) {
      const frame = this.frames.find(found);
      if (frame !== undefined) return frame;
      if (this.ended) return null;
      await new Promise((resolve) => this.#waiters.push(resolve));
    }
  }

  /** The error code of the server's GOAWAY, or null. */
  async goaway() {
    const found = await this.wait((each) => each.type === GOAWAY);
    return found === null ? null : found.payload[7];
  }

  /** The error code of a stream's RST_STREAM. */
  async reset(stream) {
    const found = await this.wait((each) => each.type === RST_STREAM && each.stream === stream);
    return found === null ? null : found.payload[3];
  }

  async close() {
    try {
      this.#conn.close();
    } catch {
      // Closed already.
    }
    await this.reading;
  }
}
