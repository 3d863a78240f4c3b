// Errors print as their stack, with further properties after it.
import { assertEquals, test } from "../harness.js";

/** An error whose stack does not depend on where it was made. */
function withStack(error, frames = "\n    at f (file:///a.js:1:2)") {
  error.stack = `${error}${frames}`;
  return error;
}

test("heading and frames", () => {
  assertEquals(
    Deno.inspect(withStack(new TypeError("m"))),
    "TypeError: m\n    at f (file:///a.js:1:2)",
  );
});

test("without frames it is put in brackets", () => {
  assertEquals(Deno.inspect(withStack(new Error("m"), "")), "[Error: m]");
});

test("nested errors are indented, properties follow", () => {
  const error = Object.assign(withStack(new Error("m")), { code: "E" });
  assertEquals(
    Deno.inspect({ error }),
    '{\n  error: Error: m\n      at f (file:///a.js:1:2) {\n    code: "E"\n  }\n}',
  );
});

test("frames inside rt are dropped", () => {
  const error = withStack(
    new Error("m"),
    "\n    at g (rt:ext/x.js:1:1)\n    at async rt:y.js:1:1\n    at file:///a.js:1:2",
  );
  assertEquals(Deno.inspect(error), "Error: m\n    at file:///a.js:1:2");
});
