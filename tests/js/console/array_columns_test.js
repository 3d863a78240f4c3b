// More than six short elements are lined up in columns: numbers on the right, the rest on the left.
import { assertEquals, test } from "../harness.js";

test("numbers", () => {
  const array = Array.from({ length: 27 }, (_, i) => i * 7);
  assertEquals(
    Deno.inspect(array),
    "[\n" +
      "    0,   7,  14,  21,  28,  35,  42,\n" +
      "   49,  56,  63,  70,  77,  84,  91,\n" +
      "   98, 105, 112, 119, 126, 133, 140,\n" +
      "  147, 154, 161, 168, 175, 182\n" +
      "]",
  );
});

test("strings, with the rest counted after 100", () => {
  const lines = Deno.inspect(Array.from({ length: 101 }, (_, i) => `s${i}`)).split("\n");
  assertEquals(lines[1], '  "s0",  "s1",  "s2",  "s3",  "s4",  "s5",  "s6",  "s7",');
  assertEquals(lines.at(-2), "  ... 1 more item");
});

test("wide characters take two columns", () => {
  const lines = Deno.inspect(
    Array.from({ length: 8 }, (_, i) => (i % 3 ? "日本" : "abcdef")),
  ).split("\n");
  assertEquals(lines[1], '  "abcdef", "日本",');
  assertEquals(lines[2], '  "日本",   "abcdef",');
});
