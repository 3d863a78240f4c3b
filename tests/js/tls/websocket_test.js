// WebSocket over TLS, through a proxy, and on a unix socket.
import { assertEquals, test } from "../harness.js";
import { rawServer } from "../fetch/raw_server.js";
import { ca, pair } from "./certificates.js";
import { echoServer, event } from "../websocket/helpers.js";

async function roundTrip(url, options) {
  const socket = new WebSocket(url, options);
  await event(socket, "open");
  for (const size of [1, 100, 100_000]) {
    const text = "m".repeat(size);
    socket.send(text);
    assertEquals((await event(socket, "message")).data, text);
  }
  socket.close(1000, "bye");
  const { code, wasClean } = await event(socket, "close");
  assertEquals([code, wasClean], [1000, true]);
}

test("wss", async () => {
  const server = echoServer({}, pair("leaf"));
  const client = Deno.createHttpClient({ caCerts: [ca] });
  await roundTrip(`wss://localhost:${server.port}/`, { client });
  client.close();
  await server.close();
});

test("a certificate that is not trusted is an error", async () => {
  const server = echoServer({}, pair("leaf"));
  const socket = new WebSocket(`wss://localhost:${server.port}/`);
  const error = await event(socket, "error");
  assertEquals(/certificate/i.test(error.message), true);
  await server.close();
});

test("ws goes through a proxy by CONNECT", async () => {
  const server = echoServer();
  let asked;
  const proxy = rawServer(async (connection) => {
    const head = await connection.request();
    if (head === null) return;
    asked = head.split("\r\n")[0];
    await connection.say("HTTP/1.1 200 OK\r\n\r\n");
    await connection.tunnel(server.port);
  });
  const client = Deno.createHttpClient({ proxy: { url: proxy.url } });
  await roundTrip(server.url, { client });
  assertEquals(asked, `CONNECT 127.0.0.1:${server.port} HTTP/1.1`);
  client.close();
  await proxy.close();
  await server.close();
});
