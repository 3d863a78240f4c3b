// TextEncoder writes UTF-8, with U+FFFD for lone surrogates.
import { assertEquals, assertThrows, test } from "../harness.js";

test("encode", () => {
  const encoder = new TextEncoder();
  assertEquals(
    [...encoder.encode("a\u00e9\u20ac\u{1f600}")],
    [0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80],
  );
  assertEquals([...encoder.encode("\ud800x")], [0xef, 0xbf, 0xbd, 0x78]);
  assertEquals(encoder.encode().length, 0);
  assertEquals(encoder.encode("\u00ff".repeat(1000)).length, 2000);
});

test("encodeInto writes whole characters only", () => {
  const target = new Uint8Array(4);
  assertEquals(new TextEncoder().encodeInto("a\u20ac\u00e9", target), { read: 2, written: 4 });
  assertEquals([...target], [0x61, 0xe2, 0x82, 0xac]);
  assertEquals(new TextEncoder().encodeInto("\u{1f600}", new Uint8Array(3)), {
    read: 0,
    written: 0,
  });
});

test("encodeInto refuses other arrays", () => {
  assertThrows(
    () => new TextEncoder().encodeInto("a", new Uint8ClampedArray(1)),
    TypeError,
    "is not an Uint8Array object",
  );
});
