// console.log(Deno) shows the namespace without running its getters.
import { assert, assertEquals, test } from "../harness.js";

test("getters are shown as such", () => {
  const text = Deno.inspect(Deno);
  assert(text.startsWith("{\n"));
  for (const name of ["pid", "args", "mainModule"]) {
    assert(text.includes(`  ${name}: [Getter`), name);
  }
});

test("functions and classes are named", () => {
  const text = Deno.inspect(Deno);
  assert(text.includes("inspect: [Function: inspect]"));
  assertEquals(Deno.inspect(Deno.errors.NotFound), "[class NotFound extends Error]");
});
