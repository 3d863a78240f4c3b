// Deno.createHttpClient: trust, certificates of its own, proxies, the pool.
import { assert, assertEquals, assertThrows, test } from "../harness.js";
import { ca, otherCa, pair } from "../tls/certificates.js";
import { rawServer, serving } from "./raw_server.js";

function servingTls(handler, options = {}) {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {}, ...pair("leaf"), ...options },
    handler,
  );
  return {
    url: `https://localhost:${server.addr.port}`,
    port: server.addr.port,
    close: () => server.shutdown(),
  };
}
const caught = (promise) => promise.catch((e) => e);

test("trusts the certificates it is given", async () => {
  const server = servingTls(() => new Response("secret"));
  using client = Deno.createHttpClient({ caCerts: [ca] });
  assertEquals(await (await fetch(server.url, { client })).text(), "secret");
  const error = await caught(fetch(server.url));
  assert(error instanceof TypeError);
  assert(error.cause.message.includes("invalid peer certificate"), error.cause.message);
  using wrong = Deno.createHttpClient({ caCerts: [otherCa] });
  assert((await caught(fetch(server.url, { client: wrong }))) instanceof TypeError);
  // The name is part of what is verified.
  assert(
    (await caught(fetch(server.url.replace("localhost", "127.0.0.2"), { client }))) instanceof
      TypeError,
  );
  await server.close();
});

test("large bodies over TLS, both ways", async () => {
  const server = servingTls(async (request) => new Response(await request.bytes()));
  using client = Deno.createHttpClient({ caCerts: [ca] });
  const body = new Uint8Array(3_000_000).map((_, i) => i);
  const response = await fetch(server.url, { client, method: "POST", body });
  assertEquals(await response.bytes(), body);
  await server.close();
});

test("certificates and keys that cannot be used are refused at once", () => {
  const { cert, key } = pair("leaf");
  const { InvalidData } = Deno.errors;
  const make = (options) => () => Deno.createHttpClient(options).close();
  assertThrows(make({ caCerts: ["nothing"] }), InvalidData, "caCerts: No certificates found");
  assertThrows(make({ caCerts: [ca, ""] }), InvalidData, "caCerts: No certificates found");
  assertThrows(make({ cert: "nothing", key }), InvalidData, "No certificates found");
  assertThrows(make({ cert, key: "nothing" }), InvalidData, "No keys found in key data");
  assertThrows(make({ cert, key: pair("client").key }), Error, "KeyMismatch");
  make({ caCerts: [ca, otherCa], cert, key })();
});

test("bad options", () => {
  assertThrows(() => Deno.createHttpClient(), TypeError);
  assertThrows(() => Deno.createHttpClient({ cert: "x" }), TypeError, "`key` must be specified");
  assertThrows(() => Deno.createHttpClient({ caCerts: "x" }), TypeError, "caCerts");
  assertThrows(
    () => Deno.createHttpClient({ proxy: { url: "nope://x" } }),
    TypeError,
    "Invalid proxy URL",
  );
  assertThrows(
    () => Deno.createHttpClient({ proxy: { transport: "http", url: "https://x" } }),
    TypeError,
    "invalid scheme",
  );
  assertThrows(
    () => Deno.createHttpClient({ proxy: { transport: "odd" } }),
    TypeError,
    "proxy.transport",
  );
  assertThrows(
    () => Deno.createHttpClient({ poolMaxIdlePerHost: -1 }),
    TypeError,
    "poolMaxIdlePerHost",
  );
  assertThrows(() => Deno.createHttpClient({ http1: false, http2: false }), TypeError);
  assertThrows(() => new Deno.HttpClient(), TypeError);
});

test("a closed client", async () => {
  const client = Deno.createHttpClient({});
  client.close();
  client.close();
  const error = await caught(fetch("http://127.0.0.1:9999/", { client }));
  assert(error instanceof Error);
});

test("allowHost", async () => {
  const server = serving((request) => new Response(request.headers.get("host")));
  using client = Deno.createHttpClient({ allowHost: true });
  const init = { client, headers: { host: "other.example" } };
  assertEquals(await (await fetch(server.url, init)).text(), "other.example");
  await server.close();
});

test("the pool keeps as many as it may", async () => {
  let accepted = 0;
  const server = rawServer(async (connection) => {
    accepted++;
    while ((await connection.request()) !== null) {
      await connection.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  });
  const keeping = Deno.createHttpClient({});
  for (let i = 0; i < 3; i++) await (await fetch(server.url, { client: keeping })).text();
  assertEquals(accepted, 1);
  keeping.close();
  const none = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  for (let i = 0; i < 3; i++) await (await fetch(server.url, { client: none })).text();
  assertEquals(accepted, 4);
  none.close();
  const short = Deno.createHttpClient({ poolIdleTimeout: 20 });
  await (await fetch(server.url, { client: short })).text();
  await new Promise((resolve) => setTimeout(resolve, 100));
  await (await fetch(server.url, { client: short })).text();
  assertEquals(accepted, 6);
  short.close();
  await server.close();
});

test("clients do not share connections", async () => {
  const server = serving((_, info) => new Response(`${info.remoteAddr.port}`));
  using one = Deno.createHttpClient({});
  using two = Deno.createHttpClient({});
  const ports = [];
  for (const client of [one, two, one])
    ports.push(await (await fetch(server.url, { client })).text());
  assertEquals(ports[0], ports[2]);
  assert(ports[0] !== ports[1]);
  await server.close();
});

test("localAddress", async () => {
  const server = serving((_, info) => new Response(info.remoteAddr.hostname));
  using client = Deno.createHttpClient({ localAddress: "127.0.0.77" });
  assertEquals(await (await fetch(server.url, { client })).text(), "127.0.0.77");
  client.close();
  assertThrows(() => Deno.createHttpClient({ localAddress: "x" }), TypeError, "localAddress");
  await server.close();
});

// --- proxies -------------------------------------------------------------------------------------

test("an HTTP proxy is asked in absolute form", async () => {
  const heads = [];
  const proxy = rawServer(async (connection) => {
    let head;
    while ((head = await connection.request()) !== null) {
      heads.push(head);
      await connection.say("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nproxied");
    }
  });
  using client = Deno.createHttpClient({
    proxy: { url: `http://127.0.0.1:${proxy.port}`, basicAuth: { username: "me", password: "pw" } },
  });
  const response = await fetch("http://target.invalid:8080/x?y", { client });
  assertEquals(await response.text(), "proxied");
  assertEquals(response.url, "http://target.invalid:8080/x?y");
  assert(
    heads[0].startsWith(
      "GET http://target.invalid:8080/x?y HTTP/1.1\r\nhost: target.invalid:8080\r\n",
    ),
    heads[0],
  );
  assert(heads[0].includes(`\r\nproxy-authorization: Basic ${btoa("me:pw")}\r\n`));
  client.close();
  await proxy.close();
});

/** A proxy that makes tunnels to `port`, whatever it is asked for. */
function tunnelTo(port, check) {
  return rawServer(async (connection) => {
    const head = await connection.request();
    const status = check(head);
    if (status !== 200) {
      await connection.say(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    await connection.say("HTTP/1.1 200 OK\r\n\r\n");
    await connection.tunnel(port);
  });
}

test("https goes through CONNECT, and TLS is the target's", async () => {
  const server = servingTls(() => new Response("inside"));
  const heads = [];
  const proxy = tunnelTo(server.port, (head) => {
    heads.push(head);
    return 200;
  });
  using client = Deno.createHttpClient({
    caCerts: [ca],
    proxy: { url: `http://me:pw@127.0.0.1:${proxy.port}` },
  });
  const url = `https://localhost:4433/`;
  assertEquals(await (await fetch(url, { client })).text(), "inside");
  assertEquals(await (await fetch(url, { client })).text(), "inside");
  assertEquals(heads, [
    `CONNECT localhost:4433 HTTP/1.1\r\nhost: localhost:4433\r\nproxy-authorization: Basic ${btoa("me:pw")}\r\n\r\n`,
  ]);
  client.close();
  await server.close();
  await proxy.close();
});

test("a proxy that refuses", async () => {
  for (const status of [407, 502]) {
    const proxy = tunnelTo(0, () => status);
    using client = Deno.createHttpClient({ proxy: { url: `http://127.0.0.1:${proxy.port}` } });
    const error = await caught(fetch("https://localhost:4433/", { client }));
    assert(error instanceof TypeError);
    assert(error.cause.message.includes(`the proxy answered ${status}`), error.cause.message);
    await proxy.close();
  }
});

test("transport tcp and unix connect elsewhere and change nothing else", async () => {
  const server = serving(
    (request) => new Response(`${request.headers.get("host")} ${new URL(request.url).pathname}`),
  );
  using client = Deno.createHttpClient({
    proxy: { transport: "tcp", hostname: "127.0.0.1", port: server.port },
  });
  assertEquals(
    await (await fetch("http://elsewhere.invalid/x", { client })).text(),
    "elsewhere.invalid /x",
  );
  client.close();
  await server.close();

  const folder = Deno.makeTempDirSync();
  const path = `${folder}/socket`;
  const unix = Deno.serve(
    { transport: "unix", path, onListen() {} },
    (request) => new Response(request.headers.get("host")),
  );
  using over = Deno.createHttpClient({ proxy: { transport: "unix", path } });
  assertEquals(
    await (await fetch("http://elsewhere.invalid/x", { client: over })).text(),
    "elsewhere.invalid",
  );
  over.close();
  await unix.shutdown();
  Deno.removeSync(folder, { recursive: true });
});

test("SOCKS5, with and without credentials", async () => {
  const server = serving(() => new Response("through socks"));
  for (const credentials of ["", "me:pw@"]) {
    const asked = [];
    const proxy = rawServer(async (connection) => {
      const methods = await connection.exactly(credentials ? 4 : 3);
      if (credentials) {
        assertEquals(methods, [5, 2, 0, 2]);
        await connection.say(new Uint8Array([5, 2]));
        assertEquals(await connection.exactly(7), [1, 2, 109, 101, 2, 112, 119]);
        await connection.say(new Uint8Array([1, 0]));
      } else {
        assertEquals(methods, [5, 1, 0]);
        await connection.say(new Uint8Array([5, 0]));
      }
      const [, , , type, size] = await connection.exactly(5);
      assertEquals(type, 3);
      asked.push(String.fromCharCode(...(await connection.exactly(size))));
      await connection.exactly(2);
      await connection.say(new Uint8Array([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
      await connection.tunnel(server.port);
    });
    using client = Deno.createHttpClient({
      proxy: { url: `socks5://${credentials}127.0.0.1:${proxy.port}` },
    });
    assertEquals(await (await fetch("http://behind.invalid/", { client })).text(), "through socks");
    assertEquals(asked, ["behind.invalid"]);
    client.close();
    await proxy.close();
  }
  await server.close();
});

test("a SOCKS5 proxy that refuses", async () => {
  const proxy = rawServer(async (connection) => {
    await connection.exactly(3);
    await connection.say(new Uint8Array([5, 0]));
    await connection.exactly(5);
    await connection.say(new Uint8Array([5, 2, 0, 1, 0, 0, 0, 0, 0, 0]));
    await connection.closed();
  });
  using client = Deno.createHttpClient({ proxy: { url: `socks5://127.0.0.1:${proxy.port}` } });
  const error = await caught(fetch("http://behind.invalid/", { client }));
  assert(
    error.cause.message.includes("SOCKS5 proxy: not allowed by its rules"),
    error.cause.message,
  );
  await proxy.close();
});
