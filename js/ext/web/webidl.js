// WebIDL: conversion of JavaScript values to IDL types, and the shape interfaces must have.
// Public entry points of the web platform coerce with these before they call an op. Must never
// read a global: everything goes through primordials.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_buffer_kind } from "rt:ops/web";

const {
  ArrayBufferIsView,
  ArrayPrototypePush,
  ArrayPrototypeSort,
  BigInt,
  BigIntAsIntN,
  BigIntAsUintN,
  FunctionPrototypeCall,
  MathAbs,
  MathFloor,
  MathFround,
  MathRound,
  MathTrunc,
  Number,
  NumberIsFinite,
  NumberIsNaN,
  NumberMAX_SAFE_INTEGER,
  NumberMIN_SAFE_INTEGER,
  ObjectAssign,
  ObjectCreate,
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  ReflectOwnKeys,
  SafeSet,
  StringPrototypeCharCodeAt,
  StringPrototypeSlice,
  StringPrototypeToWellFormed,
  SymbolIterator,
  SymbolToStringTag,
  TypeError,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetSymbolToStringTag,
  DataViewPrototypeGetBuffer,
} = primordials;

/** A TypeError of the form `prefix: context text`, with an optional `code` as Deno and Node give. */
export function makeException(prefix, context, text, code) {
  const error = new TypeError(
    `${prefix ? `${prefix}: ` : ""}${context ? `${context} ` : ""}${text}`,
  );
  return code === undefined ? error : withCode(error, code);
}

/** The error with the `code` that Deno and Node give it. */
export function withCode(error, code) {
  ObjectDefineProperty(error, "code", {
    __proto__: null,
    value: code,
    writable: true,
    enumerable: true,
    configurable: true,
  });
  return error;
}

/** What a method throws when its `this` is not of its interface. */
export function illegalInvocation() {
  return withCode(new TypeError("Illegal invocation"), "ERR_INVALID_THIS");
}

/** What a constructor throws that scripts may not call. */
export function illegalConstructor() {
  return withCode(new TypeError("Illegal constructor"), "ERR_ILLEGAL_CONSTRUCTOR");
}

/** Passed to constructors of such interfaces by built-in code. Never reachable from scripts. */
export const kConstruct = ObjectCreate(null);

/** Throws when fewer arguments were passed than `required`. */
export function requiredArguments(length, required, prefix) {
  if (length >= required) return;
  const plural = required === 1 ? "" : "s";
  throw makeException(
    prefix,
    "",
    `${required} argument${plural} required, but only ${length} present`,
    "ERR_MISSING_ARGS",
  );
}

/** Whether the value is of ECMAScript's type Object. */
export function isObject(value) {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** any: no conversion. */
export function anyValue(value) {
  return value;
}

/** boolean (https://webidl.spec.whatwg.org/#js-boolean). */
export function boolean(value) {
  return !!value;
}

/** object. */
export function object(value, prefix, context) {
  if (!isObject(value)) throw makeException(prefix, context, "is not an object");
  return value;
}

/**
 * Makes the converter of an integer type of `bits` bits
 * (https://webidl.spec.whatwg.org/#abstract-opdef-converttoint). The converter's fourth argument
 * may hold `enforceRange` or `clamp`.
 */
function makeIntegerConverter(bits, signed) {
  const min = bits === 64 ? (signed ? NumberMIN_SAFE_INTEGER : 0) : signed ? -(2 ** (bits - 1)) : 0;
  const max = bits === 64 ? NumberMAX_SAFE_INTEGER : 2 ** (signed ? bits - 1 : bits) - 1;
  const modulus = 2 ** bits;
  return (value, prefix, context, options) => {
    let x = +value;
    if (options?.enforceRange) {
      if (!NumberIsFinite(x)) throw makeException(prefix, context, "is not a finite number");
      x = MathTrunc(x) + 0;
      if (x < min || x > max) {
        throw makeException(
          prefix,
          context,
          `is outside the accepted range of ${min} to ${max}, inclusive`,
        );
      }
      return x;
    }
    if (options?.clamp) {
      if (NumberIsNaN(x)) return 0;
      x = x < min ? min : x > max ? max : x;
      const floor = MathFloor(x);
      const fraction = x - floor;
      // Halves round to the even neighbour.
      if (fraction === 0.5) return floor % 2 === 0 ? floor + 0 : floor + 1;
      return (fraction < 0.5 ? floor : MathRound(x)) + 0;
    }
    if (!NumberIsFinite(x)) return 0;
    x = MathTrunc(x) + 0;
    if (x >= min && x <= max) return x;
    if (bits === 64) return Number((signed ? BigIntAsIntN : BigIntAsUintN)(64, BigInt(x)));
    x %= modulus;
    if (x < 0) x += modulus;
    return (signed && x > max ? x - modulus : x) + 0;
  };
}

export const byte = makeIntegerConverter(8, true);
export const octet = makeIntegerConverter(8, false);
export const short = makeIntegerConverter(16, true);
export const unsignedShort = makeIntegerConverter(16, false);
export const long = makeIntegerConverter(32, true);
export const unsignedLong = makeIntegerConverter(32, false);
export const longLong = makeIntegerConverter(64, true);
export const unsignedLongLong = makeIntegerConverter(64, false);

/** double: finite numbers only. */
export function double(value, prefix, context) {
  const x = +value;
  if (!NumberIsFinite(x))
    throw makeException(prefix, context, "is not a finite floating-point value");
  return x;
}

/** unrestricted double. */
export function unrestrictedDouble(value) {
  return +value;
}

/** float: finite as a 32-bit float. */
export function float(value, prefix, context) {
  const x = MathFround(+value);
  if (!NumberIsFinite(x) || MathAbs(x) === Infinity) {
    throw makeException(prefix, context, "is not a finite floating-point value");
  }
  return x;
}

/** DOMString. With `treatNullAsEmptyString` null becomes "". */
export function domString(value, _prefix, _context, options) {
  if (typeof value === "string") return value;
  if (value === null && options?.treatNullAsEmptyString) return "";
  return `${value}`; // throws a TypeError for symbols
}

/** ByteString: every code unit below 256. */
export function byteString(value, prefix, context) {
  const text = typeof value === "string" ? value : `${value}`;
  for (let i = 0; i < text.length; i++) {
    if (StringPrototypeCharCodeAt(text, i) > 255) {
      throw makeException(prefix, context, "is not a valid ByteString");
    }
  }
  return text;
}

/** USVString: unpaired surrogates become U+FFFD. */
export function usvString(value) {
  return StringPrototypeToWellFormed(typeof value === "string" ? value : `${value}`);
}

/** A callback function type. */
export function callbackFunction(value, prefix, context) {
  if (typeof value !== "function") throw makeException(prefix, context, "is not a function");
  return value;
}

// What op_buffer_kind says. SharedArrayBuffer does not exist yet when the snapshot is built, so it
// cannot be told by a primordial.
const kFixed = 1;
const kResizable = 2;
const kShared = 3;
const kGrowableShared = 4;

/** Whether the value is an ArrayBuffer of this or another realm. */
export function isArrayBuffer(value) {
  if (ArrayBufferIsView(value)) return false;
  const kind = op_buffer_kind(value);
  return kind === kFixed || kind === kResizable;
}

/** Whether the value is a SharedArrayBuffer. */
export function isSharedArrayBuffer(value) {
  return !ArrayBufferIsView(value) && op_buffer_kind(value) >= kShared;
}

/** Whether a buffer, or that of a view, is a SharedArrayBuffer. */
export function isShared(source) {
  return op_buffer_kind(source) >= kShared;
}

/**
 * Whether nobody can change a buffer, or that of a view, or take its memory away while another thread works
 * with it.
 */
export function isSteady(source) {
  return op_buffer_kind(source) === kFixed;
}

/** The buffer behind a typed array or DataView. */
export function viewBuffer(view) {
  return TypedArrayPrototypeGetSymbolToStringTag(view) === undefined
    ? DataViewPrototypeGetBuffer(view)
    : TypedArrayPrototypeGetBuffer(view);
}

function checkKind(kind, prefix, context, options) {
  if (kind >= kShared && !options?.allowShared) {
    throw makeException(prefix, context, "is a SharedArrayBuffer, which is not allowed");
  }
  if (kind === kResizable && !options?.allowResizable) {
    throw makeException(prefix, context, "is a resizable ArrayBuffer");
  }
  if (kind === kGrowableShared && !options?.allowResizable) {
    throw makeException(prefix, context, "is a growable SharedArrayBuffer");
  }
}

/**
 * BufferSource: an ArrayBuffer or a view on one. `allowShared` and `allowResizable` are the
 * extended attributes of the same names.
 */
export function bufferSource(value, prefix, context, options) {
  const kind = op_buffer_kind(value);
  if (kind === 0) throw notBufferSource(prefix, context, options);
  checkKind(kind, prefix, context, options);
  return value;
}

/** The error of bufferSource for what is no buffer. */
export function notBufferSource(prefix, context, options) {
  return makeException(
    prefix,
    context,
    options?.allowShared
      ? "is not an ArrayBuffer, SharedArrayBuffer, or a view on one"
      : "is not an ArrayBuffer or a view on one",
    "ERR_INVALID_ARG_TYPE",
  );
}

/** A typed array of one kind: `typedArray("Uint8Array")`. */
export function typedArray(name) {
  return (value, prefix, context, options) => {
    if (!ArrayBufferIsView(value) || TypedArrayPrototypeGetSymbolToStringTag(value) !== name) {
      throw makeException(prefix, context, `is not an ${name} object`);
    }
    checkKind(op_buffer_kind(value), prefix, context, options);
    return value;
  };
}

/** T?: null and undefined become null. */
export function nullable(converter) {
  return (value, prefix, context, options) =>
    value === null || value === undefined ? null : converter(value, prefix, context, options);
}

/** sequence<T>, from any iterable. */
export function sequence(converter) {
  return (value, prefix, context, options) => {
    const method = isObject(value) ? value[SymbolIterator] : undefined;
    if (method === undefined || method === null) {
      throw makeException(prefix, context, "can not be converted to sequence.");
    }
    return sequenceFrom(value, method, converter, prefix, context, options);
  };
}

/** The rest of a sequence conversion once a union type has already read the iterator method. */
export function sequenceFrom(value, method, converter, prefix, context, options) {
  if (typeof method !== "function") {
    throw makeException(prefix, context, "can not be converted to sequence.");
  }
  const iterator = FunctionPrototypeCall(method, value);
  if (!isObject(iterator)) {
    throw makeException(prefix, context, "can not be converted to sequence.");
  }
  const { next } = iterator;
  const array = [];
  for (;;) {
    const result = FunctionPrototypeCall(next, iterator);
    if (!isObject(result)) {
      throw makeException(prefix, context, "can not be converted to sequence.");
    }
    if (result.done) return array;
    ArrayPrototypePush(
      array,
      converter(result.value, prefix, `${context}, index ${array.length}`, options),
    );
  }
}

/**
 * record<K, V>, as a flat list [key, value, key, value, …]; a key that repeats after conversion
 * keeps its first place and takes the last value.
 */
export function recordEntries(keyConverter, valueConverter) {
  return (value, prefix, context, options) => {
    if (!isObject(value)) throw makeException(prefix, context, "can not be converted to a record");
    const flat = [];
    const keys = ReflectOwnKeys(value);
    for (let i = 0; i < keys.length; i++) {
      const descriptor = ObjectGetOwnPropertyDescriptor(value, keys[i]);
      if (descriptor === undefined || !descriptor.enumerable) continue;
      const key = keyConverter(keys[i], prefix, context, options);
      const item = valueConverter(value[keys[i]], prefix, context, options);
      let at = 0;
      while (at < flat.length && flat[at] !== key) at += 2;
      if (at === flat.length) ArrayPrototypePush(flat, key, item);
      else flat[at + 1] = item;
    }
    return flat;
  };
}

/** An enumeration type. */
export function enumeration(name, values) {
  const known = new SafeSet();
  for (let i = 0; i < values.length; i++) known.add(values[i]);
  return (value, prefix, _context) => {
    const text = `${value}`;
    if (!known.has(text)) {
      throw makeException(
        prefix,
        "",
        `The provided value '${text}' is not a valid enum value of type ${name}`,
        "ERR_INVALID_ARG_VALUE",
      );
    }
    return text;
  };
}

/** An interface type; `isInstance` is the brand check. */
export function interfaceType(name, isInstance) {
  return (value, prefix, context) => {
    if (!isObject(value) || !isInstance(value)) {
      throw makeException(prefix, context, `is not of type ${name}`, "ERR_INVALID_ARG_TYPE");
    }
    return value;
  };
}

/**
 * A dictionary type. Each argument after the name is one dictionary of the inheritance chain, base
 * first: a list of `{ key, converter, defaultValue?, required?, options? }`. `defaultValue` may be
 * a function that makes a fresh value.
 */
export function dictionary(name, ...chain) {
  const members = [];
  for (let i = 0; i < chain.length; i++) {
    ArrayPrototypeSort(chain[i], (a, b) => (a.key < b.key ? -1 : 1));
    for (let j = 0; j < chain[i].length; j++) {
      // What a program puts on Object.prototype is no member's.
      ArrayPrototypePush(members, { __proto__: null, ...chain[i][j] });
    }
  }
  return (value, prefix, context) => {
    if (value !== undefined && value !== null && !isObject(value)) {
      throw makeException(
        prefix,
        context,
        "can not be converted to a dictionary",
        "ERR_INVALID_ARG_TYPE",
      );
    }
    const absent = value === undefined || value === null;
    const result = { __proto__: null };
    for (let i = 0; i < members.length; i++) {
      const { key, converter, defaultValue, options, required } = members[i];
      const member = absent ? undefined : value[key];
      if (member !== undefined) {
        const where = `'${key}' of '${name}'${context ? ` (${context})` : ""}`;
        result[key] = converter(member, prefix, where, options);
      } else if (required) {
        throw makeException(
          prefix,
          context,
          `can not be converted to '${name}' because '${key}' is required in '${name}'.`,
          "ERR_MISSING_OPTION",
        );
      } else if (defaultValue !== undefined) {
        result[key] = typeof defaultValue === "function" ? defaultValue() : defaultValue;
      }
    }
    return result;
  };
}

/** The class's name in the source: bundlers put "_" before that of a class that names itself. */
function interfaceName(Class) {
  return Class.name[0] === "_" ? StringPrototypeSlice(Class.name, 1) : Class.name;
}

const platformPrototypes = new SafeSet();

/** Whether an object is the prototype of one of rt's own interfaces. */
export function isPlatformPrototype(prototype) {
  return platformPrototypes.has(prototype);
}

/** Makes a class an interface: enumerable members and a `Symbol.toStringTag`. */
export function configureInterface(Class, name = interfaceName(Class)) {
  ObjectDefineProperty(Class, "name", { __proto__: null, value: name });
  platformPrototypes.add(Class.prototype);
  makeEnumerable(Class.prototype);
  makeEnumerable(Class, true);
  ObjectDefineProperty(Class.prototype, SymbolToStringTag, {
    __proto__: null,
    value: name,
    writable: false,
    enumerable: false,
    configurable: true,
  });
}

function makeEnumerable(target, isClass = false) {
  const keys = ReflectOwnKeys(target);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (
      typeof key === "symbol" ||
      key === "constructor" ||
      (isClass && (key === "prototype" || key === "name" || key === "length"))
    )
      continue;
    const descriptor = ObjectGetOwnPropertyDescriptor(target, key);
    if (!descriptor.configurable) continue;
    ObjectDefineProperty(
      target,
      key,
      ObjectAssign(ObjectCreate(null), descriptor, {
        enumerable: true,
      }),
    );
  }
}

/** Defines IDL constants on the interface object and on its prototype. */
export function defineConstants(Class, constants) {
  const keys = ReflectOwnKeys(constants);
  for (let i = 0; i < keys.length; i++) {
    const descriptor = {
      __proto__: null,
      value: constants[keys[i]],
      writable: false,
      enumerable: true,
      configurable: false,
    };
    ObjectDefineProperty(Class, keys[i], descriptor);
    ObjectDefineProperty(Class.prototype, keys[i], descriptor);
  }
}
