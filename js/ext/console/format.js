// The message of a console call: the Console Standard's Formatter
// (https://console.spec.whatwg.org/#formatter) over inspect().

import { cssToAnsi, parseCss, PLAIN } from "./css.js";
import { createContext, formatValue } from "./inspect.js";
import { tryGet } from "./objects.js";
import { indentLines, numberText, symbolText, tryString } from "./strings.js";
import { primordials } from "rt:bootstrap/primordials.js";

const {
  JSONStringify,
  NumberParseFloat,
  NumberParseInt,
  StringPrototypeCharCodeAt,
  StringPrototypeIndexOf,
  StringPrototypeRepeat,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} = primordials;

const GROUP_INDENT = "  ";
const MAX_INDENT = 1024;
/** How V8's message for JSON.stringify of a cycle starts. */
const CIRCULAR = "Converting circular structure to JSON";

/** `String(value)`; what cannot be converted is inspected instead. */
function toText(ctx, value) {
  if (typeof value === "string") return value;
  if (typeof value === "symbol") return symbolText(value);
  return tryString(value) ?? formatValue(ctx, value, 0);
}

function toNumberText(ctx, value, parse) {
  return typeof value === "symbol" ? "NaN" : numberText(parse(toText(ctx, value)));
}

function parseInteger(text) {
  return NumberParseInt(text);
}

function toJson(value) {
  try {
    return JSONStringify(value);
  } catch (error) {
    const message = tryGet(error, "message");
    if (typeof message === "string" && StringPrototypeStartsWith(message, CIRCULAR)) {
      return "[Circular]";
    }
    throw error;
  }
}

/**
 * Formats with a format string: `args[0]` with its directives replaced.
 * @returns {{text: string, used: number}} used: how many of `args` are in `text`
 */
function formatDirectives(ctx, args) {
  const format = args[0];
  let text = "";
  let copied = 0;
  let next = 1;
  let style = PLAIN;
  let styled = false;
  for (
    let at = StringPrototypeIndexOf(format, "%");
    at !== -1 && at + 1 < format.length;
    at = StringPrototypeIndexOf(format, "%", at)
  ) {
    const directive = StringPrototypeCharCodeAt(format, at + 1);
    let replacement;
    if (directive === 0x25) {
      replacement = "%";
    } else if (next < args.length) {
      const value = args[next];
      let known = true;
      switch (directive) {
        case 0x73: // s
          replacement = toText(ctx, value);
          break;
        case 0x64: // d
        case 0x69: // i
          replacement = toNumberText(ctx, value, parseInteger);
          break;
        case 0x66: // f
          replacement = toNumberText(ctx, value, NumberParseFloat);
          break;
        case 0x6a: // j
          replacement = toJson(value);
          break;
        case 0x4f: // O
        case 0x6f: // o
          replacement = formatValue(ctx, value, 0);
          break;
        case 0x63: // c
          replacement = "";
          if (ctx.colors) {
            const asked = parseCss(toText(ctx, value));
            replacement = cssToAnsi(asked, style);
            if (replacement !== "") {
              styled = true;
              style = asked;
            }
          }
          break;
        default:
          known = false;
      }
      if (known) next++;
    }
    at += 2;
    if (replacement !== undefined) {
      text += StringPrototypeSlice(format, copied, at - 2) + replacement;
      copied = at;
    }
  }
  text += StringPrototypeSlice(format, copied);
  return { text: styled ? `${text}\x1b[0m` : text, used: next };
}

/**
 * What console.log(...args) prints, without the line feed.
 * @param {unknown[]} args
 * @param {object} [options] as inspect's; `indentLevel` indents by that many groups
 * @returns {string}
 */
export function inspectArgs(args, options) {
  const ctx = createContext(options);
  let text = "";
  let used = 0;
  if (args.length > 1 && typeof args[0] === "string") {
    const formatted = formatDirectives(ctx, args);
    text = formatted.text;
    used = formatted.used;
  }
  for (; used < args.length; used++) {
    if (used > 0) text += " ";
    const value = args[used];
    text += typeof value === "string" ? value : formatValue(ctx, value, 0);
  }
  const { indentLevel } = ctx;
  if (!(indentLevel > 0)) return text;
  const levels = indentLevel < MAX_INDENT ? indentLevel : MAX_INDENT;
  const indent = StringPrototypeRepeat(GROUP_INDENT, levels);
  return indent + indentLines(text, indent);
}
