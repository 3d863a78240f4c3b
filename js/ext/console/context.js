// What one inspection carries along: the options and the state of the walk (what is being printed,
// at which indentation). One per call; never shared between calls except through a custom-inspect
// hook's options.

import { colors, styles, stylizeColor, stylizeNone } from "./styles.js";
import { primordials } from "rt:bootstrap/primordials.js";

const {
  ArrayIsArray,
  ArrayPrototypePush,
  Number,
  ObjectKeys,
  ObjectPrototypeIsPrototypeOf,
  ObjectPrototype,
  ObjectSetPrototypeOf,
  SafeSet,
  SafeWeakMap,
  String,
} = primordials;

const DEFAULT_QUOTES = ['"', "'", "`"];
/** From this many objects on, those met before are counted. */
const TRACKED_FROM = 1 << 13;
/** After this many repeats nested objects are only named: the graph would print for ever. */
const MAX_REPEATS = 1 << 15;
/** After this many characters at one indentation nested objects are only named. */
const MAX_CHARACTERS = 1 << 27;

/**
 * The context behind the `seen` list in a hook's options, so that `inspect(x, options)` continues
 * it.
 */
const contexts = new SafeWeakMap();

/**
 * A limit option as a number: null and undefined lift the limit.
 * @param {unknown} value
 */
function toLimit(value) {
  return value === null || value === undefined ? Infinity : Number(value);
}

export class InspectContext {
  // Options; the names are those of Deno.InspectOptions and of node:util's inspect.
  showHidden = false;
  /** null: unlimited. */
  depth = 4;
  colors = false;
  customInspect = true;
  showProxy = false;
  maxArrayLength = 100;
  maxStringLength = 10_000;
  breakLength = 80;
  escapeSequences = true;
  compact = 3;
  sorted = false;
  getters = false;
  quotes = DEFAULT_QUOTES;
  iterableLimit = 100;
  trailingComma = false;
  /** How many console groups the text is printed in. */
  indentLevel = 0;
  strAbbreviateSize = undefined;
  numericSeparator = undefined;
  /**
   * What the caller of node:util's inspect passed; handed on to nodejs.util.inspect.custom hooks.
   */
  userOptions = undefined;
  stylize = stylizeNone;

  // State.
  indentation = 0;
  currentDepth = 0;
  /** The objects being printed, outermost first. */
  seen = [];
  /** Object -> number of the `<ref *n>` it will carry; null until a cycle is met. */
  circular = null;
  /**
   * Shared with forks and hooks: how many objects were printed, which of the later ones, how often.
   */
  tally = { __proto__: null, objects: 0, repeats: 0, visited: undefined };
  charactersAt = { __proto__: null };

  /** Set by inspect.js: `(ctx, value, depth, inTypedArray) => string`. */
  formatValue = undefined;
  /** Set by inspect.js: the function handed to hooks; a caller's own `inspect` option wins. */
  inspect = undefined;

  /**
   * Overrides the defaults by the own enumerable properties of `options`, as a spread would.
   * @param {object} options
   */
  applyOptions(options) {
    const keys = ObjectKeys(options);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      const value = options[key];
      if (value === undefined && key !== "depth") continue;
      this.#applyOption(key, value);
    }
    // The two names for the same limits: Deno's win over node's.
    if (options.iterableLimit !== undefined) this.maxArrayLength = this.iterableLimit;
    if (options.strAbbreviateSize !== undefined) this.maxStringLength = this.strAbbreviateSize;
  }

  #applyOption(key, value) {
    switch (key) {
      case "showHidden":
      case "colors":
      case "customInspect":
      case "showProxy":
      case "escapeSequences":
      case "trailingComma":
        this[key] = !!value;
        break;
      case "depth":
        this.depth = value === null || value === undefined ? null : Number(value);
        break;
      case "maxArrayLength":
      case "maxStringLength":
      case "iterableLimit":
      case "strAbbreviateSize":
        this[key] = toLimit(value);
        break;
      case "breakLength":
      case "indentLevel":
        this[key] = Number(value);
        break;
      case "compact":
        this.compact = typeof value === "number" ? value : value === true;
        break;
      case "sorted":
        this.sorted = typeof value === "function" ? value : !!value;
        break;
      case "getters":
        this.getters = value === "get" || value === "set" ? value : value === true;
        break;
      case "quotes":
        this.#applyQuotes(value);
        break;
      case "indentationLvl": {
        const indentation = Number(value);
        if (indentation > 0 && indentation < MAX_CHARACTERS) this.indentation = indentation;
        break;
      }
      case "numericSeparator":
      case "userOptions":
      case "inspect":
        this[key] = value;
        break;
      case "stylize":
        if (typeof value === "function") this.stylize = value;
        break;
      case "seen":
        this.#continueFrom(value);
        break;
    }
  }

  #applyQuotes(value) {
    if (!ArrayIsArray(value)) return;
    const quotes = [];
    for (let i = 0; i < value.length; i++) {
      const quote = String(value[i]);
      if (quote.length > 0) ArrayPrototypePush(quotes, quote);
    }
    this.quotes = quotes;
  }

  #continueFrom(seen) {
    const parent = typeof seen === "object" && seen !== null ? contexts.get(seen) : undefined;
    if (parent === undefined) return;
    this.seen = parent.seen;
    this.tally = parent.tally;
    this.charactersAt = parent.charactersAt;
  }

  /** Picks the stylizer that goes with `colors`, after the options are in. */
  finishOptions() {
    if (this.colors) this.stylize = stylizeColor;
  }

  /** @returns {boolean} whether an object at this depth is only to be named */
  pastDepth(depth) {
    return this.depth !== null && depth > this.depth;
  }

  /** Enters an object: cycles through it are seen from now on. */
  enter(value, depth) {
    ArrayPrototypePush(this.seen, value);
    this.currentDepth = depth;
  }

  /** Accounts for one more object. Trees have no repeats, however large. */
  countObject(value) {
    const { tally } = this;
    if (++tally.objects <= TRACKED_FROM) return;
    tally.visited ??= new SafeSet();
    if (!tally.visited.has(value)) tally.visited.add(value);
    else if (++tally.repeats > MAX_REPEATS) this.depth = -1;
  }

  /** Accounts for printed text; too much of it turns nested objects into their names. */
  account(length) {
    const level = this.indentation;
    const total = (this.charactersAt[level] ?? 0) + length;
    this.charactersAt[level] = total;
    if (total > MAX_CHARACTERS) this.depth = -1;
  }

  /** A copy that shares the walk but may have other options. */
  fork() {
    const copy = new InspectContext();
    const keys = ObjectKeys(this);
    for (let i = 0; i < keys.length; i++) copy[keys[i]] = this[keys[i]];
    return copy;
  }

  /**
   * The options object that a hook gets and may pass back to inspect(), as is or spread.
   * @param {boolean} foreign the hook belongs to an object of another realm or without a prototype:
   *   give it nothing it could reach our objects through
   */
  toUserOptions(foreign) {
    const stylize = this.stylize;
    const options = {
      stylize,
      showHidden: this.showHidden,
      depth: this.depth,
      colors: this.colors,
      customInspect: this.customInspect,
      showProxy: this.showProxy,
      maxArrayLength: this.maxArrayLength,
      maxStringLength: this.maxStringLength,
      breakLength: this.breakLength,
      compact: this.compact,
      sorted: this.sorted,
      getters: this.getters,
      numericSeparator: this.numericSeparator,
    };
    const { userOptions } = this;
    if (typeof userOptions === "object" && userOptions !== null) {
      const keys = ObjectKeys(userOptions);
      for (let i = 0; i < keys.length; i++) options[keys[i]] = userOptions[keys[i]];
    }
    if (foreign) {
      ObjectSetPrototypeOf(options, null);
      const keys = ObjectKeys(options);
      for (let i = 0; i < keys.length; i++) {
        const value = options[keys[i]];
        if ((typeof value === "object" && value !== null) || typeof value === "function") {
          delete options[keys[i]];
        }
      }
      options.stylize = ObjectSetPrototypeOf((text, flavour) => {
        const styled = stylize(`${text}`, flavour);
        return typeof styled === "string" ? styled : text;
      }, null);
    }
    return options;
  }

  /** As toUserOptions, plus what `inspect(value, options)` needs to continue this walk. */
  toHookOptions() {
    const options = this.toUserOptions(false);
    options.indentationLvl = this.indentation;
    options.currentDepth = this.currentDepth;
    options.indentLevel = this.indentLevel;
    options.escapeSequences = this.escapeSequences;
    options.trailingComma = this.trailingComma;
    options.iterableLimit = this.iterableLimit;
    if (this.strAbbreviateSize !== undefined) options.strAbbreviateSize = this.strAbbreviateSize;
    options.quotes = this.quotes;
    options.seen = this.seen;
    options.inspect = this.inspect;
    contexts.set(this.seen, this);
    return options;
  }
}

/** @returns {boolean} whether `value` does not inherit from this realm's Object.prototype */
export function isForeign(value) {
  try {
    return !ObjectPrototypeIsPrototypeOf(ObjectPrototype, value);
  } catch {
    return true;
  }
}

export { colors, styles };
