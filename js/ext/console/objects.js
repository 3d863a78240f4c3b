// What an object is called and which keys it shows: constructor names, prefixes such as
// `Foo(2) [tag] `, function and class headings. Survives hostile prototypes, and of accessors reads
// only `name` and `prototype` of constructors.

import { op_console_constructor_name, op_console_own_non_index_properties } from "rt:ops/console";
import { tryString } from "./strings.js";
import {
  KIND_ASYNC_FUNCTION,
  KIND_ASYNC_GENERATOR_FUNCTION,
  KIND_GENERATOR_FUNCTION,
} from "./kinds.js";
import { primordials } from "rt:bootstrap/primordials.js";

const {
  ArrayIsArray,
  ArrayPrototypeIncludes,
  ArrayPrototypePush,
  ErrorPrototype,
  FunctionPrototypeToString,
  ObjectGetOwnPropertyNames,
  ObjectGetOwnPropertySymbols,
  ObjectHasOwn,
  ObjectKeys,
  ObjectPrototypeIsPrototypeOf,
  ObjectPrototypePropertyIsEnumerable,
  ReflectGetOwnPropertyDescriptor,
  ReflectGetPrototypeOf,
  ReflectHas,
  ReflectOwnKeys,
  SafeMap,
  SafeSet,
  StringPrototypeEndsWith,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  TypedArrayPrototypeGetLength,
  TypedArrayPrototypeGetSymbolToStringTag,
} = primordials;

const MAX_PROTOTYPES = 1000;
const MAX_PROTOTYPES_SHOWN = 3;

/** Prototypes that are named right whatever a script does to their `constructor`. */
const wellKnownPrototypes = new SafeMap();
/** Names of the built-in globals: with showHidden, properties above these are not listed. */
const builtInNames = new SafeSet();
for (const name of ObjectGetOwnPropertyNames(globalThis)) {
  if (/^[A-Z][a-zA-Z0-9]+$/.test(name)) builtInNames.add(name);
}
for (const name of [
  "Array",
  "ArrayBuffer",
  "Function",
  "Map",
  "Set",
  "Object",
  "RegExp",
  "Date",
  "DataView",
  "Error",
  "AggregateError",
  "RangeError",
  "TypeError",
  "Boolean",
  "Number",
  "String",
  "Promise",
  "WeakMap",
  "WeakSet",
  "TypedArray",
]) {
  wellKnownPrototypes.set(primordials[`${name}Prototype`], name);
}

/** `value[key]`, or undefined if reading it throws. */
export function tryGet(value, key) {
  try {
    return value[key];
  } catch {
    return undefined;
  }
}

/** `key in value`; false if asking throws. */
export function tryHas(value, key) {
  try {
    return ReflectHas(value, key);
  } catch {
    return false;
  }
}

/** The own property descriptor, or undefined if there is none or asking throws. */
export function tryDescriptor(value, key) {
  try {
    return ReflectGetOwnPropertyDescriptor(value, key);
  } catch {
    return undefined;
  }
}

function isObject(value) {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** @returns {boolean} whether `prototype` is on `value`'s prototype chain */
export function isInstance(prototype, value) {
  try {
    return isObject(prototype) && ObjectPrototypeIsPrototypeOf(prototype, value);
  } catch {
    return false;
  }
}

/** @returns {boolean} whether `value` inherits from this realm's Error.prototype */
export function inheritsError(value) {
  return isInstance(ErrorPrototype, value);
}

/**
 * @returns {boolean} whether the first `count` elements of an array or typed array are all numbers
 */
export function isNumeric(value, count) {
  if (!ArrayIsArray(value)) return count <= TypedArrayPrototypeGetLength(value);
  for (let i = 0; i < count; i++) {
    const descriptor = ReflectGetOwnPropertyDescriptor(value, i);
    if (descriptor === undefined || !ObjectHasOwn(descriptor, "value")) return false;
    const type = typeof descriptor.value;
    if (type !== "number" && type !== "bigint") return false;
  }
  return true;
}

/**
 * `Foo(2) [tag] `, with the trailing space.
 * @param {string | null} constructor null for an object without a prototype
 * @param {string} tag its Symbol.toStringTag, "" if none
 * @param {string} fallback what to call it without a constructor
 * @param {string} [size]
 */
export function getPrefix(constructor, tag, fallback, size = "") {
  if (constructor === null) {
    const suffix = tag !== "" && fallback !== tag ? `[${tag}] ` : "";
    return `[${fallback}${size}: null prototype] ${suffix}`;
  }
  const suffix = tag !== "" && constructor !== tag ? `[${tag}] ` : "";
  return `${constructor}${size} ${suffix}`;
}

/** getPrefix for an object that is no built-in type. */
export function getObjectPrefix(value, constructor, tag) {
  let fallback = "";
  if (constructor === null) {
    fallback = op_console_constructor_name(value);
    if (fallback === tag) fallback = "Object";
  }
  return getPrefix(constructor, tag, fallback);
}

/** The Symbol.toStringTag of `value`, or "". */
export function getTag(value, symbol) {
  const tag = tryGet(value, symbol);
  return typeof tag === "string" ? tag : "";
}

/** The name of the constructor that `prototype` belongs to, if `value` is an instance of it. */
function namedConstructor(prototype, value) {
  const known = wellKnownPrototypes.get(prototype);
  if (known !== undefined && prototype !== value && isInstance(prototype, value)) return known;
  const descriptor = tryDescriptor(prototype, "constructor");
  if (descriptor === undefined || !ObjectHasOwn(descriptor, "value")) return undefined;
  const constructor = descriptor.value;
  if (typeof constructor !== "function") return undefined;
  const name = tryGet(constructor, "name");
  const text = typeof name === "string" ? name : tryNameText(name);
  if (text === "" || !isInstance(tryGet(constructor, "prototype"), value)) return undefined;
  return text;
}

function tryNameText(name) {
  return name === undefined || typeof name === "symbol" ? "" : (tryString(name) ?? "");
}

/**
 * What `value`'s constructor is called, `Foo <Bar>` for prototypes without a constructor of their
 * own,
 * or null if it has no prototype.
 * @param {import("./context.js").InspectContext} ctx
 * @param {object} value
 * @param {number} depth
 * @param {object[] | undefined} holders receives, with showHidden, the prototypes whose properties
 *   are to be listed too
 * @returns {string | null}
 */
export function getConstructorName(ctx, value, depth, holders) {
  let first;
  let current = value;
  for (let i = 0; i < MAX_PROTOTYPES && current !== null; i++) {
    const name = namedConstructor(current, value);
    if (name !== undefined) {
      if (holders !== undefined && (first !== current || !builtInNames.has(name))) {
        collectHolders(value, first ?? value, holders);
      }
      return name;
    }
    try {
      current = ReflectGetPrototypeOf(current);
    } catch {
      break;
    }
    if (first === undefined) first = current;
  }
  if (first === null) return null;
  const own = op_console_constructor_name(value);
  if (ctx.pastDepth(depth) || first === undefined) return `${own} <Complex prototype>`;
  const inherited = getConstructorName(ctx, first, depth + 1, holders);
  if (inherited !== null) return `${own} <${inherited}>`;
  const inner = ctx.fork();
  inner.customInspect = false;
  inner.depth = -1;
  return `${own} <${inner.formatValue(inner, first, 0)}>`;
}

/**
 * What the class of `value` is called, if it extends that of the built-in prototypes `isBuiltIn`
 * knows, else `name`.
 */
export function subclassName(value, name, isBuiltIn) {
  let current = value;
  for (let i = 0; i < MAX_PROTOTYPES && current !== null && !isBuiltIn(current); i++) {
    const found = namedConstructor(current, value);
    if (found !== undefined) return found;
    try {
      current = ReflectGetPrototypeOf(current);
    } catch {
      return name;
    }
  }
  return name;
}

/** The prototypes above `value`, up to a built-in one, whose non-function properties are shown. */
function collectHolders(value, start, holders) {
  let current = start;
  for (let i = 0; i < MAX_PROTOTYPES_SHOWN; i++) {
    if (i !== 0 || current === value) {
      try {
        current = ReflectGetPrototypeOf(current);
      } catch {
        return;
      }
      if (current === null) return;
      const descriptor = tryDescriptor(current, "constructor");
      if (descriptor !== undefined && typeof descriptor.value === "function") {
        if (builtInNames.has(tryGet(descriptor.value, "name"))) return;
      }
    }
    ArrayPrototypePush(holders, current);
  }
}

/** [holder, key, descriptor] of the prototype properties to list (showHidden). */
export function getPrototypeProperties(value, holders) {
  const found = [];
  const seen = new SafeSet();
  for (let i = 0; i < holders.length; i++) {
    const holder = holders[i];
    const keys = tryOwnKeys(holder);
    for (let j = 0; j < keys.length; j++) {
      const key = keys[j];
      if (key === "constructor" || seen.has(key) || tryDescriptor(value, key) !== undefined) {
        continue;
      }
      const descriptor = tryDescriptor(holder, key);
      if (descriptor === undefined || typeof descriptor.value === "function") continue;
      ArrayPrototypePush(found, { holder, key, descriptor });
    }
    for (let j = 0; j < keys.length; j++) seen.add(keys[j]);
  }
  return found;
}

function tryOwnKeys(value) {
  try {
    return ReflectOwnKeys(value);
  } catch {
    return [];
  }
}

/**
 * The keys shown as properties: own enumerable ones, with showHidden all own ones.
 * @param {object} value
 * @param {boolean} showHidden
 * @returns {(string | symbol)[]}
 */
export function getKeys(value, showHidden) {
  const symbols = ObjectGetOwnPropertySymbols(value);
  let keys;
  if (showHidden) {
    keys = ObjectGetOwnPropertyNames(value);
  } else {
    try {
      keys = ObjectKeys(value);
    } catch {
      // A module namespace with bindings that are not initialised yet.
      keys = ObjectGetOwnPropertyNames(value);
    }
  }
  for (let i = 0; i < symbols.length; i++) {
    if (showHidden || ObjectPrototypePropertyIsEnumerable(value, symbols[i])) {
      ArrayPrototypePush(keys, symbols[i]);
    }
  }
  return keys;
}

/** The same for arrays and typed arrays, whose elements are not properties. */
export function getNonIndexKeys(value, showHidden) {
  return op_console_own_non_index_properties(value, !showHidden);
}

/** `array` without the first occurrence of `item`. */
export function without(array, item) {
  if (!ArrayPrototypeIncludes(array, item)) return array;
  const rest = [];
  for (let i = 0; i < array.length; i++) {
    if (array[i] !== item) ArrayPrototypePush(rest, array[i]);
  }
  return rest;
}

/** Whether function source text is that of a class (and not of a method called `class`). */
function isClassSource(source) {
  if (!StringPrototypeStartsWith(source, "class") || !StringPrototypeEndsWith(source, "}")) {
    return false;
  }
  const brace = StringPrototypeIndexOf(source, "{", 5);
  if (brace === -1) return false;
  if (!StringPrototypeIncludes(StringPrototypeSlice(source, 5, brace), "(")) return true;
  const head = stripComments(StringPrototypeSlice(source, 5));
  const space = head[0];
  if (space !== " " && space !== "\n" && space !== "\t" && space !== "\r") return false;
  const open = StringPrototypeIndexOf(head, "{");
  return open !== -1 && !StringPrototypeIncludes(StringPrototypeSlice(head, 0, open), "(");
}

function stripComments(source) {
  let result = "";
  let copied = 0;
  for (let i = StringPrototypeIndexOf(source, "/"); i !== -1; ) {
    const line = source[i + 1] === "/";
    if (!line && source[i + 1] !== "*") {
      i = StringPrototypeIndexOf(source, "/", i + 1);
      continue;
    }
    const end = StringPrototypeIndexOf(source, line ? "\n" : "*/", i + 2);
    if (end === -1) break;
    result += StringPrototypeSlice(source, copied, i);
    copied = line ? end : end + 2;
    i = StringPrototypeIndexOf(source, "/", copied);
  }
  return result + StringPrototypeSlice(source, copied);
}

function classHeading(value, constructor, tag) {
  const name = ObjectHasOwn(value, "name") ? tryGet(value, "name") : undefined;
  const text = name ? tryNameText(name) || "(anonymous)" : "(anonymous)";
  let heading = `class ${text}`;
  if (constructor !== "Function" && constructor !== null) heading += ` [${constructor}]`;
  if (tag !== "" && constructor !== tag) heading += ` [${tag}]`;
  if (constructor === null) return `[${heading} extends [null prototype]]`;
  const superName = tryGet(ReflectGetPrototypeOf(value), "name");
  if (typeof superName === "string" && superName !== "") heading += ` extends ${superName}`;
  return `[${heading}]`;
}

/**
 * `[Function: name]`, `[class A extends B]` and the like.
 * @param {Function} value not a proxy
 * @param {number} kind its kind
 * @param {string | null} constructor
 * @param {string} tag
 */
export function functionHeading(value, kind, constructor, tag) {
  if (isClassSource(FunctionPrototypeToString(value))) return classHeading(value, constructor, tag);
  let type = "Function";
  if (kind === KIND_GENERATOR_FUNCTION) type = "GeneratorFunction";
  else if (kind === KIND_ASYNC_FUNCTION) type = "AsyncFunction";
  else if (kind === KIND_ASYNC_GENERATOR_FUNCTION) type = "AsyncGeneratorFunction";
  const name = tryGet(value, "name");
  let heading = `[${type}${constructor === null ? " (null prototype)" : ""}`;
  heading += name === "" ? " (anonymous)" : `: ${tryString(name) ?? "(anonymous)"}`;
  heading += "]";
  if (constructor !== type && constructor !== null) heading += ` ${constructor}`;
  if (tag !== "" && constructor !== tag) heading += ` [${tag}]`;
  return heading;
}

/** The name of a typed array's type ("Uint8Array"), from its internal slot. */
export function typedArrayName(value) {
  return TypedArrayPrototypeGetSymbolToStringTag(value);
}
