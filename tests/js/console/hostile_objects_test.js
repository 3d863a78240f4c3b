// Nothing an object does makes inspection throw or run for ever.
import { assert, assertEquals, test } from "../harness.js";

test("accessors and prototypes that throw", () => {
  const thrower = {
    get() {
      throw new Error("no");
    },
  };
  assertEquals(
    Deno.inspect(Object.defineProperty({ a: 1 }, Symbol.toStringTag, thrower)),
    "{ a: 1 }",
  );
  assertEquals(Deno.inspect(Object.defineProperty({ a: 1 }, "constructor", thrower)), "{ a: 1 }");
  const traps = new Proxy(
    {},
    {
      get: () => () => {
        throw new Error("trap");
      },
    },
  );
  assert(Deno.inspect(Object.setPrototypeOf([1], new Proxy({}, traps))).endsWith("[ 1 ]"));
});

test("a prototype chain without an end", () => {
  const loop = new Proxy({}, { getPrototypeOf: () => loop });
  assert(Deno.inspect(Object.create(loop)).endsWith("{}"));
});

test("nesting deeper than the stack", () => {
  let deep = {};
  for (let i = 0; i < 100_000; i++) deep = { deep };
  assert(Deno.inspect(deep).includes("[Object]"));
  assert(Deno.inspect(deep, { depth: Infinity }).startsWith("{\n  deep: {"));
});

test("errors whose parts throw", () => {
  const error = new Error("m");
  const thrower = {
    get() {
      throw new Error("no");
    },
  };
  for (const key of ["stack", "message", "name", "cause"]) {
    Object.defineProperty(error, key, thrower);
  }
  assert(Deno.inspect(error).startsWith("[Error"));
});
