// An object takes one line if it fits in breakLength and has at most `compact` levels inside.
import { assertEquals, test } from "../harness.js";

test("a short object stays on one line, a long one does not", () => {
  const object = { a: "x".repeat(30), b: "y".repeat(20) };
  const short = `{ a: "${object.a}", b: "${object.b}" }`;
  assertEquals(Deno.inspect(object), short);
  object.b += "y".repeat(20);
  assertEquals(Deno.inspect(object), `{\n  a: "${object.a}",\n  b: "${object.b}"\n}`);
  assertEquals(
    Deno.inspect(object, { breakLength: 200 }),
    `{ a: "${object.a}", b: "${object.b}" }`,
  );
});

test("compact: false puts every entry on its own line", () => {
  assertEquals(Deno.inspect({ a: [1] }, { compact: false }), "{\n  a: [\n    1\n  ]\n}");
});

test("compact: true joins as much as fits", () => {
  assertEquals(
    Deno.inspect({ a: { b: { c: { d: 1 } } } }, { compact: true }),
    "{ a: { b: { c: { d: 1 } } } }",
  );
});

test("trailingComma ends the last line of a broken object", () => {
  assertEquals(Deno.inspect({ a: 1 }, { compact: false, trailingComma: true }), "{\n  a: 1,\n}");
});
