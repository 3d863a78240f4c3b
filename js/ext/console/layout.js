// Puts formatted entries on lines: everything on one line if short, long arrays in columns, else
// one entry a line. Knows text only; never looks at a value except to see whether columns hold
// numbers.

import { stringWidth } from "./width.js";
import { isNumeric } from "./objects.js";
import { primordials } from "rt:bootstrap/primordials.js";

const {
  ArrayPrototypeJoin,
  ArrayPrototypePush,
  MathFloor,
  MathMax,
  MathMin,
  MathRound,
  MathSqrt,
  StringPrototypeCharCodeAt,
  StringPrototypeIncludes,
  StringPrototypePadEnd,
  StringPrototypePadStart,
  StringPrototypeRepeat,
} = primordials;

/** Entries are named properties. */
export const ENTRIES_OBJECT = 0;
/** One entry is an array element (printed without its index). */
export const ENTRIES_ARRAY = 1;
/** Entries are array elements and then named properties. */
export const ENTRIES_ARRAY_EXTRAS = 2;

/** A terminal cell is about this much taller than wide; makes grids of numbers look square. */
const CELL_ASPECT = 2.5;
const MAX_COLUMNS = 15;
const MIN_GROUPED_ENTRIES = 6;
const SEPARATOR_WIDTH = 2;

function isDigit(code) {
  return code >= 0x30 && code <= 0x39;
}

/** Length of `text` without colour codes (`ESC [ d m`, `ESC [ dd m`). */
function lengthWithoutColors(text) {
  let length = text.length;
  for (let i = 0; i < text.length - 3; i++) {
    if (StringPrototypeCharCodeAt(text, i) !== 0x1b || text[i + 1] !== "[") continue;
    if (!isDigit(StringPrototypeCharCodeAt(text, i + 2))) continue;
    let end = i + 3;
    if (isDigit(StringPrototypeCharCodeAt(text, end))) end++;
    if (text[end] !== "m") continue;
    length -= end + 1 - i;
    i = end;
  }
  return length;
}

function fitsOnLine(ctx, entries, start, base) {
  let total = entries.length + start;
  if (total + entries.length > ctx.breakLength) return false;
  for (let i = 0; i < entries.length; i++) {
    total += ctx.colors ? lengthWithoutColors(entries[i]) : entries[i].length;
    if (total > ctx.breakLength) return false;
  }
  return base === "" || !StringPrototypeIncludes(base, "\n");
}

/** How many columns of `cellWidth` make a well-shaped grid of `count` cells. */
function columnCount(ctx, widths, count, total, cellWidth) {
  const averageBias = MathSqrt(cellWidth - total / count);
  const biasedWidth = MathMax(cellWidth - 3 - averageBias, 1);
  return MathMin(
    MathRound(MathSqrt(CELL_ASPECT * biasedWidth * widths.length) / biasedWidth),
    MathFloor((ctx.breakLength - ctx.indentation) / cellWidth),
    ctx.compact * 4,
    MAX_COLUMNS,
  );
}

/**
 * Joins short entries into rows of equally wide columns; returns `entries` when that does not help.
 */
function groupInColumns(ctx, entries, value) {
  const hasMoreLine = ctx.maxArrayLength < entries.length;
  const cells = hasMoreLine ? entries.length - 1 : entries.length;
  const widths = [];
  let total = 0;
  let widest = 0;
  for (let i = 0; i < cells; i++) {
    const width = stringWidth(entries[i], ctx.colors);
    ArrayPrototypePush(widths, width);
    total += width + SEPARATOR_WIDTH;
    if (width > widest) widest = width;
  }
  const cellWidth = widest + SEPARATOR_WIDTH;
  if (cellWidth * 3 + ctx.indentation >= ctx.breakLength) return entries;
  if (total / cellWidth <= 5 && widest > 6) return entries;

  const columns = columnCount(ctx, widths, entries.length, total, cellWidth);
  if (!(columns > 1)) return entries;

  const columnWidths = [];
  for (let column = 0; column < columns; column++) {
    let width = 0;
    for (let i = column; i < cells; i += columns) width = MathMax(width, widths[i]);
    ArrayPrototypePush(columnWidths, width + SEPARATOR_WIDTH);
  }

  const alignRight = value !== undefined && isNumeric(value, entries.length);
  const pad = alignRight ? StringPrototypePadStart : StringPrototypePadEnd;
  const rows = [];
  for (let start = 0; start < cells; start += columns) {
    const last = MathMin(start + columns, cells) - 1;
    let row = "";
    for (let i = start; i < last; i++) {
      // Colour codes have length but no width.
      const invisible = entries[i].length - widths[i];
      row += pad(`${entries[i]}, `, columnWidths[i - start] + invisible);
    }
    if (alignRight) {
      const invisible = entries[last].length - widths[last];
      row += pad(entries[last], columnWidths[last - start] + invisible - SEPARATOR_WIDTH);
    } else {
      row += entries[last];
    }
    ArrayPrototypePush(rows, row);
  }
  if (hasMoreLine) ArrayPrototypePush(rows, entries[cells]);
  return rows;
}

/**
 * `base open entry, entry close` on as few lines as read well.
 * @param {import("./context.js").InspectContext} ctx
 * @param {string[]} entries
 * @param {string} base what goes before the opening brace ("" if nothing)
 * @param {string} open
 * @param {string} close
 * @param {number} kind one of ENTRIES_*
 * @param {number} depth
 * @param {object} [value] the array the entries come from
 * @returns {string}
 */
export function joinEntries(ctx, entries, base, open, close, kind, depth, value) {
  if (ctx.compact === true) return joinCompact(ctx, entries, base, open, close);
  const lead = base === "" ? "" : `${base} `;
  if (typeof ctx.compact === "number" && ctx.compact >= 1) {
    const count = entries.length;
    if (kind === ENTRIES_ARRAY_EXTRAS && count > MIN_GROUPED_ENTRIES) {
      entries = groupInColumns(ctx, entries, value);
    }
    // Only the innermost `compact` levels share a line.
    if (ctx.currentDepth - depth < ctx.compact && count === entries.length) {
      const start = count + ctx.indentation + open.length + base.length + 10;
      if (fitsOnLine(ctx, entries, start, base)) {
        const line = ArrayPrototypeJoin(entries, ", ");
        if (!StringPrototypeIncludes(line, "\n")) return `${lead}${open} ${line} ${close}`;
      }
    }
  }
  const indent = `\n${StringPrototypeRepeat(" ", ctx.indentation)}`;
  const body = ArrayPrototypeJoin(entries, `,${indent}  `);
  const comma = ctx.trailingComma ? "," : "";
  return `${lead}${open}${indent}  ${body}${comma}${indent}${close}`;
}

/**
 * The `compact: true` layout: one line if it fits, else entries below each other after the brace.
 */
function joinCompact(ctx, entries, base, open, close) {
  const lead = base === "" ? "" : ` ${base}`;
  if (fitsOnLine(ctx, entries, 0, base)) {
    return `${open}${lead} ${ArrayPrototypeJoin(entries, ", ")} ${close}`;
  }
  const indent = `\n${StringPrototypeRepeat(" ", ctx.indentation)}  `;
  // A long opening ("Set {") does not push the first entry to the right.
  const afterOpen = base === "" && open.length === 1 ? " " : `${lead}${indent}`;
  return `${open}${afterOpen}${ArrayPrototypeJoin(entries, `,${indent}`)} ${close}`;
}
