// TextDecoder: replacement or fatal errors, byte order marks, every kind of buffer.
import { assertEquals, assertThrows, test } from "../harness.js";

const decode = (bytes, label, options) =>
  new TextDecoder(label, options).decode(new Uint8Array(bytes));

test("malformed UTF-8 becomes U+FFFD, one for each maximal part", () => {
  assertEquals(decode([0x61, 0xff, 0x62]), "a\ufffdb");
  assertEquals(decode([0xf0, 0x9f, 0x98, 0x61]), "\ufffda");
  assertEquals(decode([0xed, 0xa0, 0x80]), "\ufffd\ufffd\ufffd");
  const long = [...new Array(100).fill(0x61), 0xc3];
  assertEquals(decode(long), `${"a".repeat(100)}\ufffd`);
});

test("fatal", () => {
  for (const bytes of [[0xff], [0xc0, 0x80], [0xe2, 0x82], new Array(99).fill(0x80)]) {
    assertThrows(() => decode(bytes, "utf-8", { fatal: true }), TypeError, "not valid");
  }
  assertEquals(decode([0xe2, 0x82, 0xac], "utf-8", { fatal: true }), "\u20ac");
});

test("byte order mark", () => {
  assertEquals(decode([0xef, 0xbb, 0xbf, 0x61]), "a");
  assertEquals(decode([0xef, 0xbb, 0xbf, 0x61], "utf-8", { ignoreBOM: true }), "\ufeffa");
  assertEquals(decode([0xff, 0xfe, 0x61, 0], "utf-16le"), "a");
});

test("buffers, views and shared memory", () => {
  const { buffer } = new Uint8Array([0x61, 0x62, 0x63, 0x64]);
  assertEquals(new TextDecoder().decode(buffer), "abcd");
  assertEquals(new TextDecoder().decode(new DataView(buffer, 1, 2)), "bc");
  assertEquals(new TextDecoder().decode(new Uint16Array(buffer, 2)), "cd");
  const shared = new SharedArrayBuffer(2);
  new Uint8Array(shared).set([0x78, 0x79]);
  assertEquals(new TextDecoder().decode(shared), "xy");
  assertEquals(new TextDecoder().decode(new Uint8Array(shared, 1)), "y");
  assertEquals(new TextDecoder().decode(), "");
  assertThrows(() => new TextDecoder().decode("x"), TypeError, "is not an ArrayBuffer");
});

test("long text beyond Latin-1", () => {
  const text = "\u4f60\u00e9x\u{1f600}".repeat(500);
  assertEquals(new TextDecoder().decode(new TextEncoder().encode(text)), text);
});
