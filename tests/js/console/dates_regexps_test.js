// Dates print in ISO form, regular expressions as literals.
import { assertEquals, test } from "../harness.js";

test("dates", () => {
  assertEquals(Deno.inspect(new Date(0)), "1970-01-01T00:00:00.000Z");
  assertEquals(Deno.inspect(new Date(NaN)), "Invalid Date");
  class MyDate extends Date {}
  assertEquals(Deno.inspect(new MyDate(0)), "MyDate 1970-01-01T00:00:00.000Z");
});

test("regular expressions", () => {
  assertEquals(Deno.inspect(/a\/b/gi), "/a\\/b/gi");
  assertEquals(Deno.inspect(Object.assign(/x/, { y: 1 })), "/x/ { y: 1 }");
});

test("a replaced toString or toISOString is not called", () => {
  const bad = {
    value: () => {
      throw new Error("not to be called");
    },
  };
  assertEquals(
    Deno.inspect(Object.defineProperty(new Date(0), "toISOString", bad)),
    "1970-01-01T00:00:00.000Z",
  );
  assertEquals(Deno.inspect(Object.defineProperty(/a/, "toString", bad)), "/a/");
});
