// The intrinsics of ECMAScript as they were before any user code ran. Built-in code that must keep
// working when a script deletes, replaces or poisons globals and prototypes calls these instead.
// Runs first, while the snapshot is built. Must never read a global after that, and must never be
// reachable from user code.

/**
 * Naming:
 * - a constructor or global function by its own name: `Map`, `decodeURIComponent`
 * - a static member: `ObjectKeys`, `SymbolIterator`, `MathMax`, `ReflectApply`
 * - a prototype method, `this` first: `ArrayPrototypePush(array, item)`
 * - a getter or setter, `this` first: `MapPrototypeGetSize(map)`
 * - a method under a well-known symbol: `ArrayPrototypeSymbolIterator(array)`
 * - the prototype objects themselves: `ArrayPrototype`, `AsyncIteratorPrototype`
 * - `Safe…`: classes and helpers that never look anything up on a prototype user code can change
 */
const table = { __proto__: null };

const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, setPrototypeOf } =
  Reflect;
const { apply, bind, call } = Function.prototype;
const arrayPrototype = Array.prototype;

/** Turns a method into a function whose first argument is `this`. */
const uncurryThis = bind.bind(call);
/** Turns a method into a function of (this, argumentsArray). */
const applyBind = bind.bind(apply);

table.uncurryThis = uncurryThis;
table.applyBind = applyBind;
table.globalThis = globalThis;

/** "toString" -> "ToString", Symbol.iterator -> "SymbolIterator". */
function memberName(key) {
  const text = typeof key === "symbol" ? `Symbol${upper(key.description.slice(7))}` : key;
  return upper(text);
}

function upper(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function put(name, value) {
  defineProperty(table, name, {
    __proto__: null,
    value,
    enumerable: true,
    configurable: false,
    writable: false,
  });
}

/** Copies the members of `source` under `prefix`; `wrap` says what a function becomes. */
function copyMembers(prefix, source, wrap) {
  for (const key of ownKeys(source)) {
    if (typeof source === "function" && (key === "length" || key === "name")) continue;
    if (source === arrayPrototype && kMadeBySpecies.has(key)) continue;
    const name = prefix + memberName(key);
    // Annex B duplicates such as RegExp["$&"] have no name of their own.
    if (!/^[A-Za-z0-9_]+$/.test(name) || name in table) continue;
    const descriptor = getOwnPropertyDescriptor(source, key);
    if ("value" in descriptor) {
      const { value } = descriptor;
      put(name, typeof value === "function" ? wrap(value) : value);
      if (variadic.has(name)) {
        put(`${name}Apply`, wrap === uncurryThis ? applyBind(value) : applyBind(value, source));
      }
    } else {
      const accessor = memberName(key);
      if (descriptor.get) put(`${prefix}Get${accessor}`, uncurryThis(descriptor.get));
      if (descriptor.set) put(`${prefix}Set${accessor}`, uncurryThis(descriptor.set));
    }
  }
}

// Not the method: that is a Set, which runs the setter a script put on Array.prototype[n]. Asking first costs
// less than the method's call.
put("ArrayPrototypePush", function (array) {
  for (let i = 1; i < arguments.length; i++) {
    const at = array.length;
    if (at in arrayPrototype) {
      defineProperty(array, at, {
        __proto__: null,
        value: arguments[i],
        writable: true,
        enumerable: true,
        configurable: true,
      });
    } else {
      array[at] = arguments[i];
    }
  }
  return array.length;
});

// Nor these: they make their results with Array[Symbol.species], which a script can set, and which would be
// handed what is in the array. The others that do so are not here at all.
put("ArrayPrototypeSlice", (array, start = 0, end = array.length) => {
  const copy = [];
  const from = start < 0 ? array.length + start : start;
  for (let i = from < 0 ? 0 : from; i < end && i < array.length; i++) {
    table.ArrayPrototypePush(copy, array[i]);
  }
  return copy;
});
/** Takes `count` elements out, and returns nothing. */
put("ArrayPrototypeSplice", (array, start, count) => {
  for (let i = start + count; i < array.length; i++) array[i - count] = array[i];
  array.length -= count;
});
const kMadeBySpecies = new Set(["concat", "filter", "flat", "flatMap", "map"]);

const variadic = new Set([
  "ArrayOf",
  "ArrayPrototypeUnshift",
  "MathHypot",
  "MathMax",
  "MathMin",
  "StringFromCharCode",
  "StringFromCodePoint",
  "StringPrototypeConcat",
]);

const asIs = (value) => value;

for (const name of [
  "decodeURI",
  "decodeURIComponent",
  "encodeURI",
  "encodeURIComponent",
  "escape",
  "eval",
  "isFinite",
  "isNaN",
  "parseFloat",
  "parseInt",
  "unescape",
]) {
  if (typeof globalThis[name] === "function") put(name, globalThis[name]);
}

for (const name of ["Atomics", "JSON", "Math", "Proxy", "Reflect"]) {
  if (globalThis[name] === undefined) continue;
  if (name === "Proxy") put(name, Proxy);
  copyMembers(name, globalThis[name], asIs);
}

for (const name of [
  "AggregateError",
  "Array",
  "ArrayBuffer",
  "AsyncDisposableStack",
  "BigInt",
  "BigInt64Array",
  "BigUint64Array",
  "Boolean",
  "DataView",
  "Date",
  "DisposableStack",
  "Error",
  "EvalError",
  "FinalizationRegistry",
  "Float16Array",
  "Float32Array",
  "Float64Array",
  "Function",
  "Int16Array",
  "Int32Array",
  "Int8Array",
  "Iterator",
  "Map",
  "Number",
  "Object",
  "Promise",
  "RangeError",
  "ReferenceError",
  "RegExp",
  "Set",
  "SharedArrayBuffer",
  "String",
  "SuppressedError",
  "Symbol",
  "SyntaxError",
  "TypeError",
  "URIError",
  "Uint16Array",
  "Uint32Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "WeakMap",
  "WeakRef",
  "WeakSet",
]) {
  const constructor = globalThis[name];
  // Only what is there while the snapshot is built: V8 adds SharedArrayBuffer, Float16Array and the
  // disposable stacks to a context only when it starts.
  if (typeof constructor !== "function") continue;
  put(name, constructor);
  // Promise's statics need Promise as their `this`.
  copyMembers(name, constructor, name === "Promise" ? (value) => value.bind(Promise) : asIs);
  copyMembers(`${name}Prototype`, constructor.prototype, uncurryThis);
}

// Intrinsics that no global names.
const generatorFunction = getPrototypeOf(function* () {});
const asyncGeneratorFunction = getPrototypeOf(async function* () {});
const intrinsics = {
  __proto__: null,
  TypedArray: getPrototypeOf(Uint8Array).prototype,
  ArrayIterator: getPrototypeOf([][Symbol.iterator]()),
  StringIterator: getPrototypeOf(""[Symbol.iterator]()),
  MapIterator: getPrototypeOf(new Map()[Symbol.iterator]()),
  SetIterator: getPrototypeOf(new Set()[Symbol.iterator]()),
  RegExpStringIterator: getPrototypeOf(/x/g[Symbol.matchAll]("")),
  Generator: generatorFunction.prototype,
  AsyncGenerator: asyncGeneratorFunction.prototype,
  AsyncIterator: getPrototypeOf(asyncGeneratorFunction.prototype),
  Iterator: getPrototypeOf(generatorFunction.prototype),
};
for (const name of ownKeys(intrinsics)) {
  if (!(`${name}Prototype` in table)) put(`${name}Prototype`, intrinsics[name]);
  copyMembers(`${name}Prototype`, intrinsics[name], uncurryThis);
}
put("TypedArray", getPrototypeOf(Uint8Array));
copyMembers("TypedArray", getPrototypeOf(Uint8Array), uncurryThis);
put("GeneratorFunction", generatorFunction.constructor);
put("AsyncFunction", (async () => {}).constructor);
put("AsyncGeneratorFunction", asyncGeneratorFunction.constructor);

const {
  ArrayIteratorPrototypeNext,
  ArrayPrototypeSymbolIterator,
  MapIteratorPrototypeNext,
  MapPrototypeSymbolIterator,
  ObjectFreeze,
  PromisePrototypeThen,
  RegExpPrototypeExec,
  RegExpPrototypeGetFlags,
  SetIteratorPrototypeNext,
  SetPrototypeSymbolIterator,
  StringIteratorPrototypeNext,
  StringPrototypeSymbolIterator,
  SymbolIterator,
  SymbolSpecies,
} = table;

/** Makes an iterator class over one collection type that reads no user-reachable prototype. */
function makeSafeIterator(open, next) {
  class SafeIterator {
    #iterator;
    constructor(collection) {
      this.#iterator = open(collection);
    }
    next() {
      return next(this.#iterator);
    }
    [SymbolIterator]() {
      return this;
    }
  }
  setPrototypeOf(SafeIterator.prototype, null);
  ObjectFreeze(SafeIterator.prototype);
  ObjectFreeze(SafeIterator);
  return SafeIterator;
}

/** `for (const x of new SafeArrayIterator(array))`. Destructure its items by index, not by pattern. */
put(
  "SafeArrayIterator",
  makeSafeIterator(ArrayPrototypeSymbolIterator, ArrayIteratorPrototypeNext),
);
put(
  "SafeStringIterator",
  makeSafeIterator(StringPrototypeSymbolIterator, StringIteratorPrototypeNext),
);
put("SafeMapIterator", makeSafeIterator(MapPrototypeSymbolIterator, MapIteratorPrototypeNext));
put("SafeSetIterator", makeSafeIterator(SetPrototypeSymbolIterator, SetIteratorPrototypeNext));

/**
 * Gives `SafeClass` own copies of every member of `Unsafe` so that nothing is inherited, with
 * iterators that are safe to use in `for…of`.
 */
function makeSafe(Unsafe, SafeClass) {
  const next =
    Unsafe === Map ? MapIteratorPrototypeNext : Unsafe === Set ? SetIteratorPrototypeNext : null;
  for (const key of ownKeys(Unsafe.prototype)) {
    const descriptor = getOwnPropertyDescriptor(Unsafe.prototype, key);
    if (ownKeys(SafeClass.prototype).includes(key)) continue;
    const isIterator = next !== null && ["entries", "keys", "values", SymbolIterator].includes(key);
    if (isIterator) {
      const SafeIterator = makeSafeIterator(uncurryThis(descriptor.value), next);
      descriptor.value = function () {
        return new SafeIterator(this);
      };
    }
    defineProperty(SafeClass.prototype, key, { __proto__: null, ...descriptor });
  }
  for (const key of ownKeys(Unsafe)) {
    if (ownKeys(SafeClass).includes(key)) continue;
    defineProperty(SafeClass, key, { __proto__: null, ...getOwnPropertyDescriptor(Unsafe, key) });
  }
  setPrototypeOf(SafeClass.prototype, null);
  ObjectFreeze(SafeClass.prototype);
  ObjectFreeze(SafeClass);
  return SafeClass;
}
put("makeSafe", makeSafe);

// The explicit constructors keep `super(...)` from spreading through Array.prototype's iterator.
/** A Map whose methods and iteration user code cannot reach. Build it empty, then `set`. */
put(
  "SafeMap",
  makeSafe(
    Map,
    class SafeMap extends Map {
      constructor(entries) {
        super(entries);
      }
    },
  ),
);
put(
  "SafeSet",
  makeSafe(
    Set,
    class SafeSet extends Set {
      constructor(values) {
        super(values);
      }
    },
  ),
);
put(
  "SafeWeakMap",
  makeSafe(
    WeakMap,
    class SafeWeakMap extends WeakMap {
      constructor(entries) {
        super(entries);
      }
    },
  ),
);
put(
  "SafeWeakSet",
  makeSafe(
    WeakSet,
    class SafeWeakSet extends WeakSet {
      constructor(values) {
        super(values);
      }
    },
  ),
);
put(
  "SafeWeakRef",
  makeSafe(
    WeakRef,
    class SafeWeakRef extends WeakRef {
      constructor(target) {
        super(target);
      }
    },
  ),
);
put(
  "SafeFinalizationRegistry",
  makeSafe(
    FinalizationRegistry,
    class SafeFinalizationRegistry extends FinalizationRegistry {
      constructor(cleanup) {
        super(cleanup);
      }
    },
  ),
);

/** A constructor for `then` to build its result with, whatever Promise.prototype.constructor says. */
const species = ObjectFreeze({ __proto__: null, [SymbolSpecies]: Promise });

/**
 * Gives a promise its own `constructor` so that `PromisePrototypeThen` on it makes a plain Promise
 * even when user code replaced `Promise.prototype.constructor`. Slows the promise down: only for
 * paths where that matters.
 */
function hardenPromise(promise) {
  defineProperty(promise, "constructor", {
    __proto__: null,
    value: species,
    configurable: true,
    writable: true,
    enumerable: false,
  });
  return promise;
}
put("hardenPromise", hardenPromise);

/**
 * The combinators of Promise over an array, reading neither iterators nor `then` from prototypes.
 * `handlersOf` makes one promise's handlers; `onDrained` runs when none is pending.
 */
function combine(promises, map, onDrained, handlersOf) {
  return new table.Promise((resolve, reject) => {
    const count = promises.length;
    const results = new table.Array(count);
    let pending = count;
    const done = () => {
      if (--pending === 0) onDrained(resolve, reject, results);
    };
    if (count === 0) {
      onDrained(resolve, reject, results);
      return;
    }
    for (let i = 0; i < count; i++) {
      const item = map ? map(promises[i], i) : promises[i];
      const { onFulfilled, onRejected } = handlersOf(results, i, done, resolve, reject);
      PromisePrototypeThen(table.PromiseResolve(item), onFulfilled, onRejected);
    }
  });
}

function setAt(array, index, value) {
  defineProperty(array, index, {
    __proto__: null,
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** Promise.all over an array (optionally mapped). */
put("SafePromiseAll", (promises, map) =>
  combine(
    promises,
    map,
    (resolve, _reject, results) => resolve(results),
    (results, i, done, _resolve, reject) => ({
      onFulfilled(value) {
        setAt(results, i, value);
        done();
      },
      onRejected: reject,
    }),
  ),
);

/** Promise.allSettled over an array (optionally mapped). */
put("SafePromiseAllSettled", (promises, map) =>
  combine(
    promises,
    map,
    (resolve, _reject, results) => resolve(results),
    (results, i, done) => ({
      onFulfilled(value) {
        setAt(results, i, { status: "fulfilled", value });
        done();
      },
      onRejected(reason) {
        setAt(results, i, { status: "rejected", reason });
        done();
      },
    }),
  ),
);

/** Promise.any over an array (optionally mapped). */
put("SafePromiseAny", (promises, map) =>
  combine(
    promises,
    map,
    (_resolve, reject, errors) =>
      reject(new table.AggregateError(errors, "All promises were rejected")),
    (errors, i, done, resolve) => ({
      onFulfilled: resolve,
      onRejected(reason) {
        setAt(errors, i, reason);
        done();
      },
    }),
  ),
);

/** Promise.race over an array (optionally mapped). */
put("SafePromiseRace", (promises, map) =>
  combine(
    promises,
    map,
    () => {},
    (_results, _i, _done, resolve, reject) => ({ onFulfilled: resolve, onRejected: reject }),
  ),
);

/** promise.finally without looking up `then`. */
put("SafePromisePrototypeFinally", (promise, onFinally) =>
  PromisePrototypeThen(
    promise,
    (value) => PromisePrototypeThen(table.PromiseResolve(onFinally()), () => value),
    (reason) =>
      PromisePrototypeThen(table.PromiseResolve(onFinally()), () => {
        throw reason;
      }),
  ),
);

/** Gives a RegExp its own `exec` and `flags`, so that replace, match, split and test stay safe. */
function hardenRegExp(pattern) {
  const own = (name, value) =>
    defineProperty(pattern, name, { __proto__: null, value, writable: true, configurable: true });
  const flags = RegExpPrototypeGetFlags(pattern);
  own("exec", function exec(text) {
    return RegExpPrototypeExec(this, text);
  });
  own("flags", flags);
  own("global", table.StringPrototypeIncludes(flags, "g"));
  own("unicode", table.StringPrototypeIncludes(flags, "u"));
  own("sticky", table.StringPrototypeIncludes(flags, "y"));
  own("constructor", regExpSpecies);
  return pattern;
}

/** A RegExp for built-in code. Make them at module top level. */
function SafeRegExp(source, flags) {
  return hardenRegExp(new table.RegExp(source, flags));
}
const regExpSpecies = ObjectFreeze({ __proto__: null, [SymbolSpecies]: SafeRegExp });
put("hardenRegExp", hardenRegExp);
put("SafeRegExp", SafeRegExp);

ObjectFreeze(table);

/** The frozen table of primordials. */
export const primordials = table;
