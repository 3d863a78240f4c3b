// The first line of an error names its class even where the stack does not.
import { assertEquals, test } from "../harness.js";

function heading(error) {
  error.stack = error.stack.split("\n")[0];
  return Deno.inspect(error);
}

test("subclasses", () => {
  class HttpError extends Error {}
  class Odd extends Error {}
  assertEquals(heading(new HttpError("m")), "[HttpError: m]");
  assertEquals(heading(new Odd("m")), "[Odd [Error]: m]");
});

test("a name set after the fact is a property, unless the stack shows it", () => {
  const error = Object.assign(new Error("m"), { name: "Renamed" });
  error.stack = "Error: m";
  assertEquals(Deno.inspect(error), '[Error: m] { name: "Renamed" }');
  error.stack = "Renamed: m";
  assertEquals(Deno.inspect(error), "[Renamed: m]");
});

test("no prototype", () => {
  assertEquals(
    heading(Object.setPrototypeOf(new Error("m"), null)),
    "[[Error: null prototype]: m]",
  );
});
