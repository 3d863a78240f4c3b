// Content-Encoding is taken off, with the fields that no longer are true.
import { assert, assertEquals, test } from "../harness.js";
import { rawServer, serving } from "./raw_server.js";

async function packed(text, format) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream(format));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const kFormats = { gzip: "gzip", "x-gzip": "gzip", deflate: "deflate", br: "brotli", zstd: "zstd" };

test("small bodies", async () => {
  for (const [encoding, format] of Object.entries(kFormats)) {
    const body = await packed("hello ".repeat(10), format);
    const server = serving(
      () => new Response(body, { headers: { "content-encoding": encoding, "x-a": "b" } }),
    );
    const response = await fetch(server.url);
    assertEquals(response.headers.get("content-encoding"), null);
    assertEquals(response.headers.get("content-length"), null);
    assertEquals(response.headers.get("x-a"), "b");
    assertEquals(await response.text(), "hello ".repeat(10), encoding);
    await server.close();
  }
});

test("large bodies, chunked and in pieces", async () => {
  const text = Array.from({ length: 100000 }, (_, i) => `${i * 7919}\n`).join("");
  for (const [encoding, format] of Object.entries(kFormats)) {
    const body = await packed(text, format);
    const server = rawServer(async (connection) => {
      await connection.request();
      await connection.say(
        `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: ${encoding}\r\n\r\n`,
      );
      for (let at = 0; at < body.length; at += 50001) {
        const piece = body.subarray(at, at + 50001);
        await connection.say(`${piece.length.toString(16)}\r\n`);
        await connection.say(piece);
        await connection.say("\r\n");
      }
      await connection.say("0\r\n\r\n");
      await connection.request();
    });
    assertEquals((await (await fetch(server.url)).text()) === text, true, encoding);
    let seen = "";
    const decoder = new TextDecoder();
    for await (const chunk of (await fetch(server.url)).body)
      seen += decoder.decode(chunk, { stream: true });
    assertEquals(seen === text, true, encoding);
    await server.close();
  }
});

test("several encodings, the last applied first", async () => {
  const once = await packed("twice", "gzip");
  const stream = new Blob([once]).stream().pipeThrough(new CompressionStream("brotli"));
  const body = new Uint8Array(await new Response(stream).arrayBuffer());
  const server = serving(() => new Response(body, { headers: { "content-encoding": "gzip, br" } }));
  assertEquals(await (await fetch(server.url)).text(), "twice");
  await server.close();
});

test("deflate without zlib's wrapping, as some servers send it", async () => {
  const body = await packed("raw", "deflate-raw");
  const server = serving(() => new Response(body, { headers: { "content-encoding": "deflate" } }));
  assertEquals(await (await fetch(server.url)).text(), "raw");
  await server.close();
});

test("unknown encodings, none, and no body", async () => {
  const server = serving((request) => {
    const encoding = new URL(request.url).pathname.slice(1);
    return new Response(request.method === "HEAD" ? null : "as it is", {
      headers: { "content-encoding": encoding },
    });
  });
  const odd = await fetch(`${server.url}/odd`);
  assertEquals(odd.headers.get("content-encoding"), "odd");
  assertEquals(await odd.text(), "as it is");
  assertEquals(await (await fetch(`${server.url}/identity`)).text(), "as it is");
  const head = await fetch(`${server.url}/gzip`, { method: "HEAD" });
  assertEquals(head.headers.get("content-encoding"), "gzip");
  await server.close();
});

test("an empty body is no bad gzip", async () => {
  const server = serving(() => new Response("", { headers: { "content-encoding": "gzip" } }));
  assertEquals(await (await fetch(server.url)).text(), "");
  await server.close();
});

test("data that ends in the middle", async () => {
  const body = (await packed("x".repeat(10000), "gzip")).slice(0, -10);
  const server = serving(() => new Response(body, { headers: { "content-encoding": "gzip" } }));
  const error = await (await fetch(server.url)).text().catch((e) => e);
  assert(error instanceof TypeError);
  assert(error.cause.message.includes("ends in the middle"), error.cause.message);
  await server.close();
});

test("a bomb waits for its reader", async () => {
  const body = await packed(new Uint8Array(64 << 20), "gzip");
  const server = serving(() => new Response(body, { headers: { "content-encoding": "gzip" } }));
  const reader = (await fetch(server.url)).body.getReader();
  const { value } = await reader.read();
  assert(value.length <= 1 << 20, `${value.length} bytes in one read`);
  await reader.cancel();
  await server.close();
});

test("a range is asked for as it is", async () => {
  const server = serving((request) => new Response(request.headers.get("accept-encoding")));
  assertEquals(
    await (await fetch(server.url, { headers: { range: "bytes=0-1" } })).text(),
    "identity",
  );
  assertEquals(
    await (await fetch(server.url, { headers: { "accept-encoding": "br" } })).text(),
    "br",
  );
  await server.close();
});
