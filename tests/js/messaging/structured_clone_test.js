// structuredClone copies graphs of built-in types.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

test("built-in types, cycles and identity", () => {
  const shared = { x: 1 };
  const value = {
    map: new Map([[shared, new Set([1n, -0, NaN])]]),
    date: new Date(5),
    pattern: /a/gi,
    bytes: new Uint8Array([1, 2, 3]).subarray(1),
    sparse: [1, , 3],
    shared,
  };
  value.self = value;
  const copy = structuredClone(value);
  assert(copy !== value && copy.self === copy);
  assert(copy.map.keys().next().value === copy.shared && copy.shared !== shared);
  assertEquals([...copy.map.values()][0], new Set([1n, -0, NaN]));
  assertEquals(
    [copy.date.getTime(), String(copy.pattern), copy.bytes.buffer.byteLength],
    [5, "/a/gi", 3],
  );
  assertEquals([copy.sparse.length, 1 in copy.sparse], [3, false]);
});

test("errors keep class, message, stack and cause", () => {
  const error = new RangeError("m", { cause: new TypeError("c") });
  const copy = structuredClone(error);
  assert(copy instanceof RangeError && copy.cause instanceof TypeError);
  assertEquals([copy.message, copy.stack], ["m", error.stack]);
});

test("DOMException, once for each object", () => {
  const error = new DOMException("m", "DataError");
  const copy = structuredClone([error, error]);
  assert(copy[0] instanceof DOMException && copy[0] === copy[1] && copy[0] !== error);
  assertEquals([copy[0].name, copy[0].code, copy[0].stack], ["DataError", 0, error.stack]);
});

test("a class of the script becomes a plain object", () => {
  class Point {
    x = 1;
  }
  assertEquals(structuredClone(new Point()), { x: 1 });
});

test("what cannot be cloned is a DataCloneError", () => {
  for (const value of [
    () => 1,
    Symbol("s"),
    new Headers(),
    new Event("x"),
    { a: [new WeakMap()] },
  ]) {
    assertEquals(assertThrows(() => structuredClone(value), DOMException).name, "DataCloneError");
  }
});

test("what a getter throws comes through", () => {
  const value = {
    get a() {
      throw new RangeError("mine");
    },
  };
  assertThrows(() => structuredClone(value), RangeError, "mine");
});
