// Request: methods, URLs, bodies, and requests made from requests.
import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

test("method and url", () => {
  const request = new Request("http://a/b#c", { method: "post" });
  assertEquals([request.method, request.url], ["POST", "http://a/b#c"]);
  assertEquals(new Request("http://a", { method: "patch" }).method, "patch");
  assertEquals(new Request(new URL("http://a/x")).url, "http://a/x");
  assertThrows(() => new Request("x"), TypeError, "Invalid URL: 'x'");
  assertThrows(() => new Request("http://a", { method: "a b" }), TypeError, "Method is not valid");
  assertThrows(() => new Request("http://a", { method: "trace" }), TypeError, "forbidden");
});

test("bodies", async () => {
  const init = { method: "POST", body: "x", headers: { a: "b" } };
  const request = new Request("http://a", init);
  assertEquals(request.headers.get("content-type"), "text/plain;charset=UTF-8");
  assertEquals(await request.text(), "x");
  assertThrows(() => new Request("http://a", { body: "x" }), TypeError, "GET/HEAD");
});

test("from another request", async () => {
  const first = new Request("http://a", { method: "POST", body: "x", headers: { a: "b" } });
  const second = new Request(first, { headers: { c: "d" } });
  assertEquals([second.method, second.headers.has("a"), first.bodyUsed], ["POST", false, true]);
  assertThrows(() => new Request(first), TypeError, "Input request's body is unusable");
  assertEquals(await second.clone().text(), "x");
  assertEquals(await second.text(), "x");
  await assertRejects(() => first.text(), TypeError, "already consumed");
});

test("init members", () => {
  const request = new Request("http://a", { redirect: "manual", mode: "no-cors", cache: "reload" });
  assertEquals([request.redirect, request.mode, request.cache], ["manual", "no-cors", "reload"]);
  assertThrows(() => new Request("http://a", { mode: "x" }), TypeError, "RequestMode");
  assertThrows(() => new Request("http://a", { signal: 1 }), TypeError, "AbortSignal");
  assertThrows(() => new Request("http://a", { window: 1 }), TypeError, "window");
});

test("the signal follows the one of init", () => {
  const controller = new AbortController();
  const request = new Request("http://a", { signal: controller.signal });
  const copy = request.clone();
  controller.abort("r");
  assert(request.signal !== controller.signal);
  assertEquals([request.signal.reason, copy.signal.reason], ["r", "r"]);
  assertEquals(new Request(request, { signal: null }).signal.aborted, false);
});
