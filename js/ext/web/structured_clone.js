// structuredClone (https://html.spec.whatwg.org/#structured-cloning). V8 walks the value; this says
// which of rt's own objects can be cloned and how. Nothing is detached unless all could be cloned.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_structured_clone } from "rt:ops/web";
import { DOMException, isDOMException } from "./dom_exception.js";
import {
  dictionary,
  isArrayBuffer,
  isPlatformPrototype,
  object,
  requiredArguments,
  sequence,
} from "./webidl.js";

const {
  ArrayBufferPrototypeGetDetached,
  ArrayPrototypePush,
  ObjectDefineProperty,
  ReflectGetPrototypeOf,
  SafeSet,
  SymbolToStringTag,
} = primordials;

const cloneOptions = dictionary("StructuredSerializeOptions", [
  { key: "transfer", converter: sequence(object), defaultValue: () => [] },
]);

// How to clone one kind of platform object; its index is the tag in the serialised form.
const kinds = [];

/**
 * Makes a class [Serializable]: `isInstance` is its brand check, `serialize` turns an object into
 * a fresh value of plain data, `deserialize` makes an object of such a value. Call at module top level, in
 * a fixed order.
 */
export function registerSerializable(isInstance, serialize, deserialize) {
  ArrayPrototypePush(kinds, { __proto__: null, isInstance, serialize, deserialize });
}

function dataCloneError(message) {
  return new DOMException(message, "DataCloneError");
}

/** The functions V8's serialiser asks about objects it does not know; handed to C++ with a value. */
export const cloneDelegate = {
  __proto__: null,

  /** Whether the object is rt's, so that `write` must be asked. */
  isPlatformObject(value) {
    let prototype = ReflectGetPrototypeOf(value);
    while (prototype !== null) {
      if (isPlatformPrototype(prototype)) return true;
      prototype = ReflectGetPrototypeOf(prototype);
    }
    return false;
  },

  /** [tag, value] for a platform object. */
  write(value) {
    for (let i = 0; i < kinds.length; i++) {
      if (kinds[i].isInstance(value)) return [i, kinds[i].serialize(value)];
    }
    throw dataCloneError(`${describe(value)} could not be cloned.`);
  },

  /** The platform object for what `write` gave. */
  read(pair) {
    return kinds[pair[0]].deserialize(pair[1]);
  },
};

function describe(value) {
  const tag = value[SymbolToStringTag];
  return typeof tag === "string" ? `#<${tag}>` : "#<Object>";
}

registerSerializable(
  isDOMException,
  ({ name, message, stack }) => ({ name, message, stack }),
  ({ name, message, stack }) => {
    const error = new DOMException(message, name);
    ObjectDefineProperty(error, "stack", {
      __proto__: null,
      value: typeof stack === "string" ? stack : `${name}: ${message}`,
      writable: true,
      enumerable: false,
      configurable: true,
    });
    return error;
  },
);

/** Checks a transfer list: ArrayBuffers, each once, none detached. */
export function checkTransferList(list) {
  const seen = new SafeSet();
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if (!isArrayBuffer(item)) {
      throw dataCloneError(`Value at index ${i} of the transfer list is not transferable`);
    }
    if (ArrayBufferPrototypeGetDetached(item)) {
      throw dataCloneError(`ArrayBuffer at index ${i} is already detached`);
    }
    if (seen.has(item)) {
      throw dataCloneError(`ArrayBuffer at index ${i} is a duplicate of an earlier ArrayBuffer`);
    }
    seen.add(item);
  }
}

/** A deep copy of `value`; what `options.transfer` names is moved instead. */
export function structuredClone(value, options = undefined) {
  const prefix = "Failed to execute 'structuredClone'";
  requiredArguments(arguments.length, 1, prefix);
  if (typeof value !== "object" && typeof value !== "symbol" && typeof value !== "function") {
    if (options === undefined) return value; // a primitive is its own copy
  }
  const { transfer } = cloneOptions(options, prefix, "Argument 2");
  checkTransferList(transfer);
  return op_structured_clone(value, transfer, cloneDelegate);
}
