// A graph whose printed form would be astronomically large is cut short.
import { assert, test } from "../harness.js";

test("three hundred objects that all know each other", () => {
  const nodes = Array.from({ length: 300 }, () => ({}));
  for (const node of nodes) {
    for (let i = 0; i < nodes.length; i++) node[`k${i}`] = nodes[i];
  }
  const text = Deno.inspect(nodes[0]);
  assert(text.startsWith("<ref *1> {\n  k0: [Circular *1],"));
  assert(text.endsWith("k299: [Object]\n}"));
});

test("a string of 500 million units is cut", () => {
  const text = Deno.inspect({ a: "x".repeat(500_000_000) });
  assert(text.endsWith('x"... 499990000 more characters\n}'));
});
