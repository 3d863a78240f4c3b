import { assert, assertEquals, assertRejects, test } from "../harness.js";
import { ca, connect, echoServer, otherCa, pair } from "./certificates.js";

const { InvalidData, UnexpectedEof } = Deno.errors;

/** What the handshake with these options fails with; every later call must say the same. */
async function refusal(server, options) {
  using conn = await connect(server, options);
  const error = await assertRejects(() => conn.handshake(), InvalidData);
  await assertRejects(() => conn.read(new Uint8Array(1)), InvalidData, error.message);
  await assertRejects(() => conn.write(new Uint8Array(1)), InvalidData, error.message);
  return error.message;
}

test("a CA nobody trusts: host, certificate and store are named", async () => {
  await using server = echoServer();
  for (const caCerts of [[], [otherCa]]) {
    const message = await refusal(server, { caCerts });
    assert(message.startsWith("invalid peer certificate: UnknownIssuer"), message);
    for (const part of ["localhost", "CN=leaf", "CN=rt test ca", "trusted: "]) {
      assert(message.includes(part), message);
    }
    assertEquals(message.includes("1 of caCerts"), caCerts.length === 1);
  }
});

test("a certificate for another name, and one that is over", async () => {
  await using other = echoServer(pair("other"));
  const message = await refusal(other, {});
  assert(
    message.startsWith(
      'invalid peer certificate: certificate not valid for name "localhost"; ' +
        'certificate is only valid for DnsName("other.test")',
    ),
    message,
  );
  await using expired = echoServer(pair("expired"));
  assert((await refusal(expired, {})).startsWith("invalid peer certificate: Expired"));
  // The name alone may be left out; the issuer not.
  const unchecked = { unsafelyDisableHostnameVerification: true };
  using conn = await connect(other, unchecked);
  await conn.handshake();
  await conn.closeWrite();
  const untrusted = await refusal(other, { ...unchecked, caCerts: [] });
  assert(untrusted.includes("UnknownIssuer"), untrusted);
});

test("client certificates", async () => {
  await using server = echoServer({ clientAuth: "require", caCerts: [ca] });
  const { cert, key } = pair("client");
  const echo = async (options) => {
    using conn = await connect(server, options);
    await conn.write(new Uint8Array(3));
    const size = await conn.read(new Uint8Array(9));
    await conn.closeWrite();
    return size;
  };
  assertEquals(await echo({ cert, key }), 3);
  // Resumed or not, each identity is its own.
  await assertRejects(() => echo({}), InvalidData, "received fatal alert: CertificateRequired");
  await assertRejects(() => echo(pair("stranger")), InvalidData, "received fatal alert: UnknownCA");
  assertEquals(await echo({ cert, key }), 3);
  assertEquals(server.errors.filter((error) => error instanceof InvalidData).length, 2);
});

test("a refusal is not hidden by what cannot be written any more", async () => {
  await using server = echoServer({ clientAuth: "require", caCerts: [ca] });
  using conn = await connect(server);
  await conn.handshake();
  // The server has refused and closed by the time this is written; its alert was not read.
  await assertRejects(
    async () => {
      for (let i = 0; i < 50; i++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        await conn.write(new Uint8Array(3));
      }
    },
    InvalidData,
    "received fatal alert: CertificateRequired",
  );
});

test("peers that do not speak TLS", async () => {
  using plain = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    const conn = await plain.accept();
    await conn.read(new Uint8Array(1000));
    await conn.write(new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const second = await plain.accept();
    await second.read(new Uint8Array(1000));
    second.close();
    return conn;
  })();
  const target = { port: plain.addr.port };
  using garbage = await connect(target);
  await assertRejects(() => garbage.handshake(), InvalidData, "received corrupt message");
  using gone = await connect(target);
  await assertRejects(() => gone.handshake(), UnexpectedEof, "unexpected end of file");
  (await serving).close();
  await using server = echoServer();
  const http = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await http.write(new TextEncoder().encode("GET / HTTP/1.1\r\nhost: x\r\n\r\n"));
  while ((await http.read(new Uint8Array(100))) !== null);
  http.close();
});

test("an end without close_notify is not the end of the data", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using server = echoServer();
  // A man in the middle that cuts the connection after the answer has begun.
  const relaying = (async () => {
    const client = await listener.accept();
    const upstream = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    const up = (async () => {
      const buffer = new Uint8Array(65536);
      for (let size = await client.read(buffer); size !== null; size = await client.read(buffer)) {
        await upstream.write(buffer.subarray(0, size));
      }
    })();
    const buffer = new Uint8Array(65536);
    let total = 0;
    while (total < 3000) {
      const size = await upstream.read(buffer);
      await client.write(buffer.subarray(0, size));
      total += size;
    }
    await client.closeWrite();
    await up;
    client.close();
    upstream.close();
  })();
  const conn = await connect({ port: listener.addr.port });
  await conn.write(new Uint8Array(4000));
  const error = await assertRejects(async () => {
    while ((await conn.read(new Uint8Array(65536))) !== null);
  });
  assert(error instanceof UnexpectedEof, String(error));
  conn.close();
  await relaying;
});
