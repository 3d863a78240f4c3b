// What the tests of crypto.subtle share: hexadecimal text and the name of a rejection.
import { assertEquals, assertRejects } from "../harness.js";

/** Bytes of hexadecimal text; spaces are skipped. */
export const hex = (text) =>
  Uint8Array.from(text.replace(/\s/g, "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** Hexadecimal text of a buffer or view. */
export const toHex = (bytes) =>
  Array.from(ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

/** Bytes of text. */
export const utf8 = (text) => new TextEncoder().encode(text);

/** Fails unless the promise rejects with a DOMException of that name. */
export async function assertName(promise, name) {
  const error = await assertRejects(promise, DOMException);
  assertEquals(error.name, name, error.message);
  return error;
}

/** A copy with one bit turned over. */
export function flip(bytes, bit) {
  const copy = new Uint8Array(bytes.slice(0));
  copy[bit >> 3] ^= 1 << (bit & 7);
  return copy;
}
