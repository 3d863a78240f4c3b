import { assert, assertEquals, test } from "../harness.js";

test("Deno.errors are subclasses of Error with their own names", () => {
  for (const [name, Class] of Object.entries(Deno.errors)) {
    const error = new Class("text", { cause: 1 });
    assert(error instanceof Error);
    assertEquals([error.name, error.message, error.cause], [name, "text", 1]);
    assertEquals(String(error), `${name}: text`);
    assert(error.stack.startsWith(`${name}: text\n`), error.stack);
  }
  assertEquals(Object.keys(Deno.errors).length, 25);
});

test("errors of ops have these classes, also after the script replaced them", () => {
  const { NotFound } = Deno.errors;
  Deno.errors = {};
  let error;
  try {
    Deno.statSync("/no/such");
  } catch (caught) {
    error = caught;
  }
  assert(error instanceof NotFound);
  assert(error.stack.startsWith("NotFound: No such file"), error.stack);
});
