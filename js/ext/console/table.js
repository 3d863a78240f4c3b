// console.table: tabular data as a box of aligned cells (https://console.spec.whatwg.org/#table).

import { op_console_kind } from "rt:ops/console";
import { createContext, formatValue } from "./inspect.js";
import * as kinds from "./kinds.js";
import { quoteString } from "./strings.js";
import { stringWidth } from "./width.js";
import { primordials } from "rt:bootstrap/primordials.js";

const {
  ArrayPrototypeJoin,
  ArrayPrototypePush,
  MapIteratorPrototypeNext,
  MapPrototypeEntries,
  MathMax,
  Number,
  NumberIsInteger,
  ObjectKeys,
  ReflectApply,
  ReflectHas,
  SetIteratorPrototypeNext,
  SetPrototypeValues,
  String,
  StringPrototypeRepeat,
  StringPrototypeSlice,
  SymbolIterator,
  TypeError,
} = primordials;

const VALUES = "Values";
const ITERATION_INDEX = "(iter idx)";
const INDEX = "(idx)";
const MAX_ROWS = 1_000_000;

function isObject(value) {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** A cell's text: values one level deep, on one line. */
function cellText(ctx, value) {
  if (typeof value !== "string") return formatValue(ctx, value, 0);
  const text =
    value.length > ctx.maxStringLength
      ? `${StringPrototypeSlice(value, 0, ctx.maxStringLength)}...`
      : value;
  return ctx.stylize(quoteString(text, ctx), "string");
}

/** Columns by name; names that are array indices come first, in order, as object keys do. */
class Columns {
  #cells = { __proto__: null };
  #rows;
  constructor(rows) {
    this.#rows = rows;
  }
  add(name) {
    if (this.#cells[name] !== undefined) return;
    const cells = [];
    for (let i = 0; i < this.#rows; i++) ArrayPrototypePush(cells, "");
    this.#cells[name] = cells;
  }
  set(name, row, text) {
    this.add(name);
    this.#cells[name][row] = text;
  }
  names() {
    return ObjectKeys(this.#cells);
  }
  cells(name) {
    return this.#cells[name];
  }
}

function iterate(data, method) {
  const iterator = ReflectApply(method, data, []);
  const rows = [];
  if (!isObject(iterator)) throw new TypeError("Iterator is not an object");
  const { next } = iterator;
  while (rows.length < MAX_ROWS) {
    const result = ReflectApply(next, iterator, []);
    if (!isObject(result)) throw new TypeError("Iterator result is not an object");
    if (result.done) break;
    ArrayPrototypePush(rows, result.value);
  }
  return rows;
}

/** [{ key, value }…] of the rows; map entries carry `entry` instead of `value`. */
function collectRows(data) {
  const rows = [];
  const kind = op_console_kind(data);
  if (kind === kinds.KIND_MAP) {
    const iterator = MapPrototypeEntries(data);
    for (let i = 0; ; i++) {
      const item = MapIteratorPrototypeNext(iterator);
      if (item.done) return { rows, iterated: true };
      ArrayPrototypePush(rows, { key: String(i), value: undefined, entry: item.value });
    }
  }
  let values;
  if (kind === kinds.KIND_SET) {
    values = [];
    const iterator = SetPrototypeValues(data);
    for (;;) {
      const item = SetIteratorPrototypeNext(iterator);
      if (item.done) break;
      ArrayPrototypePush(values, item.value);
    }
  } else if (kind !== kinds.KIND_ARRAY && typeof data[SymbolIterator] === "function") {
    values = iterate(data, data[SymbolIterator]);
  }
  const keys = ObjectKeys(values ?? data);
  for (let i = 0; i < keys.length; i++) {
    const value = (values ?? data)[keys[i]];
    ArrayPrototypePush(rows, { key: keys[i], value, entry: undefined });
  }
  return { rows, iterated: values !== undefined };
}

/**
 * The table as text.
 * @param {object} data
 * @param {string[] | undefined} properties the columns wanted; all if undefined
 * @param {boolean} colors
 * @returns {string}
 */
export function formatTable(data, properties, colors) {
  const options = { __proto__: null, colors, depth: 1, compact: true, breakLength: Infinity };
  const ctx = createContext(options);
  const { rows, iterated } = collectRows(data);
  const columns = new Columns(rows.length);
  if (properties !== undefined) {
    for (let i = 0; i < properties.length; i++) columns.add(properties[i]);
  }
  const keys = [];
  const values = [];
  let hasValues = false;
  for (let i = 0; i < rows.length; i++) {
    const { key, value, entry } = rows[i];
    let cell = "";
    if (entry !== undefined) {
      columns.set("Key", i, cellText(ctx, entry[0]));
      columns.set(VALUES, i, cellText(ctx, entry[1]));
    } else if (isObject(value)) {
      const names = properties ?? ObjectKeys(value);
      for (let j = 0; j < names.length; j++) {
        if (!ReflectHas(value, names[j])) continue;
        columns.set(names[j], i, cellText(ctx, value[names[j]]));
      }
    } else if (properties === undefined) {
      hasValues = true;
      cell = cellText(ctx, value);
    }
    ArrayPrototypePush(keys, key);
    ArrayPrototypePush(values, cell);
  }
  const head = [iterated ? ITERATION_INDEX : INDEX];
  const body = [keys];
  const names = properties ?? columns.names();
  for (let i = 0; i < names.length; i++) {
    ArrayPrototypePush(head, names[i]);
    ArrayPrototypePush(body, columns.cells(names[i]));
  }
  if (hasValues) {
    ArrayPrototypePush(head, VALUES);
    ArrayPrototypePush(body, values);
  }
  return drawBox(head, body, rows.length);
}

/** Numbers line up on the right. */
function isIntegerText(text) {
  return NumberIsInteger(Number(text));
}

function drawRow(cells, widths, alignRight) {
  const parts = [];
  for (let i = 0; i < cells.length; i++) {
    const padding = StringPrototypeRepeat(" ", widths[i] - stringWidth(cells[i]));
    ArrayPrototypePush(parts, alignRight[i] ? padding + cells[i] : cells[i] + padding);
  }
  return `│ ${ArrayPrototypeJoin(parts, " │ ")} │\n`;
}

function drawBox(head, columns, rows) {
  const widths = [];
  const alignRight = [];
  const rules = [];
  for (let i = 0; i < head.length; i++) {
    let width = stringWidth(head[i]);
    let integers = true;
    for (let j = 0; j < rows; j++) {
      width = MathMax(width, stringWidth(columns[i][j]));
      integers = integers && isIntegerText(columns[i][j]);
    }
    ArrayPrototypePush(widths, width);
    ArrayPrototypePush(alignRight, integers);
    ArrayPrototypePush(rules, StringPrototypeRepeat("─", width + 2));
  }
  let text = `┌${ArrayPrototypeJoin(rules, "┬")}┐\n${drawRow(head, widths, [])}`;
  text += `├${ArrayPrototypeJoin(rules, "┼")}┤\n`;
  for (let j = 0; j < rows; j++) {
    const cells = [];
    for (let i = 0; i < head.length; i++) ArrayPrototypePush(cells, columns[i][j]);
    text += drawRow(cells, widths, alignRight);
  }
  return `${text}└${ArrayPrototypeJoin(rules, "┴")}┘`;
}
