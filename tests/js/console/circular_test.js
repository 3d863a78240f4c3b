// Cycles are marked where they start and where they close.
import { assertEquals, test } from "../harness.js";

test("an object that contains itself", () => {
  const object = { name: "o" };
  object.self = object;
  assertEquals(Deno.inspect(object), '<ref *1> { name: "o", self: [Circular *1] }');
});

test("each cycle has its own number", () => {
  const a = {};
  const b = { a };
  a.b = b;
  b.b = b;
  assertEquals(Deno.inspect(a), "<ref *1> { b: <ref *2> { a: [Circular *1], b: [Circular *2] } }");
});

test("the same object twice is no cycle", () => {
  const shared = { x: 1 };
  assertEquals(Deno.inspect([shared, shared]), "[ { x: 1 }, { x: 1 } ]");
});

test("maps can contain themselves", () => {
  const map = new Map();
  map.set(map, map);
  assertEquals(Deno.inspect(map), "<ref *1> Map(1) { [Circular *1] => [Circular *1] }");
});
