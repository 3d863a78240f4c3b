import { assert, assertEquals, assertThrows, test } from "../harness.js";

test("get, set, has, delete", () => {
  assertEquals(Deno.env.get("RT_TEST_A"), undefined);
  assertEquals(Deno.env.has("RT_TEST_A"), false);
  Deno.env.set("RT_TEST_A", "é=1");
  assertEquals(Deno.env.get("RT_TEST_A"), "é=1");
  assertEquals(Deno.env.has("RT_TEST_A"), true);
  Deno.env.set("RT_TEST_A", "");
  assertEquals([Deno.env.get("RT_TEST_A"), Deno.env.has("RT_TEST_A")], ["", true]);
  Deno.env.delete("RT_TEST_A");
  Deno.env.delete("RT_TEST_A");
  assertEquals(Deno.env.has("RT_TEST_A"), false);
});

test("toObject has everything, under any name", () => {
  Deno.env.set("__proto__", "odd");
  const all = Deno.env.toObject();
  assert(Object.hasOwn(all, "__proto__"));
  assertEquals(Object.getPrototypeOf(all), Object.prototype);
  assertEquals(all.PATH, Deno.env.get("PATH"));
  Deno.env.delete("__proto__");
});

test("names and values that cannot be", () => {
  for (const use of [(key) => Deno.env.get(key), (key) => Deno.env.set(key, ""), Deno.env.delete]) {
    assertThrows(() => use(""), TypeError, "Key is an empty string.");
    assertThrows(() => use("a=b"), TypeError, 'Key contains invalid characters: "a=b"');
    assertThrows(() => use("a\0b"), TypeError, 'Key contains invalid characters: "a\\0b"');
  }
  assertThrows(() => Deno.env.set("A", "\0"), TypeError, "Value contains invalid characters");
  assertThrows(() => Deno.env.get(Symbol()), TypeError);
});
