// Nothing that could split a message gets into Headers.
import { assertEquals, assertThrows, test } from "../harness.js";

test("names", () => {
  for (const name of ["", "a b", "a:", "a\r\nb", "\u00e9", "a\0", "(x)"]) {
    assertThrows(() => new Headers([[name, "x"]]), TypeError, "Invalid header name");
    assertThrows(() => new Headers().get(name), TypeError, "Invalid header name");
  }
  assertThrows(() => new Headers({ "\u0100": "x" }), TypeError, "ByteString");
});

test("values", () => {
  for (const value of ["a\nb", "a\r\nX: y", "a\0b", "a\rb"]) {
    assertThrows(() => new Headers({ a: value }), TypeError, "Invalid header value");
    assertThrows(() => new Headers().append("a", value), TypeError, "Invalid header value");
    assertThrows(() => new Headers().set("a", value), TypeError, "Invalid header value");
  }
  assertThrows(() => new Headers({ a: "\u0100" }), TypeError, "ByteString");
  assertEquals(new Headers({ a: "\r\n\u00ff\t" }).get("a"), "\u00ff");
});

test("shapes of the argument", () => {
  assertThrows(() => new Headers([["a"]]), TypeError, "length must be 2, but is 1");
  assertThrows(() => new Headers(1), TypeError, "sequence<sequence<ByteString>>");
  assertThrows(() => new Headers(null), TypeError, "Failed to construct 'Headers'");
  assertThrows(() => new Headers().append("a"), TypeError, "2 arguments required");
});

test("a value that changes while it is converted is converted once", () => {
  let calls = 0;
  const value = { toString: () => (calls++ === 0 ? "ok" : "a\nb") };
  assertEquals(new Headers({ a: value }).get("a"), "ok");
});
