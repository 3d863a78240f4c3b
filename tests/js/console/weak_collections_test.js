// Weak collections keep their contents to themselves unless showHidden asks.
import { assertEquals, test } from "../harness.js";

const key = { a: 1 };

test("contents are unknown", () => {
  assertEquals(Deno.inspect(new WeakSet([key])), "WeakSet { <items unknown> }");
  assertEquals(Deno.inspect(new WeakMap([[key, 1]])), "WeakMap { <items unknown> }");
});

test("showHidden shows them", () => {
  assertEquals(Deno.inspect(new WeakSet([key]), { showHidden: true }), "WeakSet { { a: 1 } }");
  assertEquals(
    Deno.inspect(new WeakMap([[key, 1]]), { showHidden: true }),
    "WeakMap { { a: 1 } => 1 }",
  );
});

test("a WeakRef does not show its target", () => {
  assertEquals(Deno.inspect(new WeakRef(key)), "WeakRef {}");
});
