// Arrays: holes, further properties, limits.
import { assertEquals, test } from "../harness.js";

test("runs of holes are counted", () => {
  // deno-lint-ignore no-sparse-arrays
  assertEquals(Deno.inspect([1, , 3, , ,]), "[ 1, <1 empty item>, 3, <2 empty items> ]");
  assertEquals(Deno.inspect(new Array(5)), "[ <5 empty items> ]");
  assertEquals(Deno.inspect(new Array(2 ** 32 - 1)), "[ <4294967295 empty items> ]");
});

test("properties that are not indices follow the elements", () => {
  const array = Object.assign([1], { foo: "bar", "-1": 2, [Symbol("s")]: 3 });
  assertEquals(Deno.inspect(array), '[ 1, foo: "bar", "-1": 2, Symbol(s): 3 ]');
});

test("subclasses carry name and length", () => {
  class List extends Array {}
  assertEquals(Deno.inspect(List.of(1, 2)), "List(2) [ 1, 2 ]");
});

test("iterableLimit cuts", () => {
  assertEquals(Deno.inspect([1, 2, 3], { iterableLimit: 1 }), "[ 1, ... 2 more items ]");
});
