// Parts of the built-ins that are not evaluated when the snapshot is built but when a program first
// touches one of their names: what few programs use must not lengthen the start of all. A group is a
// file of lazy/ that hands what it has to `provide`; nothing but this file may import it, or it and
// what it imports would be evaluated at once. Such modules run after the program's own code may have
// changed the global objects, so their top level, too, uses primordials only.

import { op_core_define_lazy } from "rt:ops/core";
import { primordials } from "./primordials.js";

const { ArrayPrototypePush } = primordials;

const provided = { __proto__: null };

/** What the group `name` has; called by its file. */
export function provide(name, members) {
  provided[name] = members;
}

/**
 * Throws where the stack is nearly full: a group half evaluated would stay so for ever. The arguments
 * make a frame some 400 bytes large; compiling and evaluating the largest group takes 150 KiB.
 */
function reserveStack(frames, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t) {
  if (frames === 0) return a;
  return reserveStack(frames - 1, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, a) + 1;
}

/** The function that gives the group `name`, evaluated by `evaluate` if it was not yet. */
function group(name, evaluate) {
  return () => {
    if (provided[name] === undefined) {
      reserveStack(900, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
      try {
        evaluate();
      } catch (error) {
        // What esbuild makes of require() ends in a loop over an array, which a program can break;
        // the group is whole by then.
        if (provided[name] === undefined) throw error;
      }
    }
    return provided[name];
  };
}

export const caches = group("caches", () => require("./lazy/caches.js"));
export const crypto = group("crypto", () => require("./lazy/crypto.js"));
export const fetching = group("fetching", () => require("./lazy/fetching.js"));
export const files = group("files", () => require("./lazy/files.js"));
export const locks = group("locks", () => require("./lazy/locks.js"));
export const node = group("node", () => require("./lazy/node.js"));
export const patterns = group("patterns", () => require("./lazy/patterns.js"));
export const performance = group("performance", () => require("./lazy/performance.js"));
export const serving = group("serving", () => require("./lazy/serving.js"));
export const sockets = group("sockets", () => require("./lazy/sockets.js"));
export const system = group("system", () => require("./lazy/system.js"));
export const scope = group("scope", () => require("./lazy/scope.js"));
export const workers = group("workers", () => require("./lazy/workers.js"));

/** The lazy properties: [function that gives the group, name of the member]. */
const properties = [];

/** Defines `names` on `target`, each the member of that name of the group that `load` gives. */
export function defineLazy(target, load, names, enumerable) {
  for (let i = 0; i < names.length; i++) {
    ArrayPrototypePush(properties, [load, names[i]]);
    op_core_define_lazy(target, names[i], properties.length - 1, enumerable);
  }
}

/** Hook: the value of the lazy property `number`. */
export function loadLazy(number) {
  const property = properties[number];
  return property[0]()[property[1]];
}
