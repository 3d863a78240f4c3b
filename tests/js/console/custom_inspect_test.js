// Symbol.for("Deno.customInspect") replaces the text of an object.
import { assertEquals, assertThrows, test } from "../harness.js";

const hook = Symbol.for("Deno.customInspect");

test("its result is printed as it is", () => {
  assertEquals(Deno.inspect({ a: { [hook]: () => "TEXT" } }), "{ a: TEXT }");
  assertEquals(Deno.inspect({ [hook]: () => 5 }), "5");
});

test("inspect with the options given continues at the same indentation", () => {
  const long = { x: "x".repeat(40), y: "y".repeat(40) };
  const value = { a: { [hook]: (inspect, options) => `<${inspect(long, options)}>` } };
  assertEquals(Deno.inspect(value), `{\n  a: <{\n    x: "${long.x}",\n    y: "${long.y}"\n  }>\n}`);
});

test("a hook that throws throws", () => {
  assertThrows(
    () =>
      Deno.inspect({
        [hook]() {
          throw new RangeError("mine");
        },
      }),
    RangeError,
    "mine",
  );
});
