// colors: true puts ANSI codes around values; they do not count for the layout.
import { assertEquals, test } from "../harness.js";

const color = (value) => Deno.inspect(value, { colors: true });

test("each flavour has its colour", () => {
  assertEquals(color(1), "\x1b[33m1\x1b[39m");
  assertEquals(color("a"), '\x1b[32m"a"\x1b[39m');
  assertEquals(color(undefined), "\x1b[90mundefined\x1b[39m");
  assertEquals(color(null), "\x1b[1mnull\x1b[22m");
  assertEquals(color(Symbol("s")), "\x1b[32mSymbol(s)\x1b[39m");
  assertEquals(color(/a/), "\x1b[31m/a/\x1b[39m");
  assertEquals(color(new Date(0)), "\x1b[35m1970-01-01T00:00:00.000Z\x1b[39m");
  assertEquals(
    color(() => {}),
    "\x1b[36m[Function (anonymous)]\x1b[39m",
  );
});

test("the layout is that of the text without colours", () => {
  const array = Array.from({ length: 30 }, (_, i) => i);
  // deno-lint-ignore no-control-regex
  assertEquals(color(array).replace(/\x1b\[\d+m/g, ""), Deno.inspect(array));
});
