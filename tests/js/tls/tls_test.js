import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";
import { ca, connect, echoServer, pair } from "./certificates.js";

const { BadResource, Busy, ConnectionRefused, InvalidData, Interrupted } = Deno.errors;
const bytes = (text) => new TextEncoder().encode(text);

async function echoOnce(conn, text) {
  await conn.write(bytes(text));
  const buffer = new Uint8Array(100);
  const size = await conn.read(buffer);
  return new TextDecoder().decode(buffer.subarray(0, size));
}

test("bytes go both ways; close_notify is the end", async () => {
  await using server = echoServer();
  const conn = await connect(server);
  assertEquals(conn.constructor.name, "TlsConn");
  assertEquals(conn.remoteAddr.port, server.port);
  assertEquals(conn.remoteAddr.transport, "tcp");
  assertEquals(await echoOnce(conn, "hello"), "hello");
  await conn.closeWrite();
  assertEquals(await conn.read(new Uint8Array(1)), null);
  conn.close();
  await assertRejects(() => conn.read(new Uint8Array(1)), BadResource);
  await assertRejects(() => conn.handshake(), BadResource);
  assertEquals(server.errors, []);
});

test("an address as the name", async () => {
  await using server = echoServer();
  using conn = await connect(server, { hostname: "127.0.0.1" });
  assertEquals(await echoOnce(conn, "x"), "x");
  await conn.closeWrite();
});

test("ALPN: the server's order decides", async () => {
  await using server = echoServer({ alpnProtocols: ["h2", "http/1.1"] });
  for (const [offered, chosen] of [
    [["http/1.1", "h2"], "h2"],
    [["http/1.1"], "http/1.1"],
    [[], null],
  ]) {
    const conn = await connect(server, { alpnProtocols: offered });
    assertEquals((await conn.handshake()).alpnProtocol, chosen);
    assertEquals((await conn.handshake()).alpnProtocol, chosen);
    await conn.closeWrite();
    conn.close();
  }
  using conn = await connect(server, { alpnProtocols: ["other"] });
  await assertRejects(() => conn.handshake(), InvalidData, "fatal alert: NoApplicationProtocol");
  assertThrows(() => Deno.listenTls({ port: 0, ...pair("leaf"), alpnProtocols: [""] }), TypeError);
});

test("16 MiB through TLS arrive as they were sent", async () => {
  await using server = echoServer();
  const conn = await connect(server);
  const total = 16 << 20;
  const chunk = new Uint8Array(100_000).map((_, i) => i * 7 + (i >> 9));
  const sending = (async () => {
    for (let sent = 0; sent < total; ) {
      const at = sent % chunk.length;
      sent += await conn.write(chunk.subarray(at, Math.min(chunk.length, at + total - sent)));
    }
    await conn.closeWrite();
  })();
  let received = 0;
  const buffer = new Uint8Array(65536);
  for (let size = await conn.read(buffer); size !== null; size = await conn.read(buffer)) {
    for (let i = 0; i < size; i += 1021)
      assertEquals(buffer[i], chunk[(received + i) % chunk.length]);
    received += size;
  }
  await sending;
  assertEquals(received, total);
  conn.close();
});

test("startTls takes the connection over", async () => {
  await using server = echoServer();
  const plain = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  const conn = await Deno.startTls(plain, { hostname: "localhost", caCerts: [ca] });
  assertEquals(await echoOnce(conn, "x"), "x");
  await assertRejects(() => plain.read(new Uint8Array(1)), BadResource);
  await assertRejects(() => Deno.startTls(plain, {}), BadResource);
  await conn.closeWrite();
  conn.close();
  const reading = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  const read = reading.read(new Uint8Array(1));
  await assertRejects(() => Deno.startTls(reading, {}), Busy, "TCP stream is currently in use");
  reading.close();
  await assertRejects(() => read, Interrupted);
});

test("closing ends what waits", async () => {
  await using server = echoServer();
  const conn = await connect(server);
  await conn.handshake();
  const reading = conn.read(new Uint8Array(1));
  conn.close();
  await assertRejects(() => reading, Interrupted, "operation canceled");
  // Before the handshake is done, too.
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const waiting = await Deno.connectTls({ hostname: "127.0.0.1", port: silent.addr.port });
  const calls = [waiting.handshake(), waiting.read(new Uint8Array(1)), waiting.write(bytes("x"))];
  waiting.close();
  for (const call of calls) await assertRejects(() => call, Interrupted);
});

test("streams", async () => {
  await using server = echoServer();
  const conn = await connect(server);
  const writer = conn.writable.getWriter();
  await writer.write(bytes("one"));
  const reader = conn.readable.getReader();
  assertEquals(new TextDecoder().decode((await reader.read()).value), "one");
  await reader.cancel();
  await assertRejects(() => conn.read(new Uint8Array(1)), BadResource);
});

test("several certificates: the one for the name that is asked for", async () => {
  await using server = echoServer({ certificates: [pair("other")] });
  for (const hostname of ["localhost", "other.test"]) {
    const plain = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    const conn = await Deno.startTls(plain, { hostname, caCerts: [ca] });
    await conn.handshake();
    await conn.closeWrite();
    conn.close();
  }
});

test("arguments", async () => {
  const { cert, key } = pair("leaf");
  const listen = (options) => () => Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...options });
  assertThrows(listen({}), TypeError, "A key and certificate are required for `Deno.listenTls`");
  assertThrows(
    listen({ cert }),
    TypeError,
    "If `cert` is specified, `key` must be specified as well",
  );
  assertThrows(
    listen({ key }),
    TypeError,
    "If `key` is specified, `cert` must be specified as well",
  );
  assertThrows(
    listen({ cert: "x", key }),
    InvalidData,
    "No certificates found in certificate data",
  );
  assertThrows(listen({ cert, key: "x" }), InvalidData, "No keys found in key data");
  assertThrows(
    listen({ cert, key: pair("other").key }),
    Error,
    "keys may not be consistent: KeyMismatch",
  );
  assertThrows(
    listen({ cert, key, transport: "unix" }),
    TypeError,
    "Unsupported transport: 'unix'",
  );
  assertThrows(listen({ cert, key, clientAuth: "x" }), TypeError, "Invalid clientAuth");
  assertThrows(listen({ cert, key, clientAuth: "require" }), TypeError, "needs `caCerts`");
  await assertRejects(() => Deno.connectTls({ port: 1, cert }), TypeError, "`Deno.connectTls`");
  await assertRejects(() => Deno.connectTls({ port: 1, hostname: "127.0.0.1" }), ConnectionRefused);
  await using server = echoServer();
  await assertRejects(() => connect(server, { caCerts: ["x"] }), InvalidData, "caCerts");
  await assertRejects(() => connect(server, { caCerts: [1] }), TypeError, "caCerts");
});

test("nothing is left open", () => {
  assertEquals(Object.keys(Deno.resources()).length, 3);
  assert(true);
});
