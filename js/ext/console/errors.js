// Error objects: the heading made consistent with the class, the stack without rt's frames, `cause`
// and `errors` as properties. Accessors on the error that throw are as if absent.

import { getPrefix, inheritsError, tryGet, tryHas, without } from "./objects.js";
import { indentLines, tryString } from "./strings.js";
import {
  collapseRecursion,
  cutFramesOfCause,
  framesStart,
  isFrameOf,
  userFrames,
} from "./stack.js";
import { primordials } from "rt:bootstrap/primordials.js";

const {
  ArrayIsArray,
  ArrayPrototypeIncludes,
  ArrayPrototypeJoin,
  ArrayPrototypePush,
  RegExpPrototypeExec,
  StringPrototypeEndsWith,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeRepeat,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} = primordials;

const NODE_MODULES = "/node_modules/";

/** What Error.prototype.toString gives, without throwing. */
export function errorText(error) {
  const name = tryGet(error, "name");
  const message = tryGet(error, "message");
  const nameText = name === undefined ? "Error" : (tryString(name) ?? "Error");
  const messageText = message === undefined ? "" : (tryString(message) ?? "");
  if (nameText === "") return messageText;
  return messageText === "" ? nameText : `${nameText}: ${messageText}`;
}

function stackText(ctx, error) {
  const stack = tryGet(error, "stack");
  if (!stack) return errorText(error);
  if (typeof stack === "string") return stack;
  // Error.prepareStackTrace may have made anything of it.
  ArrayPrototypePush(ctx.seen, error);
  ctx.indentation += 4;
  const text = ctx.formatValue(ctx, stack, NaN);
  ctx.indentation -= 4;
  ctx.seen.length--;
  return `${errorText(error)}\n    ${text}`;
}

/** How the stack of an error without a prototype names it. */
function headingOf(stack) {
  const match =
    RegExpPrototypeExec(/^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n {4}at)/, stack) ??
    RegExpPrototypeExec(/^([a-z_A-Z0-9-]*Error)$/, stack);
  return match === null ? "" : match[1];
}

function startsWithHeading(stack, name) {
  if (!StringPrototypeEndsWith(name, "Error") || !StringPrototypeStartsWith(stack, name)) {
    return false;
  }
  const next = stack[name.length];
  return next === undefined || next === ":" || next === "\n";
}

/** Makes the stack's first line say the class: "Foo: a", "Error [tag]: a", "Foo [Bar]: a". */
function improveHeading(stack, constructor, name, tag) {
  if (typeof name !== "string") {
    const text = tryString(name) ?? "";
    const at = StringPrototypeIndexOf(stack, text);
    const prefix = getPrefix(constructor, tag, "Error");
    if (at === -1) return stack;
    const end = at + text.length;
    const note = ` [${StringPrototypeSlice(prefix, 0, -1)}]`;
    return StringPrototypeSlice(stack, 0, end) + note + StringPrototypeSlice(stack, end);
  }
  if (constructor !== null && !startsWithHeading(stack, name)) return stack;
  let fallback = "Error";
  let { length } = name;
  if (constructor === null) {
    const heading = headingOf(stack);
    length = heading.length;
    if (heading !== "") fallback = heading;
  }
  const prefix = StringPrototypeSlice(getPrefix(constructor, tag, fallback), 0, -1);
  if (name === prefix) return stack;
  const rest = StringPrototypeSlice(stack, length);
  if (!StringPrototypeIncludes(prefix, name)) return `${prefix} [${name}]${rest}`;
  return length === 0 ? `${prefix}: ${stack}` : prefix + rest;
}

/**
 * An error's class and message: its `name`, or the constructor's where the name is only inherited.
 * @param {object} error
 * @returns {string}
 */
export function errorHeading(error) {
  const text = errorText(error);
  const constructor = tryGet(tryGet(error, "constructor"), "name");
  const generic = tryGet(error, "name") === "Error" && StringPrototypeStartsWith(text, "Error");
  if (!generic || typeof constructor !== "string" || constructor === "") return text;
  return constructor + StringPrototypeSlice(text, "Error".length);
}

/** Drops the keys whose values the stack shows already. */
function visibleKeys(ctx, error, keys, stack) {
  if (ctx.showHidden) return keys;
  keys = without(keys, "stack");
  for (let i = 0; i < 2; i++) {
    const key = i === 0 ? "name" : "message";
    if (!ArrayPrototypeIncludes(keys, key)) continue;
    let value;
    try {
      value = error[key];
    } catch {
      continue;
    }
    if (typeof value !== "string" || StringPrototypeIncludes(stack, value)) {
      keys = without(keys, key);
    }
  }
  return keys;
}

/** Underlines the package name in a frame below node_modules. */
function markPackages(ctx, line) {
  let result = "";
  let copied = 0;
  let at = StringPrototypeIndexOf(line, NODE_MODULES);
  while (at !== -1) {
    const start = at + NODE_MODULES.length;
    let end = StringPrototypeIndexOf(line, "/", start);
    if (end !== -1 && line[start] === "@") end = StringPrototypeIndexOf(line, "/", end + 1);
    if (end === -1) break;
    const name = StringPrototypeSlice(line, start, end);
    result += StringPrototypeSlice(line, copied, start) + ctx.stylize(name, "module");
    copied = end;
    at = StringPrototypeIndexOf(line, NODE_MODULES, end);
  }
  return result + StringPrototypeSlice(line, copied);
}

function frameLines(ctx, error, text) {
  const mute = (line) => ctx.stylize(line, "undefined");
  let frames = userFrames(text);
  const cause = tryGet(error, "cause");
  if (cause !== error && inheritsError(cause)) {
    frames = cutFramesOfCause(frames, stackText(ctx, cause), mute);
  }
  frames = collapseRecursion(frames, mute);
  if (ctx.colors) {
    for (let i = 0; i < frames.length; i++) {
      const frame = frames[i];
      frames[i] = isFrameOf(frame, "node:") ? mute(frame) : markPackages(ctx, frame);
    }
  }
  return frames;
}

/**
 * An error's heading and stack, and the keys to print after it.
 * @param {import("./context.js").InspectContext} ctx
 * @param {object} error
 * @param {string | null} constructor
 * @param {string} tag
 * @param {(string | symbol)[]} keys
 * @returns {{text: string, keys: (string | symbol)[]}}
 */
export function formatErrorObject(ctx, error, constructor, tag, keys) {
  let stack = stackText(ctx, error);
  keys = visibleKeys(ctx, error, without(keys, "cause"), stack);
  if (tryHas(error, "cause")) ArrayPrototypePush(keys, "cause");
  if (ArrayIsArray(tryGet(error, "errors")) && !ArrayPrototypeIncludes(keys, "errors")) {
    ArrayPrototypePush(keys, "errors");
  }
  stack = improveHeading(stack, constructor, tryGet(error, "name") ?? "Error", tag);

  // A message may contain lines that look like frames.
  const message = tryGet(error, "message");
  let searchFrom = 0;
  if (typeof message === "string" && message !== "") {
    const at = StringPrototypeIndexOf(stack, message);
    if (at !== -1) searchFrom = at + message.length;
  }
  const start = framesStart(stack, searchFrom);
  if (start === -1) {
    stack = `[${stack}]`;
  } else {
    const frames = frameLines(ctx, error, StringPrototypeSlice(stack, start + 1));
    const heading = StringPrototypeSlice(stack, 0, start);
    stack = frames.length === 0 ? heading : `${heading}\n${ArrayPrototypeJoin(frames, "\n")}`;
  }
  return { text: indentLines(stack, StringPrototypeRepeat(" ", ctx.indentation)), keys };
}
