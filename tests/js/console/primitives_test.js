// Primitives print as source text would spell them.
import { assertEquals, test } from "../harness.js";

test("numbers keep their sign and special values", () => {
  assertEquals(
    Deno.inspect([0, -0, 1.5, NaN, -Infinity, 1e21]),
    "[ 0, -0, 1.5, NaN, -Infinity, 1e+21 ]",
  );
});

test("bigints carry their suffix", () => {
  assertEquals(Deno.inspect(-12345678901234567890n), "-12345678901234567890n");
});

test("booleans, null and undefined print as their names", () => {
  assertEquals(Deno.inspect([true, false, null, undefined]), "[ true, false, null, undefined ]");
});
