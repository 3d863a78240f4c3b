// Connections that are used again, and the race with a server that closes them.
import { assert, assertEquals, test } from "../harness.js";
import { rawServer, serving } from "./raw_server.js";

const kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

test("requests after each other share one", async () => {
  const server = serving((_, info) => new Response(`${info.remoteAddr.port}`));
  const ports = new Set();
  for (let i = 0; i < 5; i++) ports.add(await (await fetch(server.url)).text());
  assertEquals(ports.size, 1);
  await server.close();
});

test("requests beside each other do not", async () => {
  const server = serving(async (_, info) => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    return new Response(`${info.remoteAddr.port}`);
  });
  const texts = await Promise.all(
    Array.from({ length: 5 }, async () => (await fetch(server.url)).text()),
  );
  assertEquals(new Set(texts).size, 5);
  await server.close();
});

test("a body that was read to its end in JavaScript frees its connection", async () => {
  const server = serving(
    (_, info) =>
      new Response("x".repeat(500000), { headers: { "x-port": `${info.remoteAddr.port}` } }),
  );
  const ports = new Set();
  for (let i = 0; i < 3; i++) {
    const response = await fetch(server.url);
    ports.add(response.headers.get("x-port"));
    for await (const _ of response.body);
  }
  assertEquals(ports.size, 1);
  await server.close();
});

test("the race is run again for what may be repeated, and only for that", async () => {
  const server = rawServer(async (connection, index) => {
    await connection.request();
    await connection.say(kOk);
    // The second request on a connection finds it closed, except on the last.
    if (index % 2 === 0) await connection.request();
    else while ((await connection.request()) !== null) await connection.say(kOk);
  });
  for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]) {
    using client = Deno.createHttpClient({});
    const again = { client, method, body: method === "PUT" ? "body" : undefined };
    if (method === "HEAD") continue;
    assertEquals(await (await fetch(server.url, { client })).text(), "ok");
    assertEquals(await (await fetch(server.url, again)).text(), "ok", method);
  }
  using client = Deno.createHttpClient({});
  assertEquals(await (await fetch(server.url, { client })).text(), "ok");
  const error = await fetch(server.url, { client, method: "POST", body: "x" }).catch((e) => e);
  assert(error instanceof TypeError);
  assertEquals(error.cause.message.includes("connection closed before message completed"), true);
  await server.close();
});

test("a POST finds out that its connection was closed before", async () => {
  const server = rawServer(async (connection) => {
    await connection.request();
    await connection.say(kOk);
  });
  for (let i = 0; i < 3; i++) {
    assertEquals(await (await fetch(server.url, { method: "POST", body: "x" })).text(), "ok");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await server.close();
});
