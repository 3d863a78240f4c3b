// Symbols as values and as keys.
import { assertEquals, test } from "../harness.js";

test("a description that is not a dotted word is quoted", () => {
  const symbols = [Symbol(), Symbol("a.b"), Symbol("a b"), Symbol("it's")];
  assertEquals(Deno.inspect(symbols), `[ Symbol(), Symbol(a.b), Symbol("a b"), Symbol("it's") ]`);
});

test("as keys symbols are not quoted, but escaped", () => {
  const object = { [Symbol("a b")]: 1, [Symbol("it's\n")]: 2 };
  assertEquals(Deno.inspect(object), "{ Symbol(a b): 1, Symbol(it\\'s\\n): 2 }");
});

test("symbol keys come last, non-enumerable ones not at all", () => {
  const object = { [Symbol("s")]: 1, a: 2 };
  Object.defineProperty(object, Symbol("hidden"), { value: 3 });
  assertEquals(Deno.inspect(object), "{ a: 2, Symbol(s): 1 }");
});
