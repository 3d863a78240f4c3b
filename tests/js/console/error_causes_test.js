// Causes and aggregated errors are printed as hidden properties.
import { assertEquals, test } from "../harness.js";

function bare(error) {
  error.stack = String(error);
  return error;
}

test("cause", () => {
  const error = bare(
    new Error("outer", { cause: bare(new TypeError("inner", { cause: { a: 1 } })) }),
  );
  assertEquals(
    Deno.inspect(error),
    "[Error: outer] { [cause]: [TypeError: inner] { [cause]: { a: 1 } } }",
  );
});

test("errors of an AggregateError", () => {
  const error = bare(new AggregateError([bare(new Error("a")), 1], "many"));
  assertEquals(Deno.inspect(error), "[AggregateError: many] { [errors]: [ [Error: a], 1 ] }");
});

test("a cause that leads back", () => {
  const error = bare(new Error("loop"));
  error.cause = error;
  assertEquals(Deno.inspect(error), "<ref *1> [Error: loop] { cause: [Circular *1] }");
});
