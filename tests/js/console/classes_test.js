// Instances carry their class's name, classes their heritage.
import { assertEquals, test } from "../harness.js";

class A {
  x = 1;
}
class B extends A {
  get [Symbol.toStringTag]() {
    return "tag";
  }
}

test("instances", () => {
  assertEquals(Deno.inspect(new A()), "A { x: 1 }");
  assertEquals(Deno.inspect(new B()), "B [tag] { x: 1 }");
  assertEquals(
    Deno.inspect({ [Symbol.toStringTag]: "T", a: 1 }),
    'Object [T] { a: 1, Symbol(Symbol.toStringTag): "T" }',
  );
});

test("classes", () => {
  const classes = [A, B, class {}, class extends A {}, class extends null {}];
  assertEquals(
    Deno.inspect(classes),
    "[\n  [class A],\n  [class B extends A],\n  [class (anonymous)],\n" +
      "  [class (anonymous) extends A],\n  [class (anonymous)]\n]",
  );
});

test("a prototype object is shown as its parent's instance", () => {
  assertEquals(Deno.inspect(B.prototype), "A [tag] {}");
});
