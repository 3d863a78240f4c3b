// A streaming TextDecoder keeps unfinished characters between calls.
import { assertEquals, assertThrows, test } from "../harness.js";

const text = "\ufeffa\u00e9\u20ac\u{1f600}z";

test("UTF-8 cut at every byte", () => {
  const bytes = new TextEncoder().encode(text);
  for (let size = 1; size < 6; size++) {
    const decoder = new TextDecoder();
    let result = "";
    for (let i = 0; i < bytes.length; i += size) {
      result += decoder.decode(bytes.subarray(i, i + size), { stream: true });
    }
    result += decoder.decode();
    assertEquals(result, text.slice(1));
  }
});

test("UTF-16 cut at every byte", () => {
  const units = [...text]
    .join("")
    .split("")
    .map((unit) => unit.charCodeAt(0));
  const bytes = new Uint8Array(units.flatMap((unit) => [unit & 255, unit >> 8]));
  const decoder = new TextDecoder("utf-16le");
  let result = "";
  for (const byte of bytes) result += decoder.decode(new Uint8Array([byte]), { stream: true });
  assertEquals(result + decoder.decode(), text.slice(1));
});

test("what is unfinished at the end is an error", () => {
  const decoder = new TextDecoder();
  assertEquals(decoder.decode(new Uint8Array([0xe2, 0x82]), { stream: true }), "");
  assertEquals(decoder.decode(), "\ufffd");
  assertEquals(decoder.decode(new Uint8Array([0x61])), "a");
  const fatal = new TextDecoder("utf-8", { fatal: true });
  fatal.decode(new Uint8Array([0xe2]), { stream: true });
  assertThrows(() => fatal.decode(), TypeError, "not valid");
  assertEquals(fatal.decode(new Uint8Array([0x61])), "a");
});
