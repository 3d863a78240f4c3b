// Symbol.for("nodejs.util.inspect.custom") works as in Node.
import { assertEquals, test } from "../harness.js";

const hook = Symbol.for("nodejs.util.inspect.custom");

test("depth left, options, inspect", () => {
  const value = {
    a: {
      [hook]: (depth, options, inspect) =>
        `${depth} ${options.compact} ${inspect === Deno.inspect}`,
    },
  };
  assertEquals(Deno.inspect(value), "{ a: 3 3 true }");
});

test("a result that is no string is inspected", () => {
  assertEquals(Deno.inspect({ [hook]: () => ({ shown: true }) }), "{ shown: true }");
});

test("returning the object itself means no custom text", () => {
  const object = {
    a: 1,
    [hook]() {
      return this;
    },
  };
  assertEquals(
    Deno.inspect(object),
    "{\n  a: 1,\n  Symbol(nodejs.util.inspect.custom): [Function: [nodejs.util.inspect.custom]]\n}",
  );
});

test("not called on the class's prototype", () => {
  class A {
    [hook]() {
      return "instance";
    }
  }
  assertEquals(Deno.inspect([new A(), A.prototype]), "[ instance, {} ]");
});
