// node:module: https://nodejs.org/api/module.html. createRequire and what goes with it; hooks into
// loading are not there.

import { op_modules_file_path } from "rt:ops/modules";
import { primordials } from "rt:bootstrap/primordials.js";
import { builtinNameOf, builtinNames } from "rt:ext/module/builtins.js";
import { createRequireFor, Module, moduleCache, resolveFilename } from "rt:ext/module/common_js.js";

const { StringPrototypeStartsWith, TypeError } = primordials;

/** A require() for the file at `filename`: an absolute path, or a file URL as text or object. */
export function createRequire(filename) {
  const text = typeof filename === "object" && filename !== null ? filename.href : filename;
  if (typeof text === "string" && StringPrototypeStartsWith(text, "/")) {
    return createRequireFor(text);
  }
  if (typeof text !== "string" || !StringPrototypeStartsWith(text, "file:")) {
    const error = new TypeError(
      `The argument 'filename' must be a file URL object, file URL string, or absolute path string. Received ${typeof text === "string" ? `'${text}'` : typeof text}`,
    );
    error.code = "ERR_INVALID_ARG_VALUE";
    throw error;
  }
  return createRequireFor(op_modules_file_path(text));
}

/** Whether this executable has a built-in module of this name, with or without "node:". */
export function isBuiltin(name) {
  return builtinNameOf(name) !== undefined;
}

/** The built-in modules there are. */
export const builtinModules = builtinNames;

Module.Module = Module;
Module.createRequire = createRequire;
Module.isBuiltin = isBuiltin;
Module.builtinModules = builtinModules;
Module._cache = moduleCache;
Module._resolveFilename = (specifier, parent = undefined) =>
  resolveFilename(specifier, parent?.filename ?? "/noop.js");

export { Module };
export default Module;
