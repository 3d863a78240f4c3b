// atob forgives what the standard forgives, and nothing else.
import { assertEquals, assertThrows, test } from "../harness.js";

test("round trip", () => {
  const text = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join("");
  assertEquals(atob(btoa(text)), text);
  assertEquals([btoa(""), btoa("a"), btoa(null)], ["", "YQ==", "bnVsbA=="]);
});

test("forgiven", () => {
  assertEquals(atob(" Y\tQ\n=\f=\r"), "a");
  assertEquals([atob("YQ"), atob("YR"), atob("")], ["a", "a", ""]);
});

test("not forgiven", () => {
  for (const data of [
    "a",
    "=",
    "YQ=",
    "Y===",
    "Y=Q=",
    "YQ==YQ==",
    "a-b_",
    "\u00a0YQ==",
    "\u{1f600}",
  ]) {
    const error = assertThrows(() => atob(data), DOMException);
    assertEquals([data, error.name], [data, "InvalidCharacterError"]);
  }
  assertEquals(assertThrows(() => btoa("\u0100"), DOMException).code, 5);
});

test("a result that is too long for a string", () => {
  const error = assertThrows(() => btoa("a".repeat(402653167)), RangeError);
  assertEquals(error.message, "Cannot create a string longer than 0x1fffffe8 characters");
});
