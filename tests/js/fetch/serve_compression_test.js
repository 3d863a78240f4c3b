// Deno.serve's automaticCompression: what goes out packed, to whom, and that it arrives as it was.
import { assert, assertEquals, test } from "../harness.js";

const big = "abcdefgh".repeat(500);

function serving(handler, options = undefined) {
  const all = {
    port: 0,
    hostname: "127.0.0.1",
    onListen() {},
    automaticCompression: true,
    ...options,
  };
  const server = Deno.serve(all, handler);
  /** The head's fields, but not those that every answer has. */
  async function head(accept, method = "GET") {
    const conn = await Deno.connect({ port: server.addr.port });
    const fields = accept === undefined ? "" : `accept-encoding: ${accept}\r\n`;
    const request = `${method} / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${fields}\r\n`;
    await conn.write(new TextEncoder().encode(request));
    const answer = new TextDecoder("latin1").decode(await new Response(conn.readable).bytes());
    const lines = answer.split("\r\n\r\n")[0].split("\r\n").slice(1);
    return lines.filter((line) => !/^(date|connection|keep-alive):/.test(line)).sort();
  }
  const fetchIt = () => fetch(`http://127.0.0.1:${server.addr.port}`);
  return { head, fetch: fetchIt, [Symbol.asyncDispose]: () => server.shutdown() };
}

async function coding(accept, make = () => new Response(big)) {
  await using server = serving(make);
  const line = (await server.head(accept)).find((field) => field.startsWith("content-encoding"));
  return line?.slice(18);
}

const typed =
  (type, body = big) =>
  () =>
    new Response(body, { headers: { "content-type": type } });

test("what is packed arrives as it was", async () => {
  const text = Array.from({ length: 200_000 }, (_, i) => (i * 2654435761) % 977).join(" ");
  for (const body of [text, new TextEncoder().encode(text), new Blob([text])]) {
    await using server = serving(typed("text/css", body));
    assertEquals(await (await server.fetch()).text(), text);
  }
});

test("off by default", async () => {
  await using server = serving(() => new Response(big), { automaticCompression: undefined });
  assertEquals(await server.head("gzip"), [
    `content-length: ${big.length}`,
    "content-type: text/plain;charset=UTF-8",
  ]);
});

test("the fields of a packed answer", async () => {
  const headers = { etag: '"a"', "content-length": `${big.length}`, vary: "Origin" };
  await using server = serving(() => new Response(big, { headers }));
  const packed = [
    "content-encoding: gzip",
    "content-type: text/plain;charset=UTF-8",
    'etag: W/"a"',
    "transfer-encoding: chunked",
    "vary: Accept-Encoding",
    "vary: Origin",
  ];
  assertEquals(await server.head("gzip"), packed);
  // Another client gets it as it was.
  assert((await server.head()).includes(`content-length: ${big.length}`));
});

test("the client chooses", async () => {
  for (const [accept, chosen] of [
    ["gzip", "gzip"],
    ["gzip, br", "br"],
    ["gzip;q=0.5, br;q=0.2", "gzip"],
    ["br;q=0, GZIP ; Q=0.1", "gzip"],
    ["zstd, gzip;q=1.000", "gzip"],
    ["gzip;q=0", undefined],
    ["gzip;q=2", undefined],
    ["gzip;level=1", undefined],
    ["x-gzip, *", undefined],
    ["identity", undefined],
    [undefined, undefined],
  ]) {
    assertEquals(await coding(accept), chosen, `${accept}`);
  }
});

test("types that pack well", async () => {
  for (const type of [
    "TEXT/HTML; charset=utf-8",
    "image/svg+xml",
    "application/json",
    "a/b+yaml",
  ]) {
    assertEquals(await coding("br", typed(type)), "br", type);
  }
  for (const type of ["image/png", "application/octet-stream", "text/event-stream", "font/woff2"]) {
    assertEquals(await coding("br", typed(type)), undefined, type);
  }
});

test("what stays as it is", async () => {
  const withField = (name, value) => () => new Response(big, { headers: { [name]: value } });
  for (const [what, make] of Object.entries({
    little: () => new Response("x".repeat(63)),
    "no type": () => new Response(new TextEncoder().encode(big)),
    "packed by the program": withField("content-encoding", "identity"),
    "a part": withField("content-range", "bytes 0-3999/8000"),
    forbidden: withField("cache-control", "public, No-Transform"),
    "no body": () => new Response(null, { status: 204 }),
  })) {
    const expected = what === "packed by the program" ? "identity" : undefined;
    assertEquals(await coding("gzip", make), expected, what);
  }
  const stream = () => {
    const pieces = ReadableStream.from([new TextEncoder().encode(big)]);
    return new Response(pieces, { headers: { "content-type": "text/plain" } });
  };
  assertEquals(await coding("gzip", stream), undefined);
});

test("HEAD, errors, and what onError answers", async () => {
  await using server = serving(
    () => {
      throw new Error("mine");
    },
    { onError: () => new Response(big, { status: 500 }) },
  );
  assert((await server.head("gzip")).includes("content-encoding: gzip"));
  assert((await server.head("gzip", "HEAD")).includes("content-encoding: gzip"));
});

test("a client that leaves in the middle ends nothing but its answer", async () => {
  const text = Array.from({ length: 1_000_000 }, (_, i) => (i * 2654435761) % 9973).join(" ");
  await using server = serving(() => new Response(text));
  const leaving = await server.fetch();
  await leaving.body.cancel();
  assertEquals((await (await server.fetch()).text()).length, text.length);
});
