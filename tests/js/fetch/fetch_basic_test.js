// fetch over HTTP: what is sent, what comes back, and that nothing stays open.
import { assert, assertEquals, test } from "../harness.js";
import { answering, rawServer, serving } from "./raw_server.js";

test("a text, its status and headers", async () => {
  const server = serving(
    () => new Response("hello", { status: 201, statusText: "Made", headers: { "x-a": "b" } }),
  );
  const response = await fetch(`${server.url}/path?q#f`);
  assertEquals(response.status, 201);
  assertEquals(response.ok, true);
  assertEquals(response.type, "basic");
  assertEquals(response.url, `${server.url}/path?q`);
  assertEquals(response.redirected, false);
  assertEquals(response.headers.get("x-a"), "b");
  assertEquals(await response.text(), "hello");
  assertEquals(response.bodyUsed, true);
  await server.close();
});

test("the reason phrase and bytes above 127 come as they are", async () => {
  const server = rawServer(async (connection) => {
    await connection.request();
    await connection.say(
      new Uint8Array(
        [..."HTTP/1.1 299 Odd one\r\nX: "]
          .map((c) => c.charCodeAt(0))
          .concat([0xe9, 13, 10, 13, 10]),
      ),
    );
  });
  const response = await fetch(server.url);
  assertEquals(response.statusText, "Odd one");
  assertEquals(response.headers.get("x"), "\u00e9");
  await response.body.cancel();
  await server.close();
});

test("what a request says by itself", async () => {
  const server = rawServer(async (connection) => {
    const head = await connection.request();
    await connection.say(`HTTP/1.1 200 OK\r\nContent-Length: ${head.length}\r\n\r\n${head}`);
  });
  const head = await (await fetch(`${server.url}/a b?c#d`)).text();
  assertEquals(head.split("\r\n"), [
    "GET /a%20b?c HTTP/1.1",
    `host: 127.0.0.1:${server.port}`,
    "accept: */*",
    "accept-language: *",
    `user-agent: ${navigator.userAgent}`,
    "accept-encoding: gzip,br",
    "",
    "",
  ]);
  await server.close();
});

test("headers of the script win, framing and host are not its business", async () => {
  const server = rawServer(async (connection) => {
    const head = await connection.request();
    await connection.say(`HTTP/1.1 200 OK\r\nContent-Length: ${head.length}\r\n\r\n${head}`);
  });
  const head = await (
    await fetch(server.url, {
      headers: [
        ["Accept", "x/y"],
        ["User-Agent", "me"],
        ["Host", "evil.example"],
        ["Content-Length", "5"],
        ["Transfer-Encoding", "chunked"],
        ["Connection", "close"],
        ["X-Twice", "1"],
        ["x-twice", "2"],
      ],
    })
  ).text();
  assert(head.includes("\r\naccept: x/y\r\n"));
  assert(head.includes("\r\nuser-agent: me\r\n"));
  assert(head.includes("\r\nx-twice: 1\r\nx-twice: 2\r\n"));
  for (const name of ["evil", "content-length", "transfer-encoding", "connection:"]) {
    assert(!head.includes(name), name);
  }
  await server.close();
});

test("credentials of a URL become Authorization", async () => {
  const server = serving((request) => new Response(request.headers.get("authorization")));
  const url = server.url.replace("//", "//us%20er:p%40ss@");
  assertEquals(await (await fetch(url)).text(), `Basic ${btoa("us er:p@ss")}`);
  const own = await fetch(url, { headers: { authorization: "mine" } });
  assertEquals(await own.text(), "mine");
  await server.close();
});

test("bodies of every kind", async () => {
  const server = serving(async (request) => {
    const type = request.headers.get("content-type");
    const length = request.headers.get("content-length");
    return Response.json({ method: request.method, type, length, body: await request.text() });
  });
  const send = async (body, init = {}) =>
    (await fetch(server.url, { method: "POST", body, ...init })).json();
  assertEquals(await send("h\u00e9"), {
    method: "POST",
    type: "text/plain;charset=UTF-8",
    length: "3",
    body: "h\u00e9",
  });
  assertEquals(await send(new Uint8Array([65, 66])), {
    method: "POST",
    type: null,
    length: "2",
    body: "AB",
  });
  assertEquals(await send(new URLSearchParams({ a: "b" })), {
    method: "POST",
    type: "application/x-www-form-urlencoded;charset=UTF-8",
    length: "3",
    body: "a=b",
  });
  assertEquals(await send(new Blob(["blob"], { type: "x/y" })), {
    method: "POST",
    type: "x/y",
    length: "4",
    body: "blob",
  });
  assertEquals(await send(undefined), { method: "POST", type: null, length: "0", body: "" });
  assertEquals((await send(undefined, { method: "DELETE" })).length, null);
  const form = new FormData();
  form.append("k", "v");
  const sent = await send(form);
  assert(sent.type.startsWith("multipart/form-data; boundary="));
  assert(sent.body.includes('name="k"\r\n\r\nv\r\n'));
  await server.close();
});

test("a Request as the argument", async () => {
  const server = serving(
    async (request) => new Response(`${request.method} ${await request.text()}`),
  );
  const request = new Request(server.url, { method: "PUT", body: "x" });
  assertEquals(await (await fetch(request)).text(), "PUT x");
  assertEquals(request.bodyUsed, true);
  const error = await fetch(request).catch((e) => e);
  assert(error instanceof TypeError);
  await server.close();
});

test("HEAD and statuses without a body", async () => {
  const server = serving((request) => {
    const { pathname } = new URL(request.url);
    return pathname === "/head"
      ? new Response("x".repeat(10))
      : new Response(null, { status: Number(pathname.slice(1)) });
  });
  const head = await fetch(`${server.url}/head`, { method: "HEAD" });
  assertEquals(head.body, null);
  assertEquals(head.headers.get("content-length"), "10");
  for (const status of [204, 205, 304]) {
    const response = await fetch(`${server.url}/${status}`);
    assertEquals(response.status, status);
    assertEquals(response.body, null);
    assertEquals(await response.text(), "");
  }
  await server.close();
});

test("a body that never ends can be cancelled; its connection is closed", async () => {
  let gone;
  const left = new Promise((resolve) => (gone = resolve));
  const server = rawServer(async (connection) => {
    await connection.request();
    await connection.say("HTTP/1.1 200 OK\r\n\r\nhello");
    gone(await connection.closed());
  });
  const response = await fetch(server.url);
  const reader = response.body.getReader();
  assertEquals(new TextDecoder().decode((await reader.read()).value), "hello");
  await reader.cancel();
  assertEquals(await left, true);
  assertEquals(
    Object.values(Deno.resources()).filter((name) => name.startsWith("fetch")),
    [],
  );
  await server.close();
});

test("no resource stays open", async () => {
  const server = serving(
    (request) => new Response(request.url.endsWith("big") ? "x".repeat(300000) : "x"),
  );
  await (await fetch(server.url)).text();
  assertEquals((await (await fetch(`${server.url}/big`)).text()).length, 300000);
  assertEquals((await (await fetch(`${server.url}/big`)).bytes()).length, 300000);
  let size = 0;
  for await (const chunk of (await fetch(`${server.url}/big`)).body) size += chunk.length;
  assertEquals(size, 300000);
  assertEquals(
    Object.values(Deno.resources()).filter((name) => name.startsWith("fetch")),
    [],
  );
  await server.close();
});

test("clones read the same", async () => {
  const server = serving(() => new Response("y".repeat(200000)));
  const response = await fetch(server.url);
  const copy = response.clone();
  const [a, b] = await Promise.all([response.text(), copy.text()]);
  assertEquals(a.length, 200000);
  assertEquals(a, b);
  await server.close();
});

test("the headers of a response are immutable", async () => {
  const server = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  const { headers } = await fetch(server.url);
  try {
    headers.set("a", "b");
    assert(false);
  } catch (error) {
    assert(error instanceof TypeError);
  }
  await server.close();
});

test("arguments", async () => {
  for (const bad of [
    [],
    ["nope"],
    ["http://x/", { method: "CONNECT" }],
    ["http://x/", { client: {} }],
  ]) {
    const error = await fetch(...bad).catch((e) => e);
    assert(error instanceof TypeError, Deno.inspect(bad));
  }
  assertEquals((await fetch("ftp://x/").catch((e) => e)).message, "Url scheme 'ftp' not supported");
  assertEquals(
    (await fetch("http://127.0.0.1:25/").catch((e) => e)).message,
    "Fetch failed: Requests to port 25 are blocked",
  );
  assertEquals(fetch.length, 1);
  assertEquals(fetch.name, "fetch");
});
