// The Cache API as objects; what several processes see of it: tests/cases/storage.
import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const kUrl = "http://a.test/path?x=1";

/** A test with a cache that is empty, and gone afterwards. */
function cached(name, body) {
  test(name, async () => {
    await caches.delete("test");
    await body(await caches.open("test"));
    await caches.delete("test");
  });
}

test("the interfaces", async () => {
  assert(caches instanceof CacheStorage);
  assertEquals(Object.prototype.toString.call(caches), "[object CacheStorage]");
  assertThrows(() => new CacheStorage(), TypeError, "Illegal constructor");
  assertThrows(() => new Cache(), TypeError, "Illegal constructor");
  await assertRejects(() => CacheStorage.prototype.open.call({}, "a"), TypeError, "Illegal");
  await assertRejects(() => Cache.prototype.match.call(caches, kUrl), TypeError, "Illegal");
  await assertRejects(() => caches.open(), TypeError, "1 argument required");
  assertEquals(
    [Cache.prototype.put.length, Cache.prototype.keys.length, Cache.prototype.match.length],
    [2, 0, 1],
  );
});

test("open, has, keys, delete", async () => {
  assertEquals(await caches.delete("a"), false);
  assertEquals(await caches.has("a"), false);
  assert((await caches.open("a")) instanceof Cache);
  await caches.open("\ud800");
  await caches.open("");
  assertEquals(await caches.has("a"), true);
  assertEquals(await caches.keys(), ["a", "\ud800", ""]);
  for (const name of ["a", "\ud800", ""]) assertEquals(await caches.delete(name), true);
  assertEquals(await caches.keys(), []);
});

cached("put and match", async (cache) => {
  const headers = { "content-type": "text/x", "x-a": "\xe9" };
  const response = new Response("body", { status: 203, statusText: "Why", headers });
  assertEquals(await cache.put(kUrl, response), undefined);
  assertEquals(response.bodyUsed, true);
  const found = await cache.match(`${kUrl}#fragment`);
  assertEquals(
    [found.status, found.statusText, found.type, found.url],
    [203, "Why", "default", ""],
  );
  assertEquals([found.headers.get("content-type"), found.headers.get("x-a")], ["text/x", "\xe9"]);
  assertThrows(() => found.headers.set("a", "b"), TypeError, "immutable");
  assertEquals(await found.text(), "body");
  assertEquals(await (await cache.match(new Request(kUrl))).text(), "body");
  assertEquals(await cache.match("http://a.test/path"), undefined);
  assertEquals(await cache.match("http://a.test/path?x=2"), undefined);
});

cached("a body may be absent, and empty", async (cache) => {
  await cache.put(kUrl, new Response(null, { status: 204 }));
  assertEquals((await cache.match(kUrl)).body, null);
  await cache.put(kUrl, new Response(""));
  const found = await cache.match(kUrl);
  assert(found.body !== null);
  assertEquals(await found.text(), "");
});

cached("what may not be put", async (cache) => {
  const put = (request, response = new Response()) =>
    assertRejects(() => cache.put(request, response), TypeError);
  await put(new Request(kUrl, { method: "POST" }));
  await put(new Request(kUrl, { method: "HEAD" }));
  await put("data:text/plain,");
  await put("file:///a");
  await put("nonsense");
  await put(kUrl, new Response("", { status: 206 }));
  await put(kUrl, new Response("", { headers: { vary: "a, *" } }));
  await put(kUrl, {});
  const used = new Response("x");
  await used.text();
  await put(kUrl, used);
  const locked = new Response("x");
  locked.body.getReader();
  await put(kUrl, locked);
  assertEquals(await cache.keys(), []);
});

cached("a body that fails leaves what was there", async (cache) => {
  await cache.put(kUrl, new Response("old"));
  let count = 0;
  const failing = new ReadableStream({
    pull(controller) {
      if (++count === 40) controller.error(new RangeError("no more"));
      else controller.enqueue(new Uint8Array(10_000));
    },
  });
  await assertRejects(() => cache.put(kUrl, new Response(failing)), RangeError, "no more");
  const text = ReadableStream.from(["text"]);
  await assertRejects(() => cache.put(kUrl, new Response(text)), TypeError, "Uint8Array");
  assertEquals(await (await cache.match(kUrl)).text(), "old");
});

/** A stream of `count` chunks of 64 KiB, each filled with its number. */
function chunks(count) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at === count) controller.close();
      else controller.enqueue(new Uint8Array(65536).fill(at++));
    },
  });
}

cached("large bodies are streams both ways, and stay readable when replaced", async (cache) => {
  await cache.put(kUrl, new Response(chunks(100)));
  const found = await cache.match(kUrl);
  const again = await cache.match(kUrl);
  await cache.put(kUrl, new Response(chunks(2)));
  await caches.delete("test");
  let size = 0;
  for await (const chunk of found.body) {
    assertEquals(chunk[0], Math.floor(size / 65536));
    size += chunk.length;
  }
  assertEquals(size, 100 * 65536);
  const bytes = await again.bytes();
  assertEquals([bytes.length, bytes.at(-1)], [100 * 65536, 99]);
});

cached("large bodies that nobody reads are closed by the collector", async (cache) => {
  await cache.put(kUrl, new Response(chunks(2)));
  for (let i = 0; i < 20; i++) {
    const found = await cache.match(kUrl);
    const [one, two] = [found.clone(), found];
    assertEquals((await one.bytes()).length, (await two.bytes()).length);
  }
  const cancelled = await cache.match(kUrl);
  await cancelled.body.cancel();
});

cached("what a chunk's owner does with it afterwards does not matter", async (cache) => {
  const bytes = new Uint8Array([1, 2, 3]);
  let count = 0;
  const stream = new ReadableStream({
    pull(controller) {
      if (count++ === 2) return controller.close();
      controller.enqueue(bytes);
    },
  });
  const done = cache.put(kUrl, new Response(stream));
  await done;
  bytes.fill(9);
  assertEquals([...(await (await cache.match(kUrl)).bytes())], [1, 2, 3, 1, 2, 3]);
});

cached("ignoreSearch, ignoreMethod, ignoreVary", async (cache) => {
  const request = new Request(kUrl, { headers: { "x-lang": "a" } });
  await cache.put(request, new Response("a", { headers: { vary: "X-Lang" } }));
  const text = async (input, options) => (await cache.match(input, options))?.text();
  assertEquals(await text(kUrl), undefined);
  assertEquals(await text(kUrl, { ignoreVary: true }), "a");
  assertEquals(await text(new Request(kUrl, { headers: { "x-lang": "a" } })), "a");
  const other = new Request(kUrl, { headers: { "x-lang": "b" } });
  assertEquals(await text(other), undefined);
  await cache.put(other, new Response("b", { headers: { vary: "x-lang" } }));
  assertEquals((await cache.keys()).length, 2);
  assertEquals((await cache.keys(kUrl, { ignoreVary: true })).length, 2);
  assertEquals((await cache.matchAll(kUrl, { ignoreVary: true })).length, 2);
  assertEquals(await text(new Request(other, { method: "HEAD" })), undefined);
  assertEquals(await text(new Request(other, { method: "HEAD" }), { ignoreMethod: true }), "b");
  assertEquals(await text(new Request("http://a.test/path", other)), undefined);
  assertEquals(await text(new Request("http://a.test/path", other), { ignoreSearch: true }), "b");
  assertEquals(await cache.delete(kUrl), false);
  assertEquals(
    await cache.delete("http://a.test/path?", { ignoreSearch: true, ignoreVary: true }),
    true,
  );
  assertEquals(await cache.keys(), []);
  await assertRejects(() => cache.match(kUrl, 1), TypeError, "dictionary");
});

cached("keys keep their order, and requests their headers", async (cache) => {
  for (const name of ["b", "a", "c"]) {
    const request = new Request(`http://a.test/${name}#f`, { headers: { "x-name": name } });
    await cache.put(request, new Response(name));
  }
  await cache.put("http://a.test/b", new Response("again"));
  const keys = await cache.keys();
  assertEquals(
    keys.map((key) => key.url),
    ["http://a.test/a#f", "http://a.test/c#f", "http://a.test/b"],
  );
  assertEquals([keys[0].method, keys[0].headers.get("x-name")], ["GET", "a"]);
  assert(keys[0] instanceof Request);
  assertThrows(() => keys[0].headers.append("a", "b"), TypeError, "immutable");
  const texts = await Promise.all((await cache.matchAll()).map((found) => found.text()));
  assertEquals(texts, ["a", "c", "again"]);
});

test("match of all caches", async () => {
  for (const name of ["one", "two"]) {
    const cache = await caches.open(name);
    await cache.put(`http://${name}.test/`, new Response(name));
    await cache.put("http://both.test/", new Response(name));
  }
  const text = async (url, options) => (await caches.match(url, options))?.text();
  assertEquals(await text("http://two.test/"), "two");
  assertEquals(await text("http://both.test/"), "one");
  assertEquals(await text("http://both.test/", { cacheName: "two" }), "two");
  assertEquals(await text("http://both.test/", { cacheName: "three" }), undefined);
  assertEquals(await caches.has("three"), false);
  await caches.delete("one");
  assertEquals(await text("http://both.test/"), "two");
  await caches.delete("two");
});

cached("a cache that was deleted lives on for who has it", async (cache) => {
  await cache.put(kUrl, new Response("old"));
  await caches.delete("test");
  assertEquals(await caches.match(kUrl), undefined);
  assertEquals(await (await cache.match(kUrl)).text(), "old");
  await cache.put(`${kUrl}2`, new Response("more"));
  assertEquals((await cache.keys()).length, 2);
  assertEquals((await (await caches.open("test")).keys()).length, 0);
});

/** A server for add(); `use` gets its address. */
async function served(handler, use) {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, handler);
  try {
    await use(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

cached("add and addAll fetch", async (cache) => {
  const large = new Uint8Array(300_000).fill(7);
  const handler = (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/gone") return new Response("gone", { status: 404 });
    if (pathname === "/part") return new Response("part", { status: 206 });
    if (pathname === "/star") return new Response("star", { headers: { vary: "*" } });
    if (pathname === "/large") return new Response(large);
    if (pathname === "/moved") return Response.redirect(new URL("/a", request.url));
    return new Response(pathname);
  };
  await served(handler, async (base) => {
    assertEquals(await cache.add(`${base}/a`), undefined);
    const found = await cache.match(`${base}/a`);
    assertEquals([await found.text(), found.url, found.type], ["/a", `${base}/a`, "basic"]);
    await cache.addAll([`${base}/b`, new Request(`${base}/large`), `${base}/moved`]);
    assertEquals((await (await cache.match(`${base}/large`)).bytes()).length, 300_000);
    const moved = await cache.match(`${base}/moved`);
    assertEquals([moved.redirected, moved.url, await moved.text()], [true, `${base}/a`, "/a"]);
    const before = (await cache.keys()).length;
    for (const path of ["gone", "part", "star"]) {
      await assertRejects(() => cache.add(`${base}/${path}`), TypeError);
      await assertRejects(() => cache.addAll([`${base}/c`, `${base}/${path}`]), TypeError);
    }
    await assertRejects(() => cache.add(new Request(base, { method: "POST" })), TypeError, "GET");
    await assertRejects(() => cache.add("data:,a"), TypeError, "http");
    const twice = await assertRejects(() => cache.addAll([`${base}/d`, `${base}/d`]), DOMException);
    assertEquals(twice.name, "InvalidStateError");
    const aborted = AbortSignal.abort(new RangeError("stop"));
    await assertRejects(
      () => cache.add(new Request(base, { signal: aborted })),
      RangeError,
      "stop",
    );
    assertEquals((await cache.keys()).length, before);
    assertEquals(await cache.addAll([]), undefined);
  });
});
