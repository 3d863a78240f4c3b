// sorted orders the entries of objects, by text or by a comparator.
import { assertEquals, test } from "../harness.js";

test("true sorts by text", () => {
  assertEquals(
    Deno.inspect({ c: 1, a: 2, b: { z: 1, y: 2 } }, { sorted: true }),
    "{ a: 2, b: { y: 2, z: 1 }, c: 1 }",
  );
  assertEquals(Deno.inspect(new Set(["b", "a"]), { sorted: true }), 'Set(2) { "a", "b" }');
});

test("a function compares", () => {
  const sorted = (a, b) => (a < b ? 1 : -1);
  assertEquals(Deno.inspect({ a: 1, c: 2, b: 3 }, { sorted }), "{ c: 2, b: 3, a: 1 }");
});

test("array elements stay in place, their further properties are sorted", () => {
  assertEquals(
    Deno.inspect(Object.assign([2, 1], { b: 1, a: 2 }), { sorted: true }),
    "[ 2, 1, a: 2, b: 1 ]",
  );
});
