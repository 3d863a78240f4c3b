// Deno.inspect: any value as text. Follows Deno's output. Must never call a getter (unless asked to) or
// trust anything a script could have changed; only custom-inspect hooks and toStringTag run user code.

import { op_console_kind, op_console_proxy_details } from "rt:ops/console";
import * as kinds from "./kinds.js";
import {
  formatArray,
  formatBufferContents,
  formatIterator,
  formatMap,
  formatNamespace,
  formatPromise,
  formatSet,
  formatTypedArray,
  formatWeak,
} from "./collections.js";
import { InspectContext, isForeign } from "./context.js";
import { formatErrorObject } from "./errors.js";
import { ENTRIES_ARRAY_EXTRAS, ENTRIES_OBJECT, joinEntries } from "./layout.js";
import {
  functionHeading,
  getConstructorName,
  getKeys,
  getNonIndexKeys,
  getObjectPrefix,
  getPrefix,
  getPrototypeProperties,
  getTag,
  inheritsError,
  isInstance,
  tryGet,
  tryHas,
} from "./objects.js";
import { formatNamed, formatProperty } from "./properties.js";
import { formatPrimitive, indentLines, tryString } from "./strings.js";
import { stylizeNone } from "./styles.js";
import { primordials } from "rt:bootstrap/primordials.js";

const {
  ArrayBufferPrototypeGetByteLength,
  ArrayPrototypeIncludes,
  ArrayPrototypePush,
  ArrayPrototypeSlice,
  ArrayPrototypeSort,
  BigIntPrototypeValueOf,
  BooleanPrototypeValueOf,
  DataViewPrototypeGetBuffer,
  DataViewPrototypeGetByteLength,
  DataViewPrototypeGetByteOffset,
  DatePrototypeGetTime,
  DatePrototypeToISOString,
  MapPrototypeGetSize,
  NumberPrototypeValueOf,
  ObjectDefineProperty,
  ReflectApply,
  RegExpPrototypeGetDotAll,
  RegExpPrototypeGetGlobal,
  RegExpPrototypeGetHasIndices,
  RegExpPrototypeGetIgnoreCase,
  RegExpPrototypeGetMultiline,
  RegExpPrototypeGetSource,
  RegExpPrototypeGetSticky,
  RegExpPrototypeGetUnicode,
  RegExpPrototypeGetUnicodeSets,
  SafeMap,
  SetPrototypeGetSize,
  SharedArrayBufferPrototypeGetByteLength,
  String,
  StringPrototypeEndsWith,
  StringPrototypeRepeat,
  StringPrototypeSlice,
  StringPrototypeValueOf,
  SymbolFor,
  SymbolPrototypeValueOf,
  SymbolToStringTag,
  TypedArrayPrototypeGetLength,
} = primordials;

const customInspectSymbol = SymbolFor("Deno.customInspect");
const privateCustomInspectSymbol = SymbolFor("Deno.privateCustomInspect");
const nodeInspectSymbol = SymbolFor("nodejs.util.inspect.custom");

const localePrototype = globalThis.Intl?.Locale?.prototype;
const LOCALE_KEYS = [
  "baseName",
  "calendar",
  "caseFirst",
  "collation",
  "hourCycle",
  "language",
  "numberingSystem",
  "numeric",
  "region",
  "script",
];

/** How an object is to be printed: what describe() found out. */
class Shape {
  /** Text before the braces, "" if none. */
  base = "";
  open = "{";
  close = "}";
  /** Own keys to print as properties. */
  keys;
  /** `(ctx, value, depth, shape) => string[]`: entries before the properties. */
  contents = undefined;
  entries = ENTRIES_OBJECT;
  /** The whole text, if there is nothing to print in braces. */
  done = undefined;
  constructor(keys) {
    this.keys = keys;
  }
}

/** Follows a proxy (of a proxy…) to its target; null if one of them is revoked. */
function unwrapProxy(value) {
  let target = value;
  for (;;) {
    const details = op_console_proxy_details(target);
    if (details === null) return target;
    target = details[0];
    if (target === null) return null;
  }
}

/**
 * `value` as text, inside the inspection `ctx`.
 * @param {InspectContext} ctx
 * @param {unknown} value
 * @param {number} depth how deep `value` is
 * @param {boolean} [inView] value is the buffer of a view that is being printed
 * @returns {string}
 */
export function formatValue(ctx, value, depth, inView = false) {
  ctx.countValue();
  if ((typeof value !== "object" && typeof value !== "function") || value === null) {
    return formatPrimitive(ctx.stylize, value, ctx);
  }
  const original = value;
  let proxy;
  let kind = op_console_kind(value);
  if (kind === kinds.KIND_PROXY) {
    if (ctx.showProxy) {
      proxy = op_console_proxy_details(value);
      if (proxy[0] === null) return ctx.stylize("<Revoked Proxy>", "special");
    } else {
      value = unwrapProxy(value);
      if (value === null) return ctx.stylize("<Revoked Proxy>", "special");
      kind = op_console_kind(value);
    }
  }
  if (ctx.customInspect) {
    const text = callHooks(ctx, original, value, proxy === undefined ? value : proxy[0], depth);
    if (text !== undefined) return text;
  }
  if (ArrayPrototypeIncludes(ctx.seen, value)) return formatCircular(ctx, value);
  if (proxy !== undefined) return `Proxy ${formatValue(ctx, proxy, depth)}`;
  return formatObject(ctx, value, kind, depth, inView);
}

function formatCircular(ctx, value) {
  ctx.circular ??= new SafeMap();
  let index = ctx.circular.get(value);
  if (index === undefined) {
    index = ctx.circular.size + 1;
    ctx.circular.set(value, index);
  }
  return ctx.stylize(`[Circular *${index}]`, "special");
}

/** The text a custom-inspect hook of the object gives; undefined if it has none. */
function callHooks(ctx, original, value, holder, depth) {
  for (let i = 0; i < 2; i++) {
    const symbol = i === 0 ? customInspectSymbol : privateCustomInspectSymbol;
    if (!tryHas(holder, symbol)) continue;
    const hook = holder[symbol];
    if (typeof hook !== "function") continue;
    return String(ReflectApply(hook, value, [ctx.inspect, ctx.toHookOptions()]));
  }
  const hook = tryGet(holder, nodeInspectSymbol);
  if (typeof hook !== "function" || hook === ctx.inspect) return undefined;
  // Not on a class's prototype object itself.
  const constructor = tryGet(value, "constructor");
  if (constructor && tryGet(constructor, "prototype") === value) return undefined;
  const left = ctx.depth === null ? null : ctx.depth - depth;
  const options = ctx.toUserOptions(isForeign(original));
  const result = ReflectApply(hook, original, [left, options, ctx.inspect]);
  if (result === original) return undefined;
  if (typeof result !== "string") return formatValue(ctx, result, depth);
  return indentLines(result, StringPrototypeRepeat(" ", ctx.indentation));
}

function formatObject(ctx, value, kind, depth, inView) {
  const holders = ctx.showHidden && !ctx.pastDepth(depth) ? [] : undefined;
  const constructor = getConstructorName(ctx, value, depth, holders);
  const tag = getTag(value, SymbolToStringTag);
  const inherited =
    holders !== undefined && holders.length > 0 ? getPrototypeProperties(value, holders) : [];
  const shape = describe(ctx, value, kind, constructor, tag, depth, inView, inherited.length > 0);
  if (shape.done !== undefined) return shape.done;
  if (ctx.pastDepth(depth)) {
    const name = StringPrototypeSlice(getObjectPrefix(value, constructor, tag), 0, -1);
    return ctx.stylize(constructor === null ? name : `[${name}]`, "special");
  }

  depth++;
  const { indentation } = ctx;
  ctx.enter(value, depth);
  const level = ctx.seen.length;
  let output;
  try {
    output = shape.contents === undefined ? [] : shape.contents(ctx, value, depth, shape);
    const { keys } = shape;
    for (let i = 0; i < keys.length; i++) {
      ArrayPrototypePush(output, formatProperty(ctx, value, depth, keys[i], shape.entries));
    }
    pushInherited(ctx, value, depth, inherited, output);
  } catch (error) {
    // A hook below threw, or the stack is exhausted: say so in place, and go on with the rest.
    ctx.indentation = indentation;
    const stack = tryString(tryGet(error, "stack") ?? error) ?? "";
    return ctx.stylize(`[Internal Formatting Error] ${stack}`, "internalError");
  } finally {
    ctx.seen.length = level - 1;
  }
  markReference(ctx, value, shape);
  if (ctx.sorted) output = sortEntries(ctx, output, shape);
  const text = joinEntries(
    ctx,
    output,
    shape.base,
    shape.open,
    shape.close,
    shape.entries,
    depth,
    value,
  );
  ctx.account(text.length);
  return text;
}

/** With showHidden: the properties of the prototypes, dimmed. */
function pushInherited(ctx, value, depth, inherited, output) {
  for (let i = 0; i < inherited.length; i++) {
    const { holder, key, descriptor } = inherited[i];
    const text = formatProperty(ctx, holder, depth, key, ENTRIES_OBJECT, descriptor, value);
    ArrayPrototypePush(output, ctx.colors ? `\x1b[2m${text}\x1b[22m` : text);
  }
}

function markReference(ctx, value, shape) {
  const index = ctx.circular === null ? undefined : ctx.circular.get(value);
  if (index === undefined) return;
  const reference = ctx.stylize(`<ref *${index}>`, "special");
  if (ctx.compact === true) shape.open = `${reference} ${shape.open}`;
  else shape.base = shape.base === "" ? reference : `${reference} ${shape.base}`;
}

function sortEntries(ctx, output, shape) {
  const comparator = ctx.sorted === true ? undefined : ctx.sorted;
  if (shape.entries === ENTRIES_OBJECT) return ArrayPrototypeSort(output, comparator);
  if (shape.keys.length <= 1) return output;
  const split = output.length - shape.keys.length;
  const tail = ArrayPrototypeSort(ArrayPrototypeSlice(output, split), comparator);
  for (let i = 0; i < tail.length; i++) output[split + i] = tail[i];
  return output;
}

/** Heading, braces, keys and contents of an object. */
function describe(ctx, value, kind, constructor, tag, depth, inView, hasInherited) {
  const collection = describeCollection(ctx, value, kind, constructor, tag, hasInherited);
  if (collection !== undefined) return collection;
  const shape = new Shape(getKeys(value, ctx.showHidden));
  if (inheritsError(value)) shape.keys = withoutCause(shape.keys);
  const bare = shape.keys.length === 0 && !hasInherited;
  if (constructor === "Object") {
    if (kind === kinds.KIND_ARGUMENTS) shape.open = "[Arguments] {";
    else if (tag !== "") shape.open = `${getPrefix(constructor, tag, "Object")}{`;
    if (bare) shape.done = `${shape.open}}`;
    return shape;
  }
  if (kinds.isFunctionKind(kind)) {
    shape.base = functionHeading(value, kind, constructor, tag);
    if (bare) shape.done = ctx.stylize(shape.base, "special");
    return shape;
  }
  switch (kind) {
    case kinds.KIND_REGEXP: {
      const prefix = getPrefix(constructor, tag, "RegExp");
      shape.base = (prefix === "RegExp " ? "" : prefix) + regExpText(value);
      if (bare || ctx.pastDepth(depth)) shape.done = ctx.stylize(shape.base, "regexp");
      return shape;
    }
    case kinds.KIND_DATE: {
      const prefix = getPrefix(constructor, tag, "Date");
      const invalid = DatePrototypeGetTime(value) !== DatePrototypeGetTime(value);
      const text = invalid ? "Invalid Date" : DatePrototypeToISOString(value);
      shape.base = (prefix === "Date " ? "" : prefix) + text;
      if (bare) shape.done = ctx.stylize(shape.base, "date");
      return shape;
    }
    case kinds.KIND_ARRAY_BUFFER:
    case kinds.KIND_SHARED_ARRAY_BUFFER:
      return describeBuffer(ctx, shape, kind, constructor, tag, inView);
    case kinds.KIND_DATA_VIEW:
      shape.open = `${getPrefix(constructor, tag, "DataView")}{`;
      shape.contents = dataViewContents;
      return shape;
    case kinds.KIND_PROMISE:
      shape.open = `${getPrefix(constructor, tag, "Promise")}{`;
      shape.contents = formatPromise;
      return shape;
    case kinds.KIND_WEAK_SET:
    case kinds.KIND_WEAK_MAP: {
      const isMap = kind === kinds.KIND_WEAK_MAP;
      shape.open = `${getPrefix(constructor, tag, isMap ? "WeakMap" : "WeakSet")}{`;
      shape.contents = (inner, weak, level) =>
        inner.showHidden
          ? formatWeak(inner, weak, level, isMap)
          : [inner.stylize("<items unknown>", "special")];
      return shape;
    }
    case kinds.KIND_MODULE: {
      const exported = shape.keys;
      shape.open = `${getPrefix(constructor, tag, "Module")}{`;
      shape.keys = [];
      shape.contents = (inner, module, level) => formatNamespace(inner, module, exported, level);
      return shape;
    }
  }
  if (kind >= kinds.KIND_NUMBER_OBJECT && kind <= kinds.KIND_SYMBOL_OBJECT) {
    return describeBoxed(ctx, shape, value, kind, constructor, tag, hasInherited);
  }
  if (isInstance(localePrototype, value)) {
    shape.open = `${getPrefix(constructor, tag, "Intl.Locale")}{`;
    const own = shape.keys;
    shape.keys = ArrayPrototypeSlice(LOCALE_KEYS);
    for (let i = 0; i < own.length; i++) ArrayPrototypePush(shape.keys, own[i]);
    return shape;
  }
  if (kind === kinds.KIND_ERROR || inheritsError(value)) {
    const error = formatErrorObject(ctx, value, constructor, tag, shape.keys);
    shape.base = error.text;
    shape.keys = error.keys;
    if (shape.keys.length === 0 && !hasInherited) shape.done = shape.base;
    return shape;
  }
  shape.open = `${getObjectPrefix(value, constructor, tag)}{`;
  if (bare) shape.done = `${shape.open}}`;
  return shape;
}

const FLAGS = [
  ["d", RegExpPrototypeGetHasIndices],
  ["g", RegExpPrototypeGetGlobal],
  ["i", RegExpPrototypeGetIgnoreCase],
  ["m", RegExpPrototypeGetMultiline],
  ["s", RegExpPrototypeGetDotAll],
  ["u", RegExpPrototypeGetUnicode],
  ["v", RegExpPrototypeGetUnicodeSets],
  ["y", RegExpPrototypeGetSticky],
];

/** A regular expression from its internal slots: toString and flags read what a script can replace. */
function regExpText(value) {
  let text = `/${RegExpPrototypeGetSource(value)}/`;
  for (let i = 0; i < FLAGS.length; i++) {
    const read = FLAGS[i][1];
    if (read !== undefined && read(value)) text += FLAGS[i][0];
  }
  return text;
}

function withoutCause(keys) {
  const rest = [];
  for (let i = 0; i < keys.length; i++) {
    if (keys[i] !== "cause") ArrayPrototypePush(rest, keys[i]);
  }
  return rest;
}

/** Arrays, typed arrays, maps, sets and the iterators of the last two; undefined for anything else. */
function describeCollection(ctx, value, kind, constructor, tag, hasInherited) {
  switch (kind) {
    case kinds.KIND_ARRAY: {
      const shape = new Shape(getNonIndexKeys(value, ctx.showHidden));
      const plain = constructor === "Array" && tag === "";
      shape.open = `${plain ? "" : getPrefix(constructor, tag, "Array", `(${value.length})`)}[`;
      shape.close = "]";
      shape.entries = ENTRIES_ARRAY_EXTRAS;
      shape.contents = formatArray;
      if (value.length === 0 && shape.keys.length === 0 && !hasInherited) {
        shape.done = `${shape.open}]`;
      }
      return shape;
    }
    case kinds.KIND_TYPED_ARRAY: {
      const shape = new Shape(getNonIndexKeys(value, ctx.showHidden));
      const length = TypedArrayPrototypeGetLength(value);
      shape.open = `${getPrefix(constructor, tag, "", `(${length})`)}[`;
      shape.close = "]";
      shape.entries = ENTRIES_ARRAY_EXTRAS;
      shape.contents = (inner, array, level) => formatTypedArray(inner, array, length, level);
      if (length === 0 && shape.keys.length === 0 && !ctx.showHidden) {
        shape.done = `${shape.open}]`;
      }
      return shape;
    }
    case kinds.KIND_SET:
    case kinds.KIND_MAP: {
      const shape = new Shape(getKeys(value, ctx.showHidden));
      const isMap = kind === kinds.KIND_MAP;
      const size = isMap ? MapPrototypeGetSize(value) : SetPrototypeGetSize(value);
      shape.open = `${getPrefix(constructor, tag, isMap ? "Map" : "Set", `(${size})`)}{`;
      shape.contents = isMap ? formatMap : formatSet;
      if (size === 0 && shape.keys.length === 0 && !hasInherited) shape.done = `${shape.open}}`;
      return shape;
    }
    case kinds.KIND_MAP_ITERATOR:
    case kinds.KIND_SET_ITERATOR: {
      const shape = new Shape(getKeys(value, ctx.showHidden));
      const type = kind === kinds.KIND_MAP_ITERATOR ? "Map Iterator" : "Set Iterator";
      const label = tag === type || tag === "" ? type : `${tag}] [${type}`;
      shape.open = `[${label}] {`;
      shape.contents = iteratorContents;
      return shape;
    }
    default:
      return undefined;
  }
}

function iteratorContents(ctx, value, depth, shape) {
  const { output, isEntries } = formatIterator(ctx, value, depth);
  const ending = " Iterator] {";
  if (isEntries && StringPrototypeEndsWith(shape.open, ending)) {
    shape.open = `${StringPrototypeSlice(shape.open, 0, -ending.length)} Entries] {`;
  }
  return output;
}

function describeBuffer(ctx, shape, kind, constructor, tag, inView) {
  const shared = kind === kinds.KIND_SHARED_ARRAY_BUFFER;
  const getByteLength = shared
    ? SharedArrayBufferPrototypeGetByteLength
    : ArrayBufferPrototypeGetByteLength;
  shape.open = `${getPrefix(constructor, tag, shared ? "SharedArrayBuffer" : "ArrayBuffer")}{`;
  shape.contents = (inner, buffer, level) => {
    const byteLength = getByteLength(buffer);
    const length = formatNamed(inner, "byteLength", byteLength, level);
    // Below a view the elements have been printed already.
    return inView ? [length] : [formatBufferContents(inner, buffer, byteLength), length];
  };
  return shape;
}

function dataViewContents(ctx, value, depth) {
  let byteLength = 0;
  let byteOffset = 0;
  try {
    byteLength = DataViewPrototypeGetByteLength(value);
    byteOffset = DataViewPrototypeGetByteOffset(value);
  } catch {
    // The buffer is detached or was shrunk below the view.
  }
  const buffer = DataViewPrototypeGetBuffer(value);
  const output = [
    formatNamed(ctx, "byteLength", byteLength, depth),
    formatNamed(ctx, "byteOffset", byteOffset, depth),
  ];
  ctx.indentation += 2;
  ArrayPrototypePush(output, `buffer: ${ctx.formatValue(ctx, buffer, depth)}`);
  ctx.indentation -= 2;
  return output;
}

function describeBoxed(ctx, shape, value, kind, constructor, tag, hasInherited) {
  let type;
  let primitive;
  switch (kind) {
    case kinds.KIND_NUMBER_OBJECT:
      type = "Number";
      primitive = NumberPrototypeValueOf(value);
      break;
    case kinds.KIND_STRING_OBJECT:
      type = "String";
      primitive = StringPrototypeValueOf(value);
      // The characters come first among the keys; they are printed as the string.
      shape.keys = ArrayPrototypeSlice(shape.keys, primitive.length);
      break;
    case kinds.KIND_BOOLEAN_OBJECT:
      type = "Boolean";
      primitive = BooleanPrototypeValueOf(value);
      break;
    case kinds.KIND_BIGINT_OBJECT:
      type = "BigInt";
      primitive = BigIntPrototypeValueOf(value);
      break;
    default:
      type = "Symbol";
      primitive = SymbolPrototypeValueOf(value);
  }
  let base = `[${type}`;
  if (constructor !== type) {
    base += constructor === null ? " (null prototype)" : ` (${constructor})`;
  }
  base += `: ${formatPrimitive(stylizeNone, primitive, ctx)}]`;
  if (tag !== "" && tag !== constructor) base += ` [${tag}]`;
  shape.base = base;
  if (shape.keys.length === 0 && !hasInherited) {
    shape.done = ctx.stylize(base, type === "BigInt" ? "bigint" : lowerFirst(type));
  }
  return shape;
}

function lowerFirst(type) {
  return { __proto__: null, Number: "number", String: "string", Boolean: "boolean" }[type] ?? "symbol";
}

/**
 * A context for one inspection.
 * @param {object} [options] Deno.InspectOptions, or the options a hook was given
 * @returns {InspectContext}
 */
export function createContext(options) {
  const ctx = new InspectContext();
  ctx.formatValue = formatValue;
  ctx.inspect = inspect;
  if ((typeof options === "object" || typeof options === "function") && options !== null) {
    ctx.applyOptions(options);
  }
  ctx.finishOptions();
  return ctx;
}

/**
 * `Deno.inspect`: `value` as a human-readable string.
 * @param {unknown} value
 * @param {object} [options] `depth` (4), `colors` (false), `compact` (3), `iterableLimit` (100),
 *   `showProxy`, `sorted`, `trailingComma`, `getters`, `showHidden`, `strAbbreviateSize` (10000),
 *   `breakLength` (80), `escapeSequences` (true)
 * @returns {string}
 */
export function inspect(value, options) {
  return formatValue(createContext(options), value, 0);
}

/**
 * Stand-in for an object whose fields live behind accessors: has the object's class name and the
 * current values of `keys` as own properties. For `Deno.privateCustomInspect` hooks:
 * `return inspect(inspectFields(this, ["href", "origin"]), options);`
 * @param {object} object
 * @param {string[]} keys
 * @param {string} [name] class name, if not that of `object.constructor`
 * @returns {object}
 */
export function inspectFields(object, keys, name = tryGet(tryGet(object, "constructor"), "name")) {
  const cls = class {};
  ObjectDefineProperty(cls, "name", {
    __proto__: null,
    value: typeof name === "string" ? name : "Object",
  });
  const result = new cls();
  for (let i = 0; i < keys.length; i++) {
    ObjectDefineProperty(result, keys[i], {
      __proto__: null,
      value: object[keys[i]],
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return result;
}
