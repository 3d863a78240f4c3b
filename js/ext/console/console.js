// The console namespace (https://console.spec.whatwg.org/). Prints through one function,
// synchronously; never throws for lack of a reader.

import { op_console_now, op_console_print } from "rt:ops/console";
import { inspectArgs } from "./format.js";
import { stderrTakesColors, stdoutTakesColors } from "./styles.js";
import { framesStart, userFrames } from "./stack.js";
import { formatTable } from "./table.js";
import { primordials } from "rt:bootstrap/primordials.js";

const {
  ArrayIsArray,
  ArrayPrototypeJoin,
  ArrayPrototypePush,
  ErrorCaptureStackTrace,
  MathRound,
  NumberPrototypeToFixed,
  ObjectDefineProperty,
  ObjectKeys,
  ReflectApply,
  SafeMap,
  String,
  StringPrototypeSlice,
  SymbolToStringTag,
  TypeError,
} = primordials;

/** Levels given to the print function; from WARN on it is stderr's. */
export const LEVEL_DEBUG = 0;
export const LEVEL_LOG = 1;
export const LEVEL_WARN = 2;
export const LEVEL_ERROR = 3;
export const LEVEL_TRACE = 4;

const MOVE_HOME = "\x1b[1;1H";
const CLEAR_BELOW = "\x1b[0J";

/** A new array: unshift would run a setter a script put on Array.prototype. */
function prepend(first, rest) {
  const all = [first];
  for (let i = 0; i < rest.length; i++) ArrayPrototypePush(all, rest[i]);
  return all;
}

/** Milliseconds with about three significant digits: 0.123, 1.23, 12.3, 123. */
function formatDuration(ms) {
  if (ms < 1) return NumberPrototypeToFixed(ms, 3);
  if (ms < 10) return NumberPrototypeToFixed(ms, 2);
  if (ms < 100) return NumberPrototypeToFixed(ms, 1);
  return String(MathRound(ms));
}

/** "Trace: message" and the frames of the caller. */
function formatTrace(message, method) {
  const holder = { name: "Trace", message };
  ErrorCaptureStackTrace(holder, method);
  const { stack } = holder;
  // Error.prepareStackTrace may have made anything of it.
  if (typeof stack !== "string") return `Trace: ${message}`;
  const heading = message === "" ? "Trace" : `Trace: ${message}`;
  const start = framesStart(stack, heading.length < stack.length ? heading.length - 1 : 0);
  if (start === -1) return stack;
  const frames = userFrames(StringPrototypeSlice(stack, start + 1));
  const lines = [StringPrototypeSlice(stack, 0, start)];
  for (let i = 0; i < frames.length; i++) ArrayPrototypePush(lines, frames[i]);
  return ArrayPrototypeJoin(lines, "\n");
}

/** State and methods of one console. The methods are arrow functions: they work detached. */
export class Console {
  #print;
  #counts = new SafeMap();
  #timers = new SafeMap();
  /** The namespace object a script sees; `group` prints its label through its `log`. */
  #namespace;
  /** How many groups are open. */
  indentLevel = 0;

  constructor(print) {
    this.#print = print;
  }

  /** Prints args for stdout (log levels) or stderr (warn and above). */
  #write(level, args) {
    if (args.length === 1 && this.indentLevel === 0 && typeof args[0] === "string") {
      this.#print(`${args[0]}\n`, level);
      return;
    }
    const colors = level >= LEVEL_WARN ? stderrTakesColors() : stdoutTakesColors();
    const options = { __proto__: null, colors, indentLevel: this.indentLevel };
    this.#print(`${inspectArgs(args, options)}\n`, level);
  }

  methods = {
    __proto__: null,

    /** Prints to stdout, formatted. */
    log: (...args) => this.#write(LEVEL_LOG, args),
    debug: (...args) => this.#write(LEVEL_DEBUG, args),
    info: (...args) => this.#write(LEVEL_LOG, args),

    /** Prints one value, with inspect's options. */
    dir: (obj = undefined, options = undefined) => {
      const all = { __proto__: null, colors: stdoutTakesColors(), indentLevel: this.indentLevel };
      if (typeof options === "object" && options !== null) {
        const keys = ObjectKeys(options);
        for (let i = 0; i < keys.length; i++) all[keys[i]] = options[keys[i]];
      }
      this.#print(`${inspectArgs([obj], all)}\n`, LEVEL_LOG);
    },
    dirxml: (...args) => this.#write(LEVEL_LOG, args),

    /** Prints to stderr, formatted. */
    warn: (...args) => this.#write(LEVEL_WARN, args),
    error: (...args) => this.#write(LEVEL_ERROR, args),

    assert: (condition = false, ...args) => {
      if (condition) return;
      if (args.length === 0) ArrayPrototypePush(args, "Assertion failed");
      else if (typeof args[0] === "string") args[0] = `Assertion failed: ${args[0]}`;
      else args = prepend("Assertion failed:", args);
      this.#write(LEVEL_ERROR, args);
    },

    count: (label = "default") => {
      label = String(label);
      const count = (this.#counts.get(label) ?? 0) + 1;
      this.#counts.set(label, count);
      this.#write(LEVEL_LOG, [`${label}: ${count}`]);
    },
    countReset: (label = "default") => {
      label = String(label);
      if (this.#counts.has(label)) this.#counts.set(label, 0);
      else this.#write(LEVEL_WARN, [`Count for '${label}' does not exist`]);
    },

    /** Prints an array, map, set, iterable or object of rows as a table. */
    table: (data = undefined, properties = undefined) => {
      if (properties !== undefined && !ArrayIsArray(properties)) {
        throw new TypeError(
          `The 'properties' argument must be of type Array: received type ${typeof properties}`,
        );
      }
      if (typeof data !== "object" || data === null) {
        this.#write(LEVEL_LOG, [data]);
        return;
      }
      let names;
      if (properties !== undefined) {
        names = [];
        for (let i = 0; i < properties.length; i++) {
          ArrayPrototypePush(names, String(properties[i]));
        }
      }
      this.#write(LEVEL_LOG, [formatTable(data, names, stdoutTakesColors())]);
    },

    time: (label = "default") => {
      label = String(label);
      if (this.#timers.has(label)) {
        this.#write(LEVEL_WARN, [`Timer '${label}' already exists`]);
      } else {
        this.#timers.set(label, op_console_now());
      }
    },
    timeLog: (label = "default", ...args) => {
      this.#writeTimer(String(label), args);
    },
    timeEnd: (label = "default") => {
      label = String(label);
      this.#writeTimer(label, []);
      this.#timers.delete(label);
    },

    group: (...label) => this.#openGroup(label),
    groupCollapsed: (...label) => this.#openGroup(label),
    groupEnd: () => {
      if (this.indentLevel > 0) this.indentLevel--;
    },

    /** Clears the terminal and closes all groups. */
    clear: () => {
      this.indentLevel = 0;
      this.#print(MOVE_HOME + CLEAR_BELOW, LEVEL_LOG);
    },

    /** Prints "Trace: …" and the call stack to stderr. */
    trace: (...args) => {
      const message = inspectArgs(args, { __proto__: null, colors: stderrTakesColors() });
      this.#print(`${formatTrace(message, this.methods.trace)}\n`, LEVEL_TRACE);
    },

    /** Does nothing: profiles are taken through the inspector. */
    profile: (_label) => {},
    profileEnd: (_label) => {},
    /** Does nothing: timestamps are shown by the inspector. */
    timeStamp: (_label) => {},
  };

  #openGroup(label) {
    if (label.length > 0) ReflectApply(this.#namespace.log, this.#namespace, label);
    this.indentLevel++;
  }

  #writeTimer(label, args) {
    const start = this.#timers.get(label);
    if (start === undefined) {
      this.#write(LEVEL_WARN, [`Timer '${label}' does not exist`]);
      return;
    }
    const text = `${label}: ${formatDuration(op_console_now() - start)}ms`;
    this.#write(LEVEL_LOG, prepend(text, args));
  }

  /** Makes the namespace object: own methods, over an empty object, over Object.prototype. */
  createNamespace() {
    const namespace = { __proto__: {} };
    const { methods } = this;
    const names = ObjectKeys(methods);
    for (let i = 0; i < names.length; i++) namespace[names[i]] = methods[names[i]];
    ObjectDefineProperty(namespace, SymbolToStringTag, {
      __proto__: null,
      value: "console",
      configurable: true,
    });
    ObjectDefineProperty(namespace, "indentLevel", {
      __proto__: null,
      get: () => this.indentLevel,
      set: (value) => {
        this.indentLevel = +value;
      },
      enumerable: true,
      configurable: true,
    });
    this.#namespace = namespace;
    return namespace;
  }
}

/**
 * A console namespace object that prints through `print(text, level)`; the text ends with a line
 * feed.
 * @param {(text: string, level: number) => void} print
 * @returns {object}
 */
export function createConsole(print) {
  return new Console(print).createNamespace();
}

/** The `console` global. */
export const console = createConsole((text, level) => op_console_print(text, level >= LEVEL_WARN));
