// Random graphs of values through structuredClone (graph.js). Each is made from a number, which a failure names.
import { assert, test } from "../harness.js";
import { cloneGraph, moveGraph } from "./graph.js";

const kGraphs = 3000;

/** Numbers from a seed: always the same ones (mulberry32). */
function random(seed) {
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

test("random graphs", () => {
  let cloned = 0;
  for (let seed = 1; seed <= kGraphs; seed++) {
    cloned += Number(cloneGraph(random(seed), `graph ${seed}`));
  }
  const refused = kGraphs - cloned;
  assert(cloned > kGraphs / 2 && refused > kGraphs / 50, `${cloned} cloned, ${refused} refused`);
});

test("random graphs with buffers that move", () => {
  let moved = 0;
  for (let seed = 1; seed <= kGraphs; seed++) {
    moved += moveGraph(random(seed * 7919), `graph ${seed}`);
  }
  assert(moved > 100, `${moved} moved`);
});
