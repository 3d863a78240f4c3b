import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";
import { readAll, writeAll } from "../net/pair.js";
import { ca, connect, pair } from "./certificates.js";

const options = { hostname: "127.0.0.1", port: 0, onListen() {}, ...pair("leaf") };

async function request(server, lines, tls = {}) {
  using conn = await connect({ port: server.addr.port }, tls);
  await writeAll(conn, new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  return await readAll(conn);
}

test("Deno.serve over TLS", async () => {
  const body = "x".repeat(200_000);
  await using server = Deno.serve(options, async (req) => {
    if (req.method === "POST") return new Response(`got ${(await req.text()).length}`);
    return new Response(req.url.endsWith("/large") ? body : req.url);
  });
  const host = `host: localhost:${server.addr.port}`;
  const text = await request(server, ["GET /a HTTP/1.1", host, "connection: close"]);
  assert(text.startsWith("HTTP/1.1 200 OK\r\n"), text);
  assert(text.endsWith(`\r\n\r\nhttps://localhost:${server.addr.port}/a`), text);
  const large = await request(server, ["GET /large HTTP/1.1", host, "connection: close"]);
  assert(large.endsWith(`\r\n\r\n${body}`));
  const two = await request(server, [
    "GET /1 HTTP/1.1",
    host,
    "",
    "GET /2 HTTP/1.1",
    host,
    "connection: close",
  ]);
  assertEquals(two.match(/HTTP\/1.1 200 OK/g).length, 2);
  // A body over many records.
  const conn = await connect({ port: server.addr.port }, { alpnProtocols: ["http/1.1"] });
  assertEquals((await conn.handshake()).alpnProtocol, "http/1.1");
  const head = `POST / HTTP/1.1\r\n${host}\r\ncontent-length: 300000\r\nconnection: close\r\n\r\n`;
  await writeAll(conn, new TextEncoder().encode(head));
  await writeAll(conn, new Uint8Array(300_000));
  assert((await readAll(conn)).endsWith("got 300000"));
  conn.close();
});

test("a peer that speaks no TLS gets no answer", async () => {
  await using server = Deno.serve(options, () => new Response("x"));
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: server.addr.port });
  await conn.write(new TextEncoder().encode("GET / HTTP/1.1\r\nhost: x\r\n\r\n"));
  assert(!(await readAll(conn)).includes("200 OK"));
  conn.close();
});

test("client certificates", async () => {
  await using server = Deno.serve(
    { ...options, clientAuth: "require", caCerts: [ca] },
    () => new Response("let in"),
  );
  const lines = ["GET / HTTP/1.1", "host: localhost", "connection: close"];
  const { cert, key } = pair("client");
  assert((await request(server, lines, { cert, key })).endsWith("let in"));
  await assertRejects(
    () => request(server, lines),
    Deno.errors.InvalidData,
    "received fatal alert: CertificateRequired",
  );
});

test("arguments", () => {
  const handler = () => new Response();
  const { cert, key } = options;
  const serve = (tls) => () =>
    Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {}, ...tls }, handler);
  assertThrows(serve({ cert }), TypeError, "If `cert` is specified, `key` must be specified");
  assertThrows(serve({ key }), TypeError, "If `key` is specified, `cert` must be specified");
  assertThrows(serve({ cert: "x", key }), Deno.errors.InvalidData, "No certificates found");
});
