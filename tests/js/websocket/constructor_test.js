// Arguments of WebSocket: what is refused, with which exception, and before anything is sent.
import { assert, assertEquals, assertThrows, test } from "../harness.js";
import { echoServer, event } from "./helpers.js";

function refusal(...args) {
  try {
    new WebSocket(...args);
  } catch (error) {
    return error.name;
  }
  return "none";
}

test("URLs", () => {
  for (const url of ["foo", "ftp://x/", "ws://x/#a", "ws://x/#", "ws://", "ws://x:99999/"]) {
    assertEquals(refusal(url), "SyntaxError", url);
  }
  assertThrows(() => new WebSocket(), TypeError);
});

test("http and https stand for ws and wss", async () => {
  const server = echoServer();
  const socket = new WebSocket(server.url.replace("ws:", "http:"));
  assertEquals(socket.url, server.url);
  await event(socket, "open");
  socket.close();
  await event(socket, "close");
  await server.close();
});

test("protocols", () => {
  for (const protocols of ["", "a b", "a,b", ["a", "a"], ["A", "a"], ["ok", "\u0080"]]) {
    assertEquals(refusal("ws://127.0.0.1:9/", protocols), "SyntaxError", `${protocols}`);
  }
});

test("headers are sent, without those of the handshake", async () => {
  let seen;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    seen = request.headers;
    return Deno.upgradeWebSocket(request, { protocol: "p" }).response;
  });
  const socket = new WebSocket(`ws://u:p@127.0.0.1:${server.addr.port}/`, {
    headers: { "X-Mine": "1", "Sec-WebSocket-Key": "x" },
    protocols: "p",
  });
  await event(socket, "open");
  assertEquals(seen.get("x-mine"), "1");
  assert(seen.get("sec-websocket-key") !== "x");
  assertEquals(seen.get("authorization"), `Basic ${btoa("u:p")}`);
  socket.close();
  await event(socket, "close");
  await server.shutdown();
});

test("close codes and reasons", async () => {
  const server = echoServer();
  const socket = new WebSocket(server.url);
  await event(socket, "open");
  const nameOf = (...args) => {
    try {
      socket.close(...args);
    } catch (error) {
      return error.name;
    }
    return "none";
  };
  for (const code of [0, 999, 1001, 1005, 2999, 5000, 70_000, -1]) {
    assertEquals(nameOf(code), "InvalidAccessError", `${code}`);
  }
  assertEquals(nameOf(1000, "x".repeat(124)), "SyntaxError");
  assertEquals(nameOf(1000, "ü".repeat(62)), "SyntaxError");
  assertEquals(socket.readyState, WebSocket.OPEN);
  assertEquals(nameOf(1000, "x".repeat(123)), "none");
  assertEquals((await event(socket, "close")).reason.length, 123);
  await server.close();
});

test("send before it is open; close before it is open", async () => {
  const server = echoServer();
  const socket = new WebSocket(server.url);
  try {
    socket.send("x");
    assert(false);
  } catch (error) {
    assertEquals(error.name, "InvalidStateError");
  }
  socket.close();
  assertEquals(socket.readyState, WebSocket.CLOSING);
  const seen = [];
  for (const type of ["open", "error", "close"]) socket[`on${type}`] = () => seen.push(type);
  const { code, wasClean } = await event(socket, "close");
  assertEquals([code, wasClean], [1006, false]);
  assertEquals(seen, ["error", "close"]);
  await server.close();
});

test("interface", () => {
  assertEquals(WebSocket.length, 1);
  assertEquals(WebSocket.CLOSED, 3);
  assertEquals(WebSocket.prototype.OPEN, 1);
  assertThrows(() => WebSocket.prototype.url, TypeError);
  assertThrows(() => WebSocket("ws://x/"), TypeError);
});
