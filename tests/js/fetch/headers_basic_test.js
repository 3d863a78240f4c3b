// Headers: names without case, combined values, sorted live iteration.
import { assertEquals, test } from "../harness.js";

test("append, set, delete, has, get", () => {
  const headers = new Headers([
    ["B", "1"],
    ["a", " 2\t"],
    ["b", "3"],
  ]);
  assertEquals([headers.get("b"), headers.get("A"), headers.get("c")], ["1, 3", "2", null]);
  headers.set("B", "4");
  headers.append("c", "");
  assertEquals(
    [...headers],
    [
      ["a", "2"],
      ["b", "4"],
      ["c", ""],
    ],
  );
  headers.delete("A");
  assertEquals([headers.has("a"), headers.has("B")], [false, true]);
});

test("set-cookie is never combined", () => {
  const headers = new Headers([
    ["Set-Cookie", "a=1"],
    ["x", "y"],
    ["set-cookie", "b=2"],
  ]);
  assertEquals(headers.getSetCookie(), ["a=1", "b=2"]);
  assertEquals(
    [...headers],
    [
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
      ["x", "y"],
    ],
  );
});

test("iteration sees changes", () => {
  const headers = new Headers({ a: "1", c: "3" });
  const keys = [];
  for (const [key] of headers) {
    keys.push(key);
    if (key === "a") headers.set("b", "2");
  }
  assertEquals(keys, ["a", "b", "c"]);
});

test("a copy is a copy", () => {
  const first = new Headers({ a: "1" });
  const second = new Headers(first);
  first.set("a", "2");
  assertEquals([...second.values()], ["1"]);
});
