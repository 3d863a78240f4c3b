// CommonJS: require(), module and their cache, and what `import` sees of a CommonJS file.
// https://nodejs.org/api/modules.html. Which file a name means, what it holds and whether it may be
// read is C++ (src/module/required.cc). Must never read a file itself.

import {
  op_modules_is_stored,
  op_modules_load_required,
  op_modules_resolve_required,
} from "rt:ops/modules";
import { primordials } from "rt:bootstrap/primordials.js";
import { builtin, builtinNameOf } from "./builtins.js";
import { exportNames } from "./export_names.js";

const {
  ArrayIsArray,
  ArrayPrototypePush,
  Error,
  ErrorPrototype,
  JSONParse,
  ObjectDefineProperty,
  ObjectPrototypeIsPrototypeOf,
  ReflectApply,
  SafeMap,
  StringPrototypeLastIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  SyntaxError,
  TypeError,
} = primordials;

// The kinds of src/module/required.cc.
const COMMON_JS = 0;
const JSON_TEXT = 1;

/** The modules that were loaded, by path: what `require.cache` is. */
const cache = { __proto__: null };
/** Compiled for an import, not evaluated yet: path to function. */
const compiled = new SafeMap();
let mainModule;

function dirname(path) {
  const slash = StringPrototypeLastIndexOf(path, "/");
  return slash === 0 ? "/" : StringPrototypeSlice(path, 0, slash);
}

function checkName(specifier) {
  if (typeof specifier !== "string") {
    const error = new TypeError(
      `The "id" argument must be of type string. Received ${specifier === null ? "null" : `type ${typeof specifier}`}`,
    );
    error.code = "ERR_INVALID_ARG_TYPE";
    throw error;
  }
  if (specifier === "") {
    const error = new TypeError("The argument 'id' must be a non-empty string. Received ''");
    error.code = "ERR_INVALID_ARG_VALUE";
    throw error;
  }
}

/** The path of the file that `specifier` means in the file at `from`, or "node:…". */
function resolve(specifier, from, parent, own) {
  checkName(specifier);
  try {
    return op_modules_resolve_required(specifier, from, own);
  } catch (error) {
    if (error.code === "MODULE_NOT_FOUND") {
      const stack = [];
      for (let at = parent; at; at = at.parent) ArrayPrototypePush(stack, at.filename ?? at.id);
      if (stack.length > 0) {
        error.message += "\nRequire stack:";
        for (let i = 0; i < stack.length; i++) error.message += `\n- ${stack[i]}`;
      }
      error.requireStack = stack;
    }
    throw error;
  }
}

/** One CommonJS module: what a file knows as `module`. */
export class Module {
  constructor(id = "", parent = undefined) {
    this.id = id;
    this.path = dirname(id);
    this.exports = {};
    ObjectDefineProperty(this, "parent", {
      __proto__: null,
      value: parent,
      writable: true,
      enumerable: false,
      configurable: true,
    });
    this.filename = null;
    this.loaded = false;
    this.children = [];
    this.paths = nodeModulesPaths(this.path);
    if (parent) ArrayPrototypePush(parent.children, this);
  }

  /** Loads a module as this one's file would with require(). */
  require(specifier) {
    return requireFrom(specifier, this.filename ?? this.id, this, false);
  }

  /** Fills this module from the file at an absolute path, with links followed. */
  load(filename) {
    if (typeof filename !== "string" || !StringPrototypeStartsWith(filename, "/")) {
      throw new TypeError("The argument 'filename' must be an absolute path");
    }
    this.filename = filename;
    this.path = dirname(filename);
    this.paths = nodeModulesPaths(this.path);
    fill(this, op_modules_load_required(filename, true, false));
    this.loaded = true;
  }
}

function nodeModulesPaths(folder) {
  const paths = [];
  for (let at = folder; ; at = dirname(at)) {
    const name = StringPrototypeSlice(at, StringPrototypeLastIndexOf(at, "/") + 1);
    if (name !== "node_modules") {
      ArrayPrototypePush(paths, at === "/" ? "/node_modules" : `${at}/node_modules`);
    }
    if (at === "/" || at === "") return paths;
  }
}

function requireFrom(specifier, from, parent, own) {
  const path = resolve(specifier, from, parent, own);
  if (StringPrototypeStartsWith(path, "node:")) return builtin(path);
  return load(path, parent, own).exports;
}

/** Cached, or loaded and evaluated now. */
function load(path, parent, own) {
  const known = cache[path];
  if (known !== undefined) {
    if (parent) ArrayPrototypePush(parent.children, known);
    return known;
  }
  const code = compiled.get(path);
  compiled.delete(path);
  const module = new Module(path, parent);
  module.filename = path;
  cache[path] = module;
  let done = false;
  try {
    if (code !== undefined) {
      evaluate(module, code);
    } else {
      fill(module, op_modules_load_required(path, true, own));
    }
    done = true;
  } finally {
    // What failed is tried anew the next time, as in Node.
    if (!done && cache[path] === module) delete cache[path];
  }
  module.loaded = true;
  return module;
}

function fill(module, { 0: kind, 1: value }) {
  if (kind === COMMON_JS) {
    evaluate(module, value);
  } else if (kind === JSON_TEXT) {
    try {
      module.exports = JSONParse(value);
    } catch (error) {
      if (ObjectPrototypeIsPrototypeOf(ErrorPrototype, error)) {
        throw new SyntaxError(`${module.filename}: ${error.message}`);
      }
      throw error;
    }
  } else {
    module.exports = value;
  }
}

function evaluate(module, code) {
  const path = module.filename;
  ReflectApply(code, module.exports, [
    module.exports,
    // What a registry's package requires is judged as code of another host is.
    makeRequire(path, module, !op_modules_is_stored(path)),
    module,
    path,
    dirname(path),
  ]);
}

/** `own`: for the file itself, not by createRequire for who knows whom. */
function makeRequire(from, parent, own) {
  function require(specifier) {
    return requireFrom(specifier, from, parent, own);
  }
  require.resolve = function resolveRequired(specifier, options = undefined) {
    const paths = options?.paths;
    if (paths === undefined) return resolve(specifier, from, parent, own);
    if (!ArrayIsArray(paths)) throw new TypeError("options.paths must be an array");
    let failure;
    for (let i = 0; i < paths.length; i++) {
      try {
        return resolve(specifier, `${paths[i]}/noop.js`, parent, own);
      } catch (error) {
        failure = error;
      }
    }
    throw failure ?? notFound(specifier);
  };
  require.resolve.paths = function paths(specifier) {
    checkName(specifier);
    if (builtinNameOf(specifier) !== undefined) return null;
    const isRelative =
      StringPrototypeStartsWith(specifier, "./") || StringPrototypeStartsWith(specifier, "../");
    return isRelative ? [dirname(from)] : nodeModulesPaths(dirname(from));
  };
  require.main = mainModule;
  require.cache = cache;
  return require;
}

function notFound(specifier) {
  const error = new Error(`Cannot find module '${specifier}'`);
  error.code = "MODULE_NOT_FOUND";
  return error;
}

/** A require() for a file that is none of CommonJS: module.createRequire. `path` is absolute. */
export function createRequireFor(path) {
  const module = new Module(path, undefined);
  module.filename = path;
  return makeRequire(path, module, false);
}

/** The path a require() of `specifier` in the file at `from` would load. */
export function resolveFilename(specifier, from) {
  return resolve(specifier, from, undefined, false);
}

export { cache as moduleCache };

/**
 * Hook: an import found the CommonJS file at `path`; `code` is its function. What it seems to
 * export, by reading its text: the names an `import { … }` of it may use. Does not run it.
 */
export function importCommonJs(path, code, text) {
  if (cache[path] === undefined) compiled.set(path, code);
  return exportNames(path, text);
}

/** Hook: evaluates what importCommonJs saw. The values of those names, in their order. */
export function evaluateCommonJs(path, names, isMain) {
  let module = cache[path];
  if (module === undefined) {
    if (isMain) {
      module = loadMain(path);
    } else {
      module = load(path, undefined, true);
    }
  }
  const { exports } = module;
  const values = [];
  for (let i = 0; i < names.length; i++) {
    ArrayPrototypePush(values, valueOf(exports, names[i]));
  }
  return values;
}

function loadMain(path) {
  const code = compiled.get(path);
  compiled.delete(path);
  mainModule = new Module(".", undefined);
  mainModule.filename = path;
  mainModule.path = dirname(path);
  mainModule.paths = nodeModulesPaths(mainModule.path);
  cache[path] = mainModule;
  evaluate(mainModule, code);
  mainModule.loaded = true;
  return mainModule;
}

function valueOf(exports, name) {
  if (name === "default" || name === "module.exports") return exports;
  if (exports === null || (typeof exports !== "object" && typeof exports !== "function")) {
    return undefined;
  }
  // A getter that throws hides one name, not the module: as in Node.
  try {
    return exports[name];
  } catch {
    return undefined;
  }
}
