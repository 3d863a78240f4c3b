// Deno.inspect: any value as text. Follows Deno's output. Must never call a getter (unless asked
// to) or trust anything a script could have changed; only custom-inspect hooks and toStringTag run
// user code.

import { op_console_kind, op_console_proxy_details } from "rt:ops/console";
import * as kinds from "./kinds.js";
import { InspectContext, isForeign } from "./context.js";
import { ENTRIES_OBJECT, joinEntries } from "./layout.js";
import {
  getConstructorName,
  getObjectPrefix,
  getPrototypeProperties,
  getTag,
  tryGet,
  tryHas,
} from "./objects.js";
import { formatProperty } from "./properties.js";
import { formatPrimitive, indentLines, tryString } from "./strings.js";
import { describe } from "./shapes.js";
import { primordials } from "rt:bootstrap/primordials.js";

const {
  ArrayPrototypeIncludes,
  ArrayPrototypePush,
  ArrayPrototypeSlice,
  ArrayPrototypeSort,
  ObjectDefineProperty,
  ReflectApply,
  SafeMap,
  String,
  StringPrototypeRepeat,
  StringPrototypeSlice,
  SymbolFor,
  SymbolToStringTag,
} = primordials;

const customInspectSymbol = SymbolFor("Deno.customInspect");
const privateCustomInspectSymbol = SymbolFor("Deno.privateCustomInspect");
const nodeInspectSymbol = SymbolFor("nodejs.util.inspect.custom");

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
  ctx.countObject(value);
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
