// The REPL's own JavaScript: `_`, `_error`, `close()`, and how values are shown. A function body that
// src/runtime/repl_session.cc runs once, before any code of the user. ASCII; imports nothing.
/* global __rt_internals, __rt_hooks */
const { denoNs, inspect, primordials, print, setUncaught, stdoutTakesColors } = __rt_internals;
const { ErrorPrototype, ObjectDefineProperty, ObjectPrototypeIsPrototypeOf } = primordials;
const { StringPrototypeEndsWith, StringPrototypeSlice, StringPrototypeStartsWith } = primordials;

/** A global that gives the last value until the user makes it a variable of their own. */
function defineLast(name, what) {
  let last;
  ObjectDefineProperty(globalThis, name, {
    __proto__: null,
    configurable: true,
    get: () => last,
    set: (value) => {
      ObjectDefineProperty(globalThis, name, {
        __proto__: null,
        configurable: true,
        enumerable: true,
        writable: true,
        value,
      });
      print(`The last ${what} is no longer saved to ${name}.\n`);
    },
  });
  return (value) => {
    last = value;
  };
}

const setLast = defineLast("_", "value");
const setLastError = defineLast("_error", "error");
const show = (value) => inspect(value, { __proto__: null, colors: stdoutTakesColors() });

ObjectDefineProperty(globalThis, "close", {
  __proto__: null,
  configurable: true,
  writable: true,
  value: () => denoNs.exit(),
});

/** (value): its text; it becomes `_`. */
__rt_hooks.result = (value) => {
  setLast(value);
  return show(value);
};
/** (what was thrown, in a promise): its text; it becomes `_error`. */
function thrown(error, inPromise) {
  setLastError(error);
  let text = show(error);
  // An error without a stack, as those of syntax are here, is shown in brackets elsewhere.
  if (
    ObjectPrototypeIsPrototypeOf(ErrorPrototype, error) &&
    StringPrototypeStartsWith(text, "[") &&
    StringPrototypeEndsWith(text, "]")
  ) {
    text = StringPrototypeSlice(text, 1, -1);
  }
  return `Uncaught ${inPromise ? "(in promise) " : ""}${text}`;
}
__rt_hooks.thrown = thrown;

// What callbacks throw that nobody waits for: the REPL goes on.
let uncaught = "";
setUncaught((error) => {
  uncaught += `${thrown(error, false)}\n`;
});
/** Their text since the last call, each with a line end. */
__rt_hooks.takeUncaught = () => {
  const text = uncaught;
  uncaught = "";
  return text;
};
