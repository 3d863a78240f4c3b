// A server that says exactly what a test tells it. Each connection is given to `play`, which reads
// with `request()` (up to the empty line) and writes with `say()`.

const encoder = new TextEncoder();
const decoder = {
  decode: (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""),
};

class Connection {
  #conn;
  #rest = "";

  constructor(conn) {
    this.#conn = conn;
  }

  /** Text up to and with `end`; null if the peer is gone before. */
  async until(end) {
    const buffer = new Uint8Array(4096);
    for (;;) {
      const at = this.#rest.indexOf(end);
      if (at >= 0) {
        const text = this.#rest.slice(0, at + end.length);
        this.#rest = this.#rest.slice(at + end.length);
        return text;
      }
      const size = await this.#conn.read(buffer).catch(() => null);
      if (size === null) return null;
      this.#rest += decoder.decode(buffer.subarray(0, size));
    }
  }

  /** The head of the next request, or null. */
  request() {
    return this.until("\r\n\r\n");
  }

  /** So many bytes, as numbers. */
  async exactly(count) {
    const buffer = new Uint8Array(4096);
    while (this.#rest.length < count) {
      const size = await this.#conn.read(buffer);
      if (size === null) return [];
      this.#rest += decoder.decode(buffer.subarray(0, size));
    }
    const bytes = Array.from(this.#rest.slice(0, count), (c) => c.charCodeAt(0));
    this.#rest = this.#rest.slice(count);
    return bytes;
  }

  /** From now on a pipe to a port of this machine. */
  async tunnel(port) {
    const to = await Deno.connect({ hostname: "127.0.0.1", port });
    await Promise.allSettled([
      this.#conn.readable.pipeTo(to.writable),
      to.readable.pipeTo(this.#conn.writable),
    ]);
  }

  /** Reads until the peer closes. */
  async closed() {
    const buffer = new Uint8Array(65536);
    while ((await this.#conn.read(buffer).catch(() => null)) !== null);
    return true;
  }

  async say(text) {
    let bytes = typeof text === "string" ? encoder.encode(text) : text;
    try {
      while (bytes.length > 0) bytes = bytes.subarray(await this.#conn.write(bytes));
    } catch {
      // The client has heard enough.
    }
  }

  close() {
    try {
      this.#conn.close();
    } catch {
      // Closed already.
    }
  }
}

/**
 * @param {(connection: Connection, index: number) => Promise<void>} play
 */
export function rawServer(play) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const plays = [];
  const open = new Set();
  let count = 0;
  const accepting = (async () => {
    for (;;) {
      let conn;
      try {
        conn = await listener.accept();
      } catch {
        return;
      }
      const connection = new Connection(conn);
      open.add(connection);
      plays.push(
        (async () => {
          try {
            await play(connection, count++);
          } finally {
            connection.close();
            open.delete(connection);
          }
        })(),
      );
    }
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    port: listener.addr.port,
    get connections() {
      return count;
    },
    async close() {
      listener.close();
      await accepting;
      // The client keeps connections for later.
      for (const connection of open) connection.close();
      await Promise.allSettled(plays);
    },
  };
}

/** A server that gives every connection the same answer to its first request, and closes. */
export function answering(text) {
  return rawServer(async (connection) => {
    if ((await connection.request()) === null) return;
    await connection.say(text);
  });
}

/** Deno.serve on a port of its own. */
export function serving(handler) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    port: server.addr.port,
    close: () => server.shutdown(),
  };
}
