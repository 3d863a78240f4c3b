// Objects below the depth limit (4) are only named.
import { assertEquals, test } from "../harness.js";

const nested = { a: { b: { c: { d: { e: { f: 1 } } } } } };

test("the default depth is 4", () => {
  assertEquals(Deno.inspect(nested), "{\n  a: {\n    b: { c: { d: { e: [Object] } } }\n  }\n}");
});

test("depth 0 names the members", () => {
  class Foo {}
  const value = { o: {}, full: { a: 1 }, list: [1], foo: Object.assign(new Foo(), { x: 1 }) };
  assertEquals(
    Deno.inspect(value, { depth: 0 }),
    "{ o: {}, full: [Object], list: [Array], foo: [Foo] }",
  );
});

test("Infinity and undefined lift the limit", () => {
  const text = Deno.inspect(nested, { depth: Infinity, breakLength: Infinity, compact: 10 });
  assertEquals(text, "{ a: { b: { c: { d: { e: { f: 1 } } } } } }");
  assertEquals(
    Deno.inspect(nested, { depth: undefined, breakLength: Infinity, compact: 10 }),
    text,
  );
});
