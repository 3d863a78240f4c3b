// TextDecoder: the legacy encodings, where the Encoding Standard and common converters disagree.
import { assertEquals, assertThrows, test } from "../harness.js";

function decode(label, ...bytes) {
  return new TextDecoder(label).decode(Uint8Array.from(bytes));
}

test("single-byte encodings", () => {
  assertEquals(decode("koi8-u", 0xae, 0xbe, 0x41), "ўЎA");
  assertEquals(decode("windows-1255", 0xca), "ֺ");
  assertEquals(decode("windows-1253", 0xaa), "\ufffd");
  assertEquals(decode("windows-874", 0xdb, 0x80), "\ufffd€");
  assertEquals(decode("iso-8859-16", 0xa4, 0xaa, 0xff), "€Șÿ");
  assertEquals(decode("windows-1252", 0x81, 0x80), "\u0081€");
  assertEquals(decode("x-user-defined", 0x80, 0xff, 0x20), "\uf780\uf7ff ");
  assertEquals(decode("logical", 0xe0), "א");
});

test("Chinese", () => {
  assertEquals(decode("gbk", 0x80, 0xd6, 0xd0, 0xa3, 0xa0), "€中\u3000");
  assertEquals(
    decode("gb18030", 0x84, 0x31, 0xa4, 0x37, 0x90, 0x30, 0x81, 0x30),
    "\ufffd\u{10000}",
  );
  assertEquals(decode("gb18030", 0xa8, 0xbc, 0x81, 0x35, 0xf4, 0x37), "ḿ\ue7c7");
  assertEquals(decode("gb18030", 0x81, 0x30, 0x81, 0x41), "\ufffd0丄");
  assertEquals(decode("big5", 0x88, 0x62, 0x88, 0xa5, 0xa4, 0xa4), "Ê̄ê̌中");
  assertEquals(decode("big5", 0x87, 0x40, 0xa1, 0x0a), "䏰\ufffd\n");
});

test("Japanese and Korean", () => {
  assertEquals(decode("shift_jis", 0x80, 0xb1, 0x93, 0xfa, 0xf0, 0x40), "\u0080\uff71日\ue000");
  assertEquals(decode("euc-jp", 0x8e, 0xb1, 0x8f, 0xb0, 0xa1, 0xc6, 0xfc), "\uff71丂日");
  assertEquals(decode("euc-kr", 0xb0, 0xa1, 0x81, 0x41), "가갂");
  assertEquals(decode("iso-2022-jp", 0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x4a, 0x5c), "日¥");
  // Two escapes with nothing between are an error, and so is an unknown one, which is shown as it
  // is.
  assertEquals(decode("iso-2022-jp", 0x1b, 0x28, 0x42, 0x1b, 0x28, 0x42), "\ufffd");
  assertEquals(decode("iso-2022-jp", 0x1b, 0x28, 0x5a), "\ufffd(Z");
});

test("a character split over parts, and one that never ends", () => {
  const decoder = new TextDecoder("gb18030");
  let text = "";
  for (const byte of [0x90, 0x30, 0x81, 0x30, 0xd6]) {
    text += decoder.decode(Uint8Array.of(byte), { stream: true });
  }
  assertEquals(text, "\u{10000}");
  assertEquals(decoder.decode(), "\ufffd");
  assertEquals(decoder.decode(Uint8Array.of(0xd6, 0xd0)), "中");
});

test("an escape state lasts over parts, and ends with the stream", () => {
  const decoder = new TextDecoder("iso-2022-jp");
  decoder.decode(Uint8Array.of(0x1b, 0x24, 0x42), { stream: true });
  assertEquals(decoder.decode(Uint8Array.of(0x46, 0x7c)), "日");
  assertEquals(decoder.decode(Uint8Array.of(0x46, 0x7c)), "F|");
});

test("fatal: malformed input throws, and the decoder works on", () => {
  const decoder = new TextDecoder("shift_jis", { fatal: true });
  assertThrows(() => decoder.decode(Uint8Array.of(0x81)), TypeError);
  assertThrows(() => decoder.decode(Uint8Array.of(0xff)), TypeError);
  assertThrows(() => decoder.decode(Uint8Array.of(0x81, 0x20), { stream: true }), TypeError);
  assertEquals(decoder.decode(Uint8Array.of(0x93, 0xfa)), "日");
});

test("replacement cannot be asked for", () => {
  assertThrows(() => new TextDecoder("hz-gb-2312"), RangeError);
});
