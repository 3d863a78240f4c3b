// Boxed primitives show the type and the value.
import { assertEquals, test } from "../harness.js";

test("each type", () => {
  const boxed = [
    new Number(-0),
    new String("a"),
    new Boolean(false),
    Object(1n),
    Object(Symbol("s")),
  ];
  assertEquals(
    Deno.inspect(boxed),
    '[\n  [Number: -0],\n  [String: "a"],\n  [Boolean: false],\n  [BigInt: 1n],\n  [Symbol: Symbol(s)]\n]',
  );
});

test("the characters of a String are not its properties", () => {
  assertEquals(
    Deno.inspect(Object.assign(new String("abc"), { x: 1 })),
    '[String: "abc"] { x: 1 }',
  );
});

test("subclasses are named", () => {
  class MyNumber extends Number {}
  assertEquals(Deno.inspect(new MyNumber(1)), "[Number (MyNumber): 1]");
});
