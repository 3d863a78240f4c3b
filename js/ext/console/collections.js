// The contents of arrays, maps, sets, iterators, typed arrays, buffers, promises and weak
// collections, as lists of entries. Reads internal slots only; never runs an iterator that user
// code can reach.

import {
  op_console_buffer_hex,
  op_console_preview_entries,
  op_console_promise_details,
} from "rt:ops/console";
import { formatNamed, formatProperty } from "./properties.js";
import { ENTRIES_ARRAY, ENTRIES_ARRAY_EXTRAS, ENTRIES_OBJECT, joinEntries } from "./layout.js";
import { tryGet } from "./objects.js";
import { moreText, numberText } from "./strings.js";
import { primordials } from "rt:bootstrap/primordials.js";

const {
  ArrayPrototypePush,
  ArrayPrototypeSort,
  BigIntPrototypeToString,
  MapIteratorPrototypeNext,
  MapPrototypeEntries,
  MapPrototypeGetSize,
  MathFloor,
  MathMax,
  MathMin,
  ObjectHasOwn,
  ObjectKeys,
  Number,
  SetIteratorPrototypeNext,
  SetPrototypeGetSize,
  SetPrototypeValues,
  StringPrototypeLastIndexOf,
  StringPrototypeSlice,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetByteOffset,
} = primordials;

const MAX_ARRAY_INDEX = 2 ** 32 - 2;
const PROMISE_PENDING = 0;
const PROMISE_REJECTED = 2;

function clampCount(limit, size) {
  return limit > 0 ? MathFloor(MathMin(limit, size)) : 0;
}

function pushMore(output, remaining) {
  if (remaining > 0) ArrayPrototypePush(output, moreText(remaining, "item"));
}

/** Elements of an array; runs of holes are counted. */
export function formatArray(ctx, value, depth) {
  const { length } = value;
  const shown = clampCount(ctx.maxArrayLength, length);
  const output = [];
  for (let i = 0; i < shown; i++) {
    if (!ObjectHasOwn(value, i)) return formatSparseArray(ctx, value, depth, shown, output, i);
    ArrayPrototypePush(output, formatProperty(ctx, value, depth, i, ENTRIES_ARRAY));
  }
  pushMore(output, length - shown);
  return output;
}

function isArrayIndex(key) {
  const index = Number(key);
  return index >= 0 && index <= MAX_ARRAY_INDEX && `${index >>> 0}` === key;
}

function formatSparseArray(ctx, value, depth, shown, output, start) {
  const keys = ObjectKeys(value);
  let index = start;
  for (let i = start; i < keys.length && output.length < shown; i++) {
    if (!isArrayIndex(keys[i])) break;
    const next = Number(keys[i]);
    // Elements made non-enumerable are not in `keys` and count as holes.
    if (next !== index) {
      pushHoles(ctx, output, next - index);
      index = next;
      if (output.length === shown) break;
    }
    ArrayPrototypePush(output, formatProperty(ctx, value, depth, keys[i], ENTRIES_ARRAY));
    index++;
  }
  const remaining = value.length - index;
  if (output.length !== shown) {
    if (remaining > 0) pushHoles(ctx, output, remaining);
  } else {
    pushMore(output, remaining);
  }
  return output;
}

function pushHoles(ctx, output, count) {
  const text = `<${count} empty item${count > 1 ? "s" : ""}>`;
  ArrayPrototypePush(output, ctx.stylize(text, "undefined"));
}

/** Elements of a typed array and, with showHidden, its hidden attributes. */
export function formatTypedArray(ctx, value, length, depth) {
  const shown = clampCount(ctx.maxArrayLength, length);
  const output = [];
  for (let i = 0; i < shown; i++) {
    const element = value[i];
    const text =
      typeof element === "bigint"
        ? ctx.stylize(`${BigIntPrototypeToString(element)}n`, "bigint")
        : ctx.stylize(numberText(element), "number");
    ArrayPrototypePush(output, text);
  }
  pushMore(output, length - shown);
  if (ctx.showHidden) {
    const byteLength = TypedArrayPrototypeGetByteLength(value);
    const hidden = [
      ["[BYTES_PER_ELEMENT]", tryGet(value, "BYTES_PER_ELEMENT")],
      ["[length]", length],
      ["[byteLength]", byteLength],
      ["[byteOffset]", TypedArrayPrototypeGetByteOffset(value)],
      ["[buffer]", TypedArrayPrototypeGetBuffer(value)],
    ];
    for (let i = 0; i < hidden.length; i++) {
      ArrayPrototypePush(output, formatNamed(ctx, hidden[i][0], hidden[i][1], depth));
    }
  }
  return output;
}

/** `[Uint8Contents]: <00 ff …>` of an ArrayBuffer or SharedArrayBuffer. */
export function formatBufferContents(ctx, value, byteLength) {
  const shown = clampCount(ctx.maxArrayLength, byteLength);
  const hex = op_console_buffer_hex(value, shown);
  if (hex === null) return ctx.stylize("(detached)", "special");
  const more = byteLength > shown ? ` ${moreText(byteLength - shown, "byte")}` : "";
  return `${ctx.stylize("[Uint8Contents]", "special")}: <${hex}${more}>`;
}

export function formatSet(ctx, value, depth) {
  const size = SetPrototypeGetSize(value);
  const shown = clampCount(ctx.iterableLimit, size);
  const iterator = SetPrototypeValues(value);
  const output = [];
  ctx.indentation += 2;
  for (let i = 0; i < shown; i++) {
    const item = SetIteratorPrototypeNext(iterator);
    // A custom-inspect hook may have shrunk the set.
    if (item.done) break;
    ArrayPrototypePush(output, ctx.formatValue(ctx, item.value, depth));
  }
  pushMore(output, size - shown);
  ctx.indentation -= 2;
  return output;
}

export function formatMap(ctx, value, depth) {
  const size = MapPrototypeGetSize(value);
  const shown = clampCount(ctx.iterableLimit, size);
  const iterator = MapPrototypeEntries(value);
  const output = [];
  ctx.indentation += 2;
  for (let i = 0; i < shown; i++) {
    const item = MapIteratorPrototypeNext(iterator);
    if (item.done) break;
    const key = ctx.formatValue(ctx, item.value[0], depth);
    ArrayPrototypePush(output, `${key} => ${ctx.formatValue(ctx, item.value[1], depth)}`);
  }
  pushMore(output, size - shown);
  ctx.indentation -= 2;
  return output;
}

/**
 * What a map or set iterator has still to give.
 * @returns {{output: string[], isEntries: boolean}} isEntries: it gives [key, value] pairs
 */
export function formatIterator(ctx, value, depth) {
  const preview = op_console_preview_entries(value);
  if (preview === null) return { output: [], isEntries: false };
  const entries = preview[0];
  const isEntries = preview[1];
  const output = isEntries
    ? formatPairs(ctx, entries, depth, pairAsArray)
    : formatItems(ctx, entries, depth);
  return { output, isEntries };
}

/** The entries of a WeakMap, or WeakSet, in an order that does not depend on the collector. */
export function formatWeak(ctx, value, depth, isMap) {
  const preview = op_console_preview_entries(value);
  if (preview === null) return [];
  const entries = preview[0];
  if (!isMap) return formatItems(ctx, entries, depth, true);
  return formatPairs(ctx, entries, depth, pairAsArrow, true);
}

function formatItems(ctx, entries, depth, sort = false) {
  const shown = clampCount(ctx.maxArrayLength, entries.length);
  const output = [];
  ctx.indentation += 2;
  for (let i = 0; i < shown; i++) {
    ArrayPrototypePush(output, ctx.formatValue(ctx, entries[i], depth));
  }
  ctx.indentation -= 2;
  if (sort && !ctx.sorted) ArrayPrototypeSort(output);
  pushMore(output, entries.length - shown);
  return output;
}

function pairAsArrow(_ctx, key, value, _depth) {
  return `${key} => ${value}`;
}

function pairAsArray(ctx, key, value, depth) {
  return joinEntries(ctx, [key, value], "", "[", "]", ENTRIES_ARRAY_EXTRAS, depth);
}

/** Entries that come as [key, value, key, value, …]. */
function formatPairs(ctx, entries, depth, join, sort = false) {
  const count = entries.length / 2;
  const shown = clampCount(ctx.maxArrayLength, count);
  const output = [];
  ctx.indentation += 2;
  for (let i = 0; i < shown; i++) {
    const key = ctx.formatValue(ctx, entries[2 * i], depth);
    const value = ctx.formatValue(ctx, entries[2 * i + 1], depth);
    ArrayPrototypePush(output, join(ctx, key, value, depth));
  }
  if (sort && !ctx.sorted) ArrayPrototypeSort(output);
  ctx.indentation -= 2;
  pushMore(output, MathMax(count - shown, 0));
  return output;
}

export function formatPromise(ctx, value, depth) {
  const details = op_console_promise_details(value);
  const state = details[0];
  if (state === PROMISE_PENDING) return [ctx.stylize("<pending>", "special")];
  ctx.indentation += 2;
  const text = ctx.formatValue(ctx, details[1], depth);
  ctx.indentation -= 2;
  return [state === PROMISE_REJECTED ? `${ctx.stylize("<rejected>", "special")} ${text}` : text];
}

/** The exports of a module, including those not initialised yet. */
export function formatNamespace(ctx, value, keys, depth) {
  const output = [];
  for (let i = 0; i < keys.length; i++) {
    let initialised = true;
    try {
      value[keys[i]];
    } catch {
      initialised = false;
    }
    if (initialised) {
      ArrayPrototypePush(output, formatProperty(ctx, value, depth, keys[i], ENTRIES_OBJECT));
      continue;
    }
    const stand = { __proto__: null, value: "", enumerable: true };
    const text = formatProperty(ctx, value, depth, keys[i], ENTRIES_OBJECT, stand);
    const marker = ctx.stylize("<uninitialized>", "special");
    const colon = StringPrototypeLastIndexOf(text, ":");
    ArrayPrototypePush(output, `${StringPrototypeSlice(text, 0, colon)}: ${marker}`);
  }
  return output;
}
