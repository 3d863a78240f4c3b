// Deno.serve by HTTP/2 with prior knowledge: the same handlers, bodies both ways, cancelling,
// shutting down.
import { assert, assertEquals, test } from "../harness.js";
import { Client, END_STREAM, GOAWAY, HEADERS, headers } from "./frames.js";

function serving(handler, options = {}) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {}, ...options }, handler);
  const client = Deno.createHttpClient({ http1: false });
  const url = `http://127.0.0.1:${server.addr.port}`;
  return {
    url,
    port: server.addr.port,
    server,
    fetch: (path = "/", init = {}) => fetch(url + path, { client, ...init }),
    async close() {
      client.close();
      await server.shutdown();
    },
  };
}

test("requests and answers of every kind", async () => {
  const at = serving(async (request, info) => {
    const { pathname, search } = new URL(request.url);
    assertEquals(info.remoteAddr.hostname, "127.0.0.1");
    switch (pathname) {
      case "/text":
        return new Response("text");
      case "/echo":
        return new Response(await request.text(), { status: 201, headers: { "x-a": "b" } });
      case "/none":
        return new Response(null, { status: 204 });
      case "/json":
        return Response.json({ method: request.method, search, url: request.url });
      case "/headers":
        return Response.json([...request.headers]);
      default:
        return new Response("no", { status: 404, headers: { connection: "close" } });
    }
  });
  assertEquals(await (await at.fetch("/text")).text(), "text");
  const echo = await at.fetch("/echo", { method: "POST", body: "x".repeat(100_000) });
  assertEquals([echo.status, echo.headers.get("x-a")], [201, "b"]);
  assertEquals((await echo.text()).length, 100_000);
  assertEquals((await at.fetch("/none")).status, 204);
  assertEquals(await (await at.fetch("/json?a=%20b")).json(), {
    method: "GET",
    search: "?a=%20b",
    url: `${at.url}/json?a=%20b`,
  });
  const head = await at.fetch("/text", { method: "HEAD" });
  assertEquals(
    [head.status, head.headers.get("content-length"), await head.text()],
    [200, "4", ""],
  );
  const missing = await at.fetch("/other");
  assertEquals([missing.status, missing.headers.get("connection")], [404, null]);
  await missing.body.cancel();
  const seen = new Headers(await (await at.fetch("/headers", { headers: { "X-Up": "1" } })).json());
  assertEquals(seen.get("x-up"), "1");
  assert(![...seen.keys()].some((name) => name.startsWith(":")));
  await at.close();
});

test("a hundred at once", async () => {
  let most = 0;
  let open = 0;
  const at = serving(async (request) => {
    most = Math.max(most, ++open);
    await new Promise((resolve) => setTimeout(resolve, 50));
    open--;
    return new Response(new URL(request.url).pathname);
  });
  const texts = await Promise.all(
    Array.from({ length: 100 }, async (_, i) => (await at.fetch(`/${i}`)).text()),
  );
  assertEquals(
    texts,
    Array.from({ length: 100 }, (_, i) => `/${i}`),
  );
  assert(most > 50, `${most} at once`);
  await at.close();
});

test("bodies stream both ways, held back by who is slow", async () => {
  let pulled = 0;
  const at = serving((request) => {
    if (request.method === "POST") {
      return new Response(request.body.pipeThrough(new TransformStream()));
    }
    const chunk = new Uint8Array(65536);
    return new Response(
      new ReadableStream({
        pull(controller) {
          pulled++;
          controller.enqueue(chunk);
          if (pulled === 400) controller.close();
        },
      }),
    );
  });
  const response = await at.fetch("/");
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert(pulled < 100, `${pulled} chunks were made for a reader that waits`);
  assertEquals((await response.bytes()).length, 400 * 65536);
  const size = 3_000_000;
  const echo = await at.fetch("/", { method: "POST", body: new Uint8Array(size).fill(7) });
  const bytes = await echo.bytes();
  assertEquals([bytes.length, bytes[size - 1]], [size, 7]);
  await at.close();
});

test("a client that leaves aborts the request and its stream", async () => {
  let aborted;
  let cancelled;
  const gone = new Promise((resolve) => (aborted = resolve));
  const stopped = new Promise((resolve) => (cancelled = resolve));
  const at = serving((request) => {
    request.signal.addEventListener("abort", aborted);
    return new Response(
      new ReadableStream({
        pull(controller) {
          controller.enqueue(new Uint8Array(10));
          return new Promise((resolve) => setTimeout(resolve, 5));
        },
        cancel: cancelled,
      }),
    );
  });
  const controller = new AbortController();
  const response = await at.fetch("/", { signal: controller.signal });
  await response.body.getReader().read();
  controller.abort();
  await Promise.all([gone, stopped]);
  await at.close();
});

test("a body that fails resets its stream alone", async () => {
  const at = serving((request) => {
    if (request.url.endsWith("/good")) return new Response("good");
    return new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new Uint8Array(10));
        },
        pull(controller) {
          controller.error(new Error("mine"));
        },
      }),
    );
  });
  const response = await at.fetch("/bad");
  assertEquals(await response.text().catch((e) => e.name), "TypeError");
  assertEquals(await (await at.fetch("/good")).text(), "good");
  await at.close();
});

test("shutdown lets what is under way finish and says GOAWAY", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const at = serving(async () => {
    await held;
    return new Response("late");
  });
  const client = await Client.open(at.port);
  await client.send(headers(1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const done = at.server.shutdown();
  const { payload } = await client.wait((each) => each.type === GOAWAY);
  assertEquals([payload[3], payload[7]], [1, 0]);
  await client.send(headers(3));
  release();
  const last = await client.wait((each) => each.stream === 1 && each.flags & END_STREAM);
  assert(last !== null, "the answer is complete");
  await done;
  await client.reading;
  assert(!client.frames.some((each) => each.type === HEADERS && each.stream === 3));
  await client.close();
  await at.close();
});

test("cookies are one field; trailers are read over", async () => {
  const { DATA, END_HEADERS, frame, hpack, kGet } = await import("./frames.js");
  let cookie;
  let body;
  const at = serving(async (request) => {
    cookie = request.headers.get("cookie");
    body = await request.text();
    return new Response("ok");
  });
  const client = await Client.open(at.port);
  const fields = [[":method", "POST"], ...kGet.slice(1), ["cookie", "a=1"], ["cookie", "b=2"]];
  await client.send(headers(1, fields, END_HEADERS));
  await client.send(frame(DATA, 0, 1, new TextEncoder().encode("body")));
  await client.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, hpack([["x-trailer", "1"]])));
  assert((await client.wait((each) => each.stream === 1 && each.flags & END_STREAM)) !== null);
  assertEquals([cookie, body], ["a=1; b=2", "body"]);
  await client.close();
  await at.close();
});

test("HTTP/1 goes on beside it, also for heads that begin alike", async () => {
  const at = serving((request) => new Response(request.method));
  for (const [method, pieces] of [
    ["PROPFIND", ["PR", "OPFIND / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"]],
    ["POST", ["P", "OST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"]],
  ]) {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: at.port });
    for (const piece of pieces) {
      await conn.write(new TextEncoder().encode(piece));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const text = await new Response(conn.readable).text();
    assert(text.startsWith("HTTP/1.1 200") && text.endsWith(method), text);
  }
  await at.close();
});

test("any token is a method, over both versions", async () => {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    return new Response(`${request.method} ${await request.text()}`);
  });
  const url = `http://127.0.0.1:${server.addr.port}/`;
  for (const options of [{ http1: false }, { http2: false }]) {
    using client = Deno.createHttpClient(options);
    for (const method of ["BREW", "M-SEARCH", "describe", "PRI", "QUERY"]) {
      const response = await fetch(url, { method, body: "tea", client });
      assertEquals(await response.text(), `${method} tea`);
    }
  }
  await server.shutdown();
});
