// Inspection works when a script has replaced the methods it would call.
import { assertEquals, test } from "../harness.js";

const { defineProperty, getOwnPropertyDescriptor } = Object;
const poison = () => {
  throw new Error("poisoned");
};
const replaced = [
  [Array.prototype, ["push", "join", "includes", "slice", "sort", "map", Symbol.iterator]],
  [String.prototype, ["slice", "includes", "replace", "split", "padEnd", "repeat", "startsWith"]],
  [Map.prototype, ["get", "set", "has", "entries", Symbol.iterator]],
  [RegExp.prototype, ["exec", "test", "flags", Symbol.replace, Symbol.split]],
  [Object.prototype, ["hasOwnProperty", "get", "set", "value"]],
].flatMap(([prototype, keys]) =>
  keys.map((key) => {
    const old = getOwnPropertyDescriptor(prototype, key);
    return { prototype, key, old: old && { __proto__: null, ...old } };
  }),
);

test("all of them at once", () => {
  const value = { list: [1, 2, 3], map: new Map([["k", /a/g]]), text: "it's\n", none: undefined };
  for (let i = 0; i < replaced.length; i++) {
    const { prototype, key } = replaced[i];
    defineProperty(prototype, key, { __proto__: null, value: poison, configurable: true });
  }
  let text;
  try {
    text = Deno.inspect(value);
  } finally {
    for (let i = 0; i < replaced.length; i++) {
      const { prototype, key, old } = replaced[i];
      delete prototype[key];
      if (old) defineProperty(prototype, key, old);
    }
  }
  assertEquals(
    text,
    '{\n  list: [ 1, 2, 3 ],\n  map: Map(1) { "k" => /a/g },\n  text: "it\'s\\n",\n  none: undefined\n}',
  );
});
