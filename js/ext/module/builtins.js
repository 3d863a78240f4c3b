// The built-in modules of Node that rt has ("node:…"), for import and require(). Must never pretend:
// what is not here is an error. New ones are registered in js/node/all.js.

import { primordials } from "rt:bootstrap/primordials.js";

const { ArrayPrototypePush, Error, ObjectHasOwn, ObjectKeys, StringPrototypeStartsWith } =
  primordials;

/** "node:x" to what require() of it gives. */
const modules = { __proto__: null };
/** "node:x" to a function that makes that, until it was asked for. */
const makers = { __proto__: null };
const names = [];

/** Makes `exports` the module "node:<name>"; only while the snapshot is built. */
export function registerBuiltin(name, exports) {
  modules[`node:${name}`] = exports;
  ArrayPrototypePush(names, name);
}

/**
 * The same for a module that is made when a program first asks for it, and that is reached under
 * "node:" alone.
 */
export function registerLazyBuiltin(name, make) {
  makers[`node:${name}`] = make;
  ArrayPrototypePush(names, `node:${name}`);
}

function find(full) {
  const exports = modules[full];
  if (exports !== undefined || makers[full] === undefined) return exports;
  return (modules[full] = makers[full]());
}

/** The names of all; without "node:", unless it is needed. */
export const builtinNames = names;

/** "node:x" for "x" and "node:x" if there is such a module, else undefined. */
export function builtinNameOf(name) {
  if (typeof name !== "string") return undefined;
  if (makers[name] !== undefined) return name;
  const full = StringPrototypeStartsWith(name, "node:") ? name : `node:${name}`;
  return modules[full] === undefined || makers[full] !== undefined ? undefined : full;
}

/** What require("node:x") gives. */
export function builtin(name) {
  const exports = find(name);
  if (exports !== undefined) return exports;
  const error = new Error(`not implemented: ${name}`);
  error.code = "ERR_UNKNOWN_BUILTIN_MODULE";
  throw error;
}

/** Hook: what an import of "node:x" may name: its members and `default`. Null: there is none. */
export function importNames(name) {
  const exports = find(name);
  if (exports === undefined) return null;
  const found = ["default"];
  const keys = ObjectKeys(exports);
  for (let i = 0; i < keys.length; i++) {
    if (keys[i] !== "default") ArrayPrototypePush(found, keys[i]);
  }
  return found;
}

/** Hook: the values of those names, in their order. */
export function importValues(name, wanted) {
  const exports = find(name);
  const values = [exports];
  for (let i = 1; i < wanted.length; i++) {
    ArrayPrototypePush(values, ObjectHasOwn(exports, wanted[i]) ? exports[wanted[i]] : undefined);
  }
  return values;
}
