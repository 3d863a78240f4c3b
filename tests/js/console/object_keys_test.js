// Keys of plain objects: quoted unless they are words.
import { assertEquals, test } from "../harness.js";

test("only ASCII words go without quotes", () => {
  const object = { 1: "a", _b: 1, "c-d": 2, "": 3, $e: 4 };
  assertEquals(Deno.inspect(object), '{ "1": "a", _b: 1, "c-d": 2, "": 3, "$e": 4 }');
});

test("an own __proto__ key is told from the prototype", () => {
  assertEquals(Deno.inspect(JSON.parse('{"__proto__":1}')), "{ ['__proto__']: 1 }");
});

test("showHidden lists non-enumerable keys in brackets", () => {
  const object = Object.defineProperty({ a: 1 }, "b", { value: 2 });
  assertEquals(Deno.inspect(object), "{ a: 1 }");
  assertEquals(Deno.inspect(object, { showHidden: true }), "{ a: 1, [b]: 2 }");
});
