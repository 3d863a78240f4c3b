// How each type of object is printed: its heading, its braces, where its contents come from. Reads
// internal slots; formats nothing itself but headings.

import { op_console_buffer_byte_length } from "rt:ops/console";
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
import { formatErrorObject } from "./errors.js";
import { ENTRIES_ARRAY_EXTRAS, ENTRIES_OBJECT } from "./layout.js";
import {
  functionHeading,
  getKeys,
  getNonIndexKeys,
  getObjectPrefix,
  getPrefix,
  inheritsError,
  isInstance,
} from "./objects.js";
import { formatNamed } from "./properties.js";
import { formatPrimitive } from "./strings.js";
import { stylizeNone } from "./styles.js";
import { primordials } from "rt:bootstrap/primordials.js";

const {
  ArrayPrototypePush,
  ArrayPrototypeSlice,
  BigIntPrototypeValueOf,
  BooleanPrototypeValueOf,
  DataViewPrototypeGetBuffer,
  DataViewPrototypeGetByteLength,
  DataViewPrototypeGetByteOffset,
  DatePrototypeGetTime,
  DatePrototypeToISOString,
  MapPrototypeGetSize,
  NumberPrototypeValueOf,
  RegExpPrototypeGetDotAll,
  RegExpPrototypeGetGlobal,
  RegExpPrototypeGetHasIndices,
  RegExpPrototypeGetIgnoreCase,
  RegExpPrototypeGetMultiline,
  RegExpPrototypeGetSource,
  RegExpPrototypeGetSticky,
  RegExpPrototypeGetUnicode,
  RegExpPrototypeGetUnicodeSets,
  SetPrototypeGetSize,
  StringPrototypeEndsWith,
  StringPrototypeSlice,
  StringPrototypeValueOf,
  SymbolPrototypeValueOf,
  TypedArrayPrototypeGetLength,
} = primordials;

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

/**
 * Heading, braces, keys and contents of an object.
 * @param {import("./context.js").InspectContext} ctx
 * @param {object} value not a proxy
 * @param {number} kind
 * @param {string | null} constructor
 * @param {string} tag
 * @param {number} depth
 * @param {boolean} inView value is the buffer of a view that is being printed
 * @param {boolean} hasInherited properties of prototypes will be printed too
 * @returns {Shape}
 */
export function describe(ctx, value, kind, constructor, tag, depth, inView, hasInherited) {
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
      return describeBuffer(shape, kind, constructor, tag, inView);
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

/**
 * A regular expression from its internal slots: toString and flags read what a script can replace.
 */
function regExpText(value) {
  let text = `/${RegExpPrototypeGetSource(value)}/`;
  for (let i = 0; i < FLAGS.length; i++) {
    const read = FLAGS[i][1];
    if (read?.(value)) text += FLAGS[i][0];
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

/**
 * Arrays, typed arrays, maps, sets and the iterators of the last two; undefined for anything else.
 */
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

function describeBuffer(shape, kind, constructor, tag, inView) {
  const shared = kind === kinds.KIND_SHARED_ARRAY_BUFFER;
  shape.open = `${getPrefix(constructor, tag, shared ? "SharedArrayBuffer" : "ArrayBuffer")}{`;
  shape.contents = (inner, buffer, level) => {
    const byteLength = op_console_buffer_byte_length(buffer);
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
  return (
    { __proto__: null, Number: "number", String: "string", Boolean: "boolean" }[type] ?? "symbol"
  );
}
