// Objects without a prototype say so.
import { assertEquals, test } from "../harness.js";

test("plain ones", () => {
  assertEquals(Deno.inspect(Object.create(null)), "[Object: null prototype] {}");
  assertEquals(Deno.inspect({ __proto__: null, a: 1 }), "[Object: null prototype] { a: 1 }");
});

test("built-in types keep their contents", () => {
  const bare = (value) => Deno.inspect(Object.setPrototypeOf(value, null));
  assertEquals(bare([1]), "[Array(1): null prototype] [ 1 ]");
  assertEquals(bare(new Map([[1, 2]])), "[Map(1): null prototype] { 1 => 2 }");
  assertEquals(bare(/z/g), "[RegExp: null prototype] /z/g");
  assertEquals(
    bare(function f() {}),
    "[Function (null prototype): f]",
  );
  assertEquals(bare(new Number(1)), "[Number (null prototype): 1]");
});

test("an object over such an object", () => {
  assertEquals(
    Deno.inspect(Object.create(Object.create(null))),
    "Object <[Object: null prototype] {}> {}",
  );
});
