// The certificates make-certificates made, and a TLS echo server with some of them.

const folder = Deno.env.get("RT_TEST_CERTIFICATES");
const read = (name) => Deno.readTextFileSync(`${folder}/${name}`);

export const ca = read("ca.pem");
export const otherCa = read("ca2.pem");
export const pair = (name) => ({ cert: read(`${name}.pem`), key: read(`${name}.key`) });

/** Echoes until it is closed; what fails on its side is in `errors`. */
export function echoServer(options = {}) {
  const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...pair("leaf"), ...options });
  const errors = [];
  async function echo(conn) {
    try {
      const buffer = new Uint8Array(65536);
      for (let size = await conn.read(buffer); size !== null; size = await conn.read(buffer)) {
        for (let at = 0; at < size; ) at += await conn.write(buffer.subarray(at, size));
      }
      await conn.closeWrite();
    } catch (error) {
      errors.push(error);
    }
    conn.close();
  }
  const running = (async () => {
    const open = [];
    for await (const conn of listener) open.push(echo(conn));
    await Promise.all(open);
  })();
  return {
    port: listener.addr.port,
    errors,
    async [Symbol.asyncDispose]() {
      listener.close();
      await running;
    },
  };
}

/** A connection to the server that trusts the test CA. */
export function connect(server, options = {}) {
  return Deno.connectTls({ hostname: "localhost", port: server.port, caCerts: [ca], ...options });
}
