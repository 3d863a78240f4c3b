// HTTP/2 over TLS: chosen by ALPN, HTTP/1.1 for who does not offer it.
import { assertEquals, test } from "../harness.js";
import { ca, pair } from "./certificates.js";

test("ALPN decides", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {}, ...pair("leaf") },
    async (request) => new Response(`${request.url} ${await request.text()}`),
  );
  const url = `https://localhost:${server.addr.port}/x`;
  for (const options of [{ http1: false }, { http2: false }, {}]) {
    const client = Deno.createHttpClient({ caCerts: [ca], ...options });
    const all = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const response = await fetch(url, { client, method: "POST", body: "b".repeat(50_000) });
        return (await response.text()).length;
      }),
    );
    assertEquals(
      all,
      Array.from({ length: 10 }, () => url.length + 1 + 50_000),
    );
    client.close();
  }
  for (const alpn of ["h2", "http/1.1"]) {
    const conn = await Deno.connectTls({
      hostname: "localhost",
      port: server.addr.port,
      caCerts: [ca],
      alpnProtocols: [alpn],
    });
    assertEquals((await conn.handshake()).alpnProtocol, alpn);
    conn.close();
  }
  await server.shutdown();
});
