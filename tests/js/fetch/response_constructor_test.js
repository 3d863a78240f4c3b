// Response checks its init and derives the content type from the body.
import { assertEquals, assertRejects, assertThrows, test } from "../harness.js";

test("defaults", () => {
  const response = new Response();
  assertEquals(
    [response.status, response.statusText, response.ok, response.type, response.url, response.body],
    [200, "", true, "default", "", null],
  );
  assertEquals([...response.headers], []);
});

test("content type", () => {
  const type = (body, init) => new Response(body, init).headers.get("content-type");
  assertEquals(type("x"), "text/plain;charset=UTF-8");
  assertEquals(type(""), "text/plain;charset=UTF-8");
  assertEquals(type(new URLSearchParams()), "application/x-www-form-urlencoded;charset=UTF-8");
  assertEquals(type(new Uint8Array(1)), null);
  assertEquals(type("x", { headers: { "Content-Type": "a/b" } }), "a/b");
  assertEquals(type("x", { headers: { a: "b" } }), "text/plain;charset=UTF-8");
  const response = new Response("x");
  response.headers.delete("content-type");
  assertEquals(response.clone().headers.get("content-type"), null);
});

test("status and status text", () => {
  assertThrows(() => new Response("", { status: 199 }), RangeError, "(199)");
  assertThrows(() => new Response("", { status: 600 }), RangeError, "outside the range");
  assertThrows(() => new Response("", { statusText: "a\r\nb" }), TypeError, "Invalid status text");
  assertThrows(() => new Response("", { statusText: "\u0100" }), TypeError, "ByteString");
  for (const status of [101, 204, 205, 304]) {
    assertThrows(() => new Response("", { status }), TypeError, "null body status");
    assertEquals(new Response(null, { status }).status, status);
  }
  assertThrows(() => new Response("", 1), TypeError, "can not be converted to a dictionary");
});

test("a view on shared memory is no body", () => {
  const shared = new Uint8Array(new SharedArrayBuffer(4));
  const expected = "SharedArrayBuffer, which is not allowed";
  assertThrows(() => new Response(shared), TypeError, expected);
  const init = { method: "POST", body: new DataView(shared.buffer) };
  assertThrows(() => new Request("http://a.example/", init), TypeError, expected);
});

test("an iterable is a stream of its chunks", async () => {
  const bytes = (text) => new TextEncoder().encode(text);
  const response = new Response([bytes("a"), bytes("b")]);
  assertEquals([response.headers.get("content-type"), await response.text()], [null, "ab"]);
  const set = new Set([Promise.resolve(bytes("c"))]);
  assertEquals(await new Request("http://a/", { method: "POST", body: set }).text(), "c");
  assertEquals(await new Response([]).text(), "");
  await assertRejects(() => new Response([1]).text(), TypeError);
  await assertRejects(() => new Response(["a"]).text(), TypeError);
  assertThrows(() => new Response({ [Symbol.iterator]: 5 }), TypeError, "not iterable");
  assertThrows(() => new Response({ [Symbol.asyncIterator]: 5 }), TypeError, "not iterable");
});

test("a String object is text, and so is what gives no chunks", async () => {
  const text = new (class extends String {})("hi");
  assertEquals(new Response(text).headers.get("content-type"), "text/plain;charset=UTF-8");
  assertEquals(await new Response(text).text(), "hi");
  assertEquals(await new Response({ [Symbol.iterator]: null }).text(), "[object Object]");
});
