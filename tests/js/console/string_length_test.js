// Long strings are cut, and broken at their line feeds.
import { assertEquals, test } from "../harness.js";

test("a string of more than 10000 units is abbreviated", () => {
  assertEquals(Deno.inspect("a".repeat(10_001)), `"${"a".repeat(10_000)}"... 1 more character`);
});

test("strAbbreviateSize sets the limit", () => {
  assertEquals(Deno.inspect("abcdefgh", { strAbbreviateSize: 5 }), '"abcde"... 3 more characters');
});

test("the cut does not split a surrogate pair", () => {
  assertEquals(Deno.inspect("ab😀", { strAbbreviateSize: 3 }), '"ab"... 1 more character');
});

test("a line too long to fit is split after line feeds", () => {
  const text = "first line\nsecond line";
  assertEquals(Deno.inspect(text, { breakLength: 20 }), '"first line\\n" +\n  "second line"');
});
