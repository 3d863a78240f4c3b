// Functions say their sort and name, and show their properties.
import { assertEquals, test } from "../harness.js";

test("every sort of function", () => {
  assertEquals(
    Deno.inspect(function f() {}),
    "[Function: f]",
  );
  assertEquals(
    Deno.inspect(() => {}),
    "[Function (anonymous)]",
  );
  assertEquals(
    Deno.inspect(async function f() {}),
    "[AsyncFunction: f]",
  );
  assertEquals(
    Deno.inspect(function* f() {}),
    "[GeneratorFunction: f]",
  );
  assertEquals(
    Deno.inspect(async function* f() {}),
    "[AsyncGeneratorFunction: f]",
  );
  assertEquals(Deno.inspect(Math.max.bind(null)), "[Function: bound max]");
});

test("properties follow the heading", () => {
  assertEquals(Deno.inspect(Object.assign(function f() {}, { a: 1 })), "[Function: f] { a: 1 }");
});

test("a method called class is no class", () => {
  assertEquals(Deno.inspect({ class() {} }.class), "[Function: class]");
});
