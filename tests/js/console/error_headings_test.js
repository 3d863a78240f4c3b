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

test("what became of name and message before the stack was asked for", () => {
  const heading = (error) => error.stack.split("\n    at ")[0];
  const later = (error, changes) => Object.assign(error, changes);
  assertEquals(heading(later(new Error("a"), { message: "b\nc" })), "Error: b\nc");
  assertEquals(heading(later(new Error(), { message: 5 })), "Error: 5");
  assertEquals(heading(later(new TypeError("a"), { name: "Mine" })), "Mine: a");
  const error = new Error("a");
  delete error.message;
  assertEquals(heading(error), "Error");
  const asked = new Error("a");
  void asked.stack;
  asked.message = "b";
  assertEquals(heading(asked), "Error: a");
});

test("a message that throws", () => {
  const error = new Error("a");
  Object.defineProperty(error, "message", {
    get() {
      throw new Error("no message");
    },
  });
  assertEquals(error.stack.split("\n    at ")[0], "<error>");
});
