// Map and set iterators show what they have still to give, and are not advanced.
import { assertEquals, test } from "../harness.js";

test("the rest of an iterator", () => {
  const iterator = new Map([
    ["a", 1],
    ["b", 2],
  ]).entries();
  iterator.next();
  assertEquals(Deno.inspect(iterator), '[Map Entries] { [ "b", 2 ] }');
  assertEquals(iterator.next().value, ["b", 2]);
  assertEquals(Deno.inspect(iterator), "[Map Entries] {  }");
});

test("keys and values", () => {
  assertEquals(Deno.inspect(new Map([["a", 1]]).keys()), '[Map Iterator] { "a" }');
  assertEquals(Deno.inspect(new Set([1, 2]).values()), "[Set Iterator] { 1, 2 }");
});

test("other iterators and generators are opaque", () => {
  assertEquals(Deno.inspect([][Symbol.iterator]()), "Object [Array Iterator] {}");
  assertEquals(Deno.inspect((function* () {})()), "Object [Generator] {}");
});
