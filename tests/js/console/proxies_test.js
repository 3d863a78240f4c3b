// A proxy shows its target, and no trap runs; showProxy shows target and handler.
import { assertEquals, test } from "../harness.js";

const throwing = new Proxy(
  {},
  {
    get(_, name) {
      return () => {
        throw new Error(`trap ${String(name)}`);
      };
    },
  },
);

test("the target is shown", () => {
  assertEquals(Deno.inspect(new Proxy({ a: { b: 1 } }, throwing)), "{ a: { b: 1 } }");
  assertEquals(Deno.inspect(new Proxy(new Proxy([1], {}), throwing)), "[ 1 ]");
  assertEquals(Deno.inspect(new Proxy(class A {}, {})), "[class A]");
});

test("showProxy", () => {
  assertEquals(
    Deno.inspect(new Proxy({ a: 1 }, { x: 2 }), { showProxy: true }),
    "Proxy [ { a: 1 }, { x: 2 } ]",
  );
});
