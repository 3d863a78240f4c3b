// Primitives as source-like text: quoting, escaping, long strings, symbols. Works on any string a
// script can build (lone surrogates, half a gigabyte) and never runs user code.

import { primordials } from "rt:bootstrap/primordials.js";

const {
  ArrayPrototypeJoin,
  ArrayPrototypePush,
  BigIntPrototypeToString,
  NumberPrototypeToString,
  ObjectIs,
  String,
  StringPrototypeCharCodeAt,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeRepeat,
  StringPrototypeSlice,
  StringPrototypeToUpperCase,
  SymbolPrototypeGetDescription,
} = primordials;

const MIN_LINE_LENGTH = 16;
const HEX = "0123456789abcdef";
const BACKSLASH = 0x5c;
const SINGLE_QUOTE = 0x27;

function isControl(code) {
  return code <= 0x1f || (code >= 0x7f && code <= 0x9f);
}

/** Escapes with a letter of their own, shared by string values and property keys. */
function letterEscape(code) {
  switch (code) {
    case 0x08:
      return "\\b";
    case 0x09:
      return "\\t";
    case 0x0a:
      return "\\n";
    case 0x0c:
      return "\\f";
    case 0x0d:
      return "\\r";
    default:
      return undefined;
  }
}

function hexEscape(code) {
  return `\\x${hexDigits(code)}`;
}

/**
 * `string` in the first of `ctx.quotes` that it does not contain. Backslashes and that quote are
 * always
 * escaped, control characters unless `ctx.escapeSequences` is off.
 * @param {string} string
 * @param {{quotes: string[], escapeSequences: boolean}} ctx
 * @returns {string}
 */
export function quoteString(string, ctx) {
  const { quotes, escapeSequences } = ctx;
  let quote = quotes.length > 0 ? quotes[0] : '"';
  for (let i = 0; i < quotes.length; i++) {
    if (!StringPrototypeIncludes(string, quotes[i])) {
      quote = quotes[i];
      break;
    }
  }
  const quoteCode = StringPrototypeCharCodeAt(quote, 0);
  let result = quote;
  let copied = 0;
  for (let i = 0; i < string.length; i++) {
    const code = StringPrototypeCharCodeAt(string, i);
    let escape;
    if (code === BACKSLASH || code === quoteCode) {
      escape = `\\${string[i]}`;
    } else if (escapeSequences && isControl(code)) {
      escape = code === 0x0b ? "\\v" : (letterEscape(code) ?? hexEscape(code));
    } else {
      continue;
    }
    result += StringPrototypeSlice(string, copied, i) + escape;
    copied = i + 1;
  }
  return result + StringPrototypeSlice(string, copied) + quote;
}

/** The text of a symbol used as a property key: control characters, `'` and `\` escaped. */
export function escapeKeySymbol(text) {
  let result = "";
  let copied = 0;
  for (let i = 0; i < text.length; i++) {
    const code = StringPrototypeCharCodeAt(text, i);
    if (!isControl(code) && code !== SINGLE_QUOTE && code !== BACKSLASH) continue;
    const escape =
      code === SINGLE_QUOTE || code === BACKSLASH
        ? `\\${text[i]}`
        : (letterEscape(code) ?? `\\x${StringPrototypeToUpperCase(hexDigits(code))}`);
    result += StringPrototypeSlice(text, copied, i) + escape;
    copied = i + 1;
  }
  return result + StringPrototypeSlice(text, copied);
}

function hexDigits(code) {
  return HEX[code >> 4] + HEX[code & 15];
}

function isWordStart(code) {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f;
}

function isWord(text, allowDot) {
  if (text.length === 0 || !isWordStart(StringPrototypeCharCodeAt(text, 0))) return false;
  for (let i = 1; i < text.length; i++) {
    const code = StringPrototypeCharCodeAt(text, i);
    if (isWordStart(code) || (code >= 0x30 && code <= 0x39)) continue;
    if (!(allowDot && code === 0x2e)) return false;
  }
  return true;
}

/** @returns {boolean} whether a property key is printed without quotes */
export function isPlainKey(key) {
  return isWord(key, false);
}

/** "Symbol(description)" without any escaping. */
export function symbolText(symbol) {
  const description = SymbolPrototypeGetDescription(symbol);
  return description === undefined ? "Symbol()" : `Symbol(${description})`;
}

function quotedSymbolText(symbol, ctx) {
  const description = SymbolPrototypeGetDescription(symbol);
  if (description === undefined || isWord(description, true)) return symbolText(symbol);
  return `Symbol(${quoteString(description, ctx)})`;
}

/** @returns {string} a number as source text; negative zero keeps its sign */
export function numberText(value) {
  return ObjectIs(value, -0) ? "-0" : NumberPrototypeToString(value);
}

/** "... 3 more items" */
export function moreText(remaining, noun) {
  return `... ${remaining} more ${noun}${remaining > 1 ? "s" : ""}`;
}

/** Every line of `text` but the first starts with `indent`. */
export function indentLines(text, indent) {
  let newline = StringPrototypeIndexOf(text, "\n");
  if (newline === -1 || indent === "") return text;
  let result = "";
  let copied = 0;
  while (newline !== -1) {
    result += StringPrototypeSlice(text, copied, newline + 1) + indent;
    copied = newline + 1;
    newline = StringPrototypeIndexOf(text, "\n", copied);
  }
  return result + StringPrototypeSlice(text, copied);
}

/** The lines of `text`, each with its line feed when `keepEnds`. */
export function splitLines(text, keepEnds) {
  const lines = [];
  let start = 0;
  for (;;) {
    const newline = StringPrototypeIndexOf(text, "\n", start);
    if (newline === -1) break;
    ArrayPrototypePush(lines, StringPrototypeSlice(text, start, keepEnds ? newline + 1 : newline));
    start = newline + 1;
  }
  if (!keepEnds || start < text.length || lines.length === 0) {
    ArrayPrototypePush(lines, StringPrototypeSlice(text, start));
  }
  return lines;
}

/** `length`, or one less if that would split a surrogate pair. */
function wholeLength(text, length) {
  if (length < 1 || (StringPrototypeCharCodeAt(text, length) & 0xfc00) !== 0xdc00) return length;
  return (StringPrototypeCharCodeAt(text, length - 1) & 0xfc00) === 0xd800 ? length - 1 : length;
}

function formatString(stylize, value, ctx) {
  let trailer = "";
  if (value.length > ctx.maxStringLength) {
    const remaining = value.length - ctx.maxStringLength;
    value = StringPrototypeSlice(value, 0, wholeLength(value, ctx.maxStringLength));
    trailer = moreText(remaining, "character");
  }
  if (
    ctx.compact !== true &&
    value.length > MIN_LINE_LENGTH &&
    value.length > ctx.breakLength - ctx.indentation - 4
  ) {
    const lines = splitLines(value, true);
    for (let i = 0; i < lines.length; i++) lines[i] = stylize(quoteString(lines[i], ctx), "string");
    const joiner = ` +\n${StringPrototypeRepeat(" ", ctx.indentation + 2)}`;
    return ArrayPrototypeJoin(lines, joiner) + trailer;
  }
  return stylize(quoteString(value, ctx), "string") + trailer;
}

/**
 * A primitive as source-like text.
 * @param {(text: string, flavour: string) => string} stylize
 * @param {unknown} value anything but an object or function
 * @param {import("./context.js").InspectContext} ctx
 * @returns {string}
 */
export function formatPrimitive(stylize, value, ctx) {
  switch (typeof value) {
    case "string":
      return formatString(stylize, value, ctx);
    case "number":
      return stylize(numberText(value), "number");
    case "bigint":
      return stylize(`${BigIntPrototypeToString(value)}n`, "bigint");
    case "boolean":
      return stylize(value ? "true" : "false", "boolean");
    case "symbol":
      return stylize(quotedSymbolText(value, ctx), "symbol");
    default:
      return value === null ? stylize("null", "null") : stylize("undefined", "undefined");
  }
}

/** `String(value)`, or undefined when the value's own conversion throws. */
export function tryString(value) {
  try {
    return String(value);
  } catch {
    return undefined;
  }
}
