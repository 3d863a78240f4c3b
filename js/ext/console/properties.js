// One `key: value` entry of an object. Accessors are named, not called, unless the `getters` option
// asks for their values.

import { ENTRIES_ARRAY, ENTRIES_OBJECT } from "./layout.js";
import { tryDescriptor, tryGet } from "./objects.js";
import {
  escapeKeySymbol,
  formatPrimitive,
  isPlainKey,
  quoteString,
  symbolText,
  tryString,
} from "./strings.js";
import { stringWidth } from "./width.js";
import { primordials } from "rt:bootstrap/primordials.js";

const { ObjectHasOwn, ReflectApply, StringPrototypeRepeat } = primordials;

function formatKey(ctx, key, enumerable) {
  let text;
  if (typeof key === "symbol") {
    text = ctx.stylize(escapeKeySymbol(symbolText(key)), "symbol");
  } else if (key === "__proto__") {
    text = "['__proto__']";
  } else if (isPlainKey(key)) {
    text = ctx.stylize(key, "name");
  } else {
    text = ctx.stylize(quoteString(key, ctx), "string");
  }
  return enumerable ? text : `[${text}]`;
}

function wantsGetter(ctx, hasSetter) {
  const { getters } = ctx;
  return getters === true || (getters === "get" && !hasSetter) || (getters === "set" && hasSetter);
}

/** An accessor whose getter is called: `[Getter: 1]`, `[Getter] { a: 1 }`. */
function formatGetterValue(ctx, get, receiver, label, depth) {
  const { stylize } = ctx;
  let value;
  try {
    value = ReflectApply(get, receiver, []);
  } catch (error) {
    const message = tryString(tryGet(error, "message")) ?? "";
    return `${stylize(`[${label}:`, "special")} <Inspection threw (${message})>${stylize(
      "]",
      "special",
    )}`;
  }
  ctx.indentation += 2;
  let text;
  if ((typeof value === "object" && value !== null) || typeof value === "function") {
    text = `${stylize(`[${label}]`, "special")} ${ctx.formatValue(ctx, value, depth)}`;
  } else {
    const primitive = formatPrimitive(stylize, value, ctx);
    text = `${stylize(`[${label}:`, "special")} ${primitive}${stylize("]", "special")}`;
  }
  ctx.indentation -= 2;
  return text;
}

/**
 * @param {import("./context.js").InspectContext} ctx
 * @param {object} value the object that has the property
 * @param {number} depth
 * @param {string | symbol | number} key
 * @param {number} kind one of ENTRIES_*: elements are printed without their key
 * @param {PropertyDescriptor} [descriptor] if already known
 * @param {object} [receiver] what a getter is called on
 * @returns {string}
 */
export function formatProperty(ctx, value, depth, key, kind, descriptor, receiver = value) {
  descriptor ??= tryDescriptor(value, key);
  const found = descriptor !== undefined;
  const enumerable = !found || descriptor.enumerable;
  let separator = " ";
  let text;
  if (!found || ObjectHasOwn(descriptor, "value")) {
    const inner = found ? descriptor.value : value[key];
    const indent = ctx.compact === true && kind === ENTRIES_OBJECT ? 3 : 2;
    ctx.indentation += indent;
    text = ctx.formatValue(ctx, inner, depth);
    if (indent === 3 && ctx.breakLength < stringWidth(text, ctx.colors)) {
      separator = `\n${StringPrototypeRepeat(" ", ctx.indentation)}`;
    }
    ctx.indentation -= indent;
  } else if (descriptor.get !== undefined) {
    const hasSetter = descriptor.set !== undefined;
    const label = hasSetter ? "Getter/Setter" : "Getter";
    text = wantsGetter(ctx, hasSetter)
      ? formatGetterValue(ctx, descriptor.get, receiver, label, depth)
      : ctx.stylize(`[${label}]`, "special");
  } else if (descriptor.set !== undefined) {
    text = ctx.stylize("[Setter]", "special");
  } else {
    text = ctx.stylize("undefined", "undefined");
  }
  return kind === ENTRIES_ARRAY ? text : `${formatKey(ctx, key, enumerable)}:${separator}${text}`;
}

/** `name: value` (or `[name]: value`) for something that is not a property of a script's making. */
export function formatNamed(ctx, name, value, depth) {
  ctx.indentation += 2;
  const text = ctx.formatValue(ctx, value, depth, true);
  ctx.indentation -= 2;
  return `${name}: ${text}`;
}
