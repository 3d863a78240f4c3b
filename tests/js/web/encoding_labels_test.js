// Labels name their encoding as the Encoding Standard says.
import { assertEquals, assertThrows, test } from "../harness.js";

test("known labels", () => {
  assertEquals(new TextDecoder(" UTF8\n").encoding, "utf-8");
  assertEquals(new TextDecoder("latin1").encoding, "windows-1252");
  assertEquals(new TextDecoder("ucs-2").encoding, "utf-16le");
  assertEquals(new TextDecoder("unicodefffe").encoding, "utf-16be");
});

test("windows-1252 has its own characters from 0x80 to 0x9f", () => {
  assertEquals(
    new TextDecoder("iso-8859-1").decode(new Uint8Array([0x80, 0x81, 0x99, 0xe9])),
    "\u20ac\u0081\u2122\u00e9",
  );
});

test("unknown ones", () => {
  assertThrows(() => new TextDecoder("nope"), RangeError, "'nope') is invalid");
  assertThrows(() => new TextDecoder("\u000butf-8"), RangeError, "is invalid");
  assertThrows(() => new TextDecoder("replacement"), RangeError, "is invalid");
});
