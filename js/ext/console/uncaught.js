// What a person sees of an error nobody caught: class and message, the source line, the stack
// without rt's frames, causes and aggregated errors. Must not throw, whatever was thrown.

import { op_console_kind } from "rt:ops/console";
import { KIND_ERROR } from "./kinds.js";
import { createContext, formatValue } from "./inspect.js";
import { errorHeading } from "./errors.js";
import { inheritsError, tryGet, tryHas } from "./objects.js";
import { framesStart, userFrames } from "./stack.js";
import { indentLines } from "./strings.js";
import { stderrTakesColors } from "./styles.js";
import { stringWidth } from "./width.js";
import { primordials } from "rt:bootstrap/primordials.js";

const {
  ArrayIsArray,
  ArrayPrototypeIncludes,
  ArrayPrototypeJoin,
  ArrayPrototypePop,
  ArrayPrototypePush,
  MathMin,
  NumberPrototypeToString,
  RegExpPrototypeExec,
  SafeMap,
  StringPrototypeCharCodeAt,
  StringPrototypeIndexOf,
  StringPrototypePadStart,
  StringPrototypeRepeat,
  StringPrototypeSlice,
} = primordials;

const MAX_DEPTH = 50;
const MAX_ERRORS = 100;
/** Indentation, function if named, location, line, column. */
const FRAME = /^( +at (?:async )?)(?:(.*) \()?(.*?):(\d+):(\d+)\)?$/;

function isError(value) {
  if (inheritsError(value)) return true;
  return typeof value === "object" && value !== null && op_console_kind(value) === KIND_ERROR;
}

function sgr(text, on, off, colors) {
  return colors ? `\x1b[${on}m${text}\x1b[${off}m` : text;
}

function colorFrame(line) {
  const match = RegExpPrototypeExec(FRAME, line);
  if (match === null) return line;
  const position = `${sgr(match[4], 33, 39, true)}:${sgr(match[5], 33, 39, true)}`;
  const place = `${sgr(match[3], 36, 39, true)}:${position}`;
  if (match[2] === undefined) return match[1] + place;
  return `${match[1]}\x1b[1m\x1b[3m${match[2]}\x1b[0m (${place})`;
}

/** The causes and aggregated errors of an error, as [value, isCause] pairs. */
function related(error) {
  const list = [];
  const errors = tryGet(error, "errors");
  if (ArrayIsArray(errors)) {
    const count = MathMin(errors.length, MAX_ERRORS);
    for (let i = 0; i < count; i++) ArrayPrototypePush(list, [tryGet(errors, i), false]);
  }
  if (tryHas(error, "cause")) {
    const cause = tryGet(error, "cause");
    if (cause !== undefined) ArrayPrototypePush(list, [cause, true]);
  }
  return list;
}

/** Numbers the errors that some chain of causes leads back to. */
function findCycles(error, path, cycles) {
  if (!isError(error) || path.length > MAX_DEPTH) return;
  if (ArrayPrototypeIncludes(path, error)) {
    if (!cycles.has(error)) cycles.set(error, cycles.size + 1);
    return;
  }
  ArrayPrototypePush(path, error);
  const list = related(error);
  for (let i = 0; i < list.length; i++) findCycles(list[i][0], path, cycles);
  ArrayPrototypePop(path);
}

/** The lines of an error's frames, without rt's own. */
function framesOf(error) {
  const stack = tryGet(error, "stack");
  if (typeof stack !== "string") return [];
  const message = tryGet(error, "message");
  let from = 0;
  if (typeof message === "string") {
    const at = StringPrototypeIndexOf(stack, message);
    if (at !== -1) from = at + message.length;
  }
  const start = framesStart(stack, from);
  return start === -1 ? [] : userFrames(StringPrototypeSlice(stack, start + 1));
}

/** What a terminal would act on, or a reader be deceived by: control characters, changes of direction. */
const UNSHOWN =
  /[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

/** `line` with escapes for what may not be shown. */
function printable(line) {
  if (RegExpPrototypeExec(UNSHOWN, line) === null) return line;
  let text = "";
  for (let i = 0; i < line.length; i++) {
    if (RegExpPrototypeExec(UNSHOWN, line[i]) === null) {
      text += line[i];
      continue;
    }
    const digits = NumberPrototypeToString(StringPrototypeCharCodeAt(line, i), 16);
    text += digits.length < 3 ? "\\x" : "\\u";
    text += StringPrototypePadStart(digits, digits.length < 3 ? 2 : 4, "0");
  }
  return text;
}

/** As wide as the line before `column` (the line's own tabs are tabs), then a caret. */
function caretLine(sourceLine, column, colors) {
  const before = printable(StringPrototypeSlice(sourceLine, 0, column));
  let lead = "";
  let from = 0;
  for (let i = 0; i <= before.length; i++) {
    if (i < before.length && before[i] !== "\t") continue;
    lead += StringPrototypeRepeat(" ", stringWidth(StringPrototypeSlice(before, from, i)));
    if (i < before.length) lead += "\t";
    from = i + 1;
  }
  return lead + sgr("^", 31, 39, colors);
}

function formatOne(ctx, value, path, cycles, place) {
  const { colors } = ctx;
  const lines = [];
  let frames = [];
  if (isError(value)) {
    const index = cycles.get(value);
    if (ArrayPrototypeIncludes(path, value)) return ctx.stylize(`[Circular *${index}]`, "special");
    const heading = errorHeading(value);
    const reference = index === undefined ? "" : ` ${ctx.stylize(`<ref *${index}>`, "special")}`;
    ArrayPrototypePush(lines, heading + reference);
    frames = framesOf(value);
  } else {
    ArrayPrototypePush(lines, formatValue(ctx, value, 0));
  }
  const list = isError(value) && path.length < MAX_DEPTH ? related(value) : [];
  ArrayPrototypePush(path, value);
  for (let i = 0; i < list.length; i++) {
    if (list[i][1]) continue;
    const text = formatOne(ctx, list[i][0], path, cycles, undefined);
    ArrayPrototypePush(lines, `    ${indentLines(text, "    ")}`);
  }
  if (place !== undefined && place.sourceLine !== "") {
    ArrayPrototypePush(lines, printable(place.sourceLine));
    ArrayPrototypePush(lines, caretLine(place.sourceLine, place.column, colors));
  }
  if (frames.length === 0 && place !== undefined && place.location !== "") {
    frames = [`    at ${place.location}`];
  }
  for (let i = 0; i < frames.length; i++) {
    ArrayPrototypePush(lines, colors ? colorFrame(frames[i]) : frames[i]);
  }
  for (let i = 0; i < list.length; i++) {
    if (!list[i][1]) continue;
    const text = formatOne(ctx, list[i][0], path, cycles, undefined);
    ArrayPrototypePush(lines, `Caused by: ${text}`);
  }
  ArrayPrototypePop(path);
  return ArrayPrototypeJoin(lines, "\n");
}

/**
 * Class, message, stack, causes and aggregated errors of anything thrown, without a final line
 * feed.
 * @param {unknown} error
 * @param {object} [options]
 * @param {boolean} [options.colors]
 * @param {string} [options.sourceLine] the line it was thrown on, shown with a caret
 * @param {number} [options.column] of the caret, from 0
 * @param {string} [options.location] "file:///a.js:1:2", shown if the error has no frames of its
 *   own
 * @returns {string}
 */
export function formatError(error, options) {
  const { colors = false, sourceLine = "", column = 0, location = "" } = options ?? {};
  const ctx = createContext({ __proto__: null, colors });
  const cycles = new SafeMap();
  findCycles(error, [], cycles);
  return formatOne(ctx, error, [], cycles, { sourceLine, column, location });
}

/**
 * The report of an uncaught exception or unhandled rejection. This is the `formatUncaught` hook of
 * the
 * runtime (src/runtime/report.cc).
 * @param {unknown} error
 * @param {boolean} inPromise
 * @param {string} sourceLine "" if unknown
 * @param {number} column
 * @param {string} location "" if unknown
 * @param {string | undefined} worker the name of the worker it happened in
 * @returns {string}
 */
export function formatUncaught(error, inPromise, sourceLine, column, location, worker) {
  const colors = stderrTakesColors();
  const label = colors ? "\x1b[1m\x1b[31merror\x1b[0m" : "error";
  const text = formatError(error, { __proto__: null, colors, sourceLine, column, location });
  const where = worker === undefined ? "" : `(in worker "${worker}") `;
  return `${label}: Uncaught ${where}${inPromise ? "(in promise) " : ""}${text}`;
}
