// Redirects: modes, methods, the limit, and what another origin must not see (S28).
import { assert, assertEquals, test } from "../harness.js";
import { answering, rawServer, serving } from "./raw_server.js";

const echo = async (request) =>
  Response.json({
    method: request.method,
    body: await request.text(),
    path: new URL(request.url).pathname,
    headers: Object.fromEntries(request.headers),
  });

function redirecting(to) {
  return serving((request) => {
    const url = new URL(request.url);
    const status = Number(url.searchParams.get("status"));
    if (!status) return echo(request);
    return new Response("moved", { status, headers: { location: to ?? "/end" } });
  });
}

test("methods and bodies", async () => {
  const server = redirecting();
  const results = {
    301: { POST: "GET", PUT: "PUT", GET: "GET" },
    302: { POST: "GET", PUT: "PUT", GET: "GET" },
    303: { POST: "GET", PUT: "GET", GET: "GET" },
    307: { POST: "POST", PUT: "PUT", GET: "GET" },
    308: { POST: "POST", PUT: "PUT", GET: "GET" },
  };
  for (const status of Object.keys(results)) {
    for (const [method, becomes] of Object.entries(results[status])) {
      const init = method === "GET" ? {} : { method, body: "text" };
      const response = await fetch(`${server.url}/?status=${status}`, init);
      assertEquals(response.redirected, true);
      assertEquals(response.url, `${server.url}/end`);
      const seen = await response.json();
      assertEquals(seen.method, becomes, `${status} ${method}`);
      assertEquals(seen.body, becomes === "GET" ? "" : "text");
      assertEquals("content-type" in seen.headers, becomes !== "GET");
    }
  }
  await server.close();
});

test("HEAD stays HEAD", async () => {
  const server = redirecting();
  const response = await fetch(`${server.url}/?status=303`, { method: "HEAD" });
  assertEquals(response.status, 200);
  assertEquals(response.body, null);
  await server.close();
});

test("S28 another origin sees no credentials; the same one does", async () => {
  const other = serving(echo);
  const secrets = { authorization: "a", cookie: "c", "proxy-authorization": "p", "x-own": "o" };
  for (const status of [301, 302, 303, 307, 308]) {
    const away = redirecting(`${other.url}/away`);
    const { headers } = await (
      await fetch(`${away.url}/?status=${status}`, { headers: secrets })
    ).json();
    for (const name of ["authorization", "cookie", "proxy-authorization"]) {
      assertEquals(headers[name], undefined, `${status} ${name}`);
    }
    assertEquals(headers["x-own"], "o");
    await away.close();
    const same = redirecting();
    const kept = await (await fetch(`${same.url}/?status=${status}`, { headers: secrets })).json();
    assertEquals(kept.headers.authorization, "a");
    assertEquals(kept.headers.cookie, "c");
    await same.close();
  }
  await other.close();
});

test("S28 credentials that were dropped do not come back", async () => {
  // one -> two -> one again
  let one;
  const two = serving(
    () => new Response(null, { status: 302, headers: { location: `${one.url}/end` } }),
  );
  one = serving((request) =>
    request.url.endsWith("/end")
      ? echo(request)
      : new Response(null, { status: 302, headers: { location: two.url } }),
  );
  const { headers } = await (await fetch(one.url, { headers: { authorization: "a" } })).json();
  assertEquals(headers.authorization, undefined);
  await one.close();
  await two.close();
});

test("mode manual gives the redirect itself", async () => {
  const server = redirecting();
  const response = await fetch(`${server.url}/?status=302`, { redirect: "manual" });
  assertEquals(response.status, 302);
  assertEquals(response.type, "basic");
  assertEquals(response.redirected, false);
  assertEquals(response.headers.get("location"), "/end");
  assertEquals(await response.text(), "moved");
  await server.close();
});

test("mode error", async () => {
  const server = redirecting();
  const error = await fetch(`${server.url}/?status=302`, { redirect: "error" }).catch((e) => e);
  assert(error instanceof TypeError);
  assertEquals(
    error.message,
    "Fetch failed: Encountered redirect while redirect mode is set to 'error'",
  );
  await server.close();
});

test("twenty redirects and no more", async () => {
  let seen = 0;
  const server = serving((request) => {
    seen++;
    const n = Number(new URL(request.url).pathname.slice(1));
    return n === 0
      ? new Response("end")
      : new Response(null, { status: 302, headers: { location: `/${n - 1}` } });
  });
  assertEquals(await (await fetch(`${server.url}/20`)).text(), "end");
  assertEquals(seen, 21);
  seen = 0;
  const error = await fetch(`${server.url}/21`).catch((e) => e);
  assertEquals(error.message, "Fetch failed: Maximum number of redirects (20) reached");
  assertEquals(seen, 21);
  await server.close();
});

test("places a redirect may not lead to", async () => {
  for (const location of [
    "ftp://x/",
    "data:,x",
    "file:///etc/passwd",
    "javascript:1",
    "http://[",
    "http://127.0.0.1:25/",
  ]) {
    const server = answering(
      `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`,
    );
    const error = await fetch(server.url).catch((e) => e);
    assert(error instanceof TypeError, location);
    assert(error.message.startsWith("Fetch failed: "), error.message);
    await server.close();
  }
});

test("bytes in a location are what they are", async () => {
  const server = rawServer(async (connection) => {
    await connection.request();
    const head =
      "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /?\xe2\x98\x83%ff\xff\r\n\r\n";
    await connection.say(Uint8Array.from(head, (c) => c.charCodeAt(0)));
    await connection.request();
    await connection.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  assertEquals((await fetch(server.url)).url, `${server.url}/?%E2%98%83%ff%FF`);
  await server.close();
});

test("a redirect without location is the response", async () => {
  const server = answering("HTTP/1.1 302 Found\r\nContent-Length: 2\r\n\r\nok");
  const response = await fetch(server.url);
  assertEquals(response.status, 302);
  assertEquals(await response.text(), "ok");
  await server.close();
});

test("the fragment is inherited by the next hop's, not sent", async () => {
  const server = rawServer(async (connection) => {
    const first = await connection.request();
    assert(first.startsWith("GET /a HTTP/1.1"));
    await connection.say("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
    const second = await connection.request();
    assert(second.startsWith("GET /b HTTP/1.1"));
    await connection.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  assertEquals((await fetch(`${server.url}/a#x`)).url, `${server.url}/b`);
  assertEquals(server.connections, 1);
  await server.close();
});

test("a streamed body is not sent twice", async () => {
  const server = redirecting();
  const stream = () => new Blob(["text"]).stream();
  const error = await fetch(`${server.url}/?status=307`, {
    method: "POST",
    body: stream(),
    duplex: "half",
  }).catch((e) => e);
  assertEquals(
    error.message,
    "Fetch failed: Can not redeliver a streaming request body after a redirect",
  );
  const response = await fetch(`${server.url}/?status=303`, {
    method: "POST",
    body: stream(),
    duplex: "half",
  });
  assertEquals((await response.json()).method, "GET");
  await server.close();
});
