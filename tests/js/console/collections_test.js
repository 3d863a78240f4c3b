// Maps and sets show their contents, whatever happened to their prototypes.
import { assertEquals, test } from "../harness.js";

test("contents and size", () => {
  assertEquals(
    Deno.inspect(
      new Map([
        ["a", { b: 1 }],
        [null, [2]],
      ]),
    ),
    'Map(2) { "a" => { b: 1 }, null => [ 2 ] }',
  );
  assertEquals(Deno.inspect(new Set([1, "a"])), 'Set(2) { 1, "a" }');
  assertEquals(Deno.inspect([new Map(), new Set()]), "[ Map(0) {}, Set(0) {} ]");
});

test("further properties", () => {
  assertEquals(Deno.inspect(Object.assign(new Set([1]), { x: 2 })), "Set(1) { 1, x: 2 }");
});

test("iterableLimit cuts", () => {
  assertEquals(
    Deno.inspect(new Set([1, 2, 3]), { iterableLimit: 2 }),
    "Set(3) { 1, 2, ... 1 more item }",
  );
});

test("a poisoned iterator is not used", () => {
  class Bad extends Map {
    // biome-ignore lint/correctness/useYield: it throws before it could
    *entries() {
      throw new Error("not to be called");
    }
    [Symbol.iterator]() {
      throw new Error("not to be called");
    }
  }
  assertEquals(Deno.inspect(new Bad([[1, 2]])), "Bad(1) [Map] { 1 => 2 }");
});
