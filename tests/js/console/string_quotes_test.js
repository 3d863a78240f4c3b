// A string is put in the first kind of quotes that it does not contain.
import { assertEquals, test } from "../harness.js";

test("double quotes come first, then single ones, then backticks", () => {
  assertEquals(Deno.inspect("it's"), `"it's"`);
  assertEquals(Deno.inspect('say "hi"'), `'say "hi"'`);
  assertEquals(Deno.inspect(`both ' and "`), "`both ' and \"`");
});

test("with all three inside, double quotes are escaped", () => {
  assertEquals(Deno.inspect("' \" `"), '"\' \\" `"');
});

test("backslashes and control characters are escaped", () => {
  assertEquals(
    Deno.inspect("a\\b\n\t\r\b\f\v\0\x1b\x7f"),
    '"a\\\\b\\n\\t\\r\\b\\f\\v\\x00\\x1b\\x7f"',
  );
});

test("escapeSequences: false leaves control characters alone", () => {
  assertEquals(Deno.inspect("a\x1bb\\", { escapeSequences: false }), '"a\x1bb\\\\"');
});
