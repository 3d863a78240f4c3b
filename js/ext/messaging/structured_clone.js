// structuredClone (https://html.spec.whatwg.org/#structured-cloning). V8 walks the value; this says
// which of rt's own objects can be cloned or transferred, and how. Nothing is detached unless all
// could be cloned.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_structured_clone } from "rt:ops/messaging";
import {
  DOMException,
  isDOMException,
  isQuotaExceededError,
  QuotaExceededError,
} from "../web/dom_exception.js";
import {
  dictionary,
  isArrayBuffer,
  isObject,
  isPlatformPrototype,
  object,
  requiredArguments,
  sequence,
  sequenceFrom,
} from "../web/webidl.js";

const {
  ArrayBufferPrototypeGetDetached,
  ArrayPrototypePush,
  ObjectDefineProperty,
  ReflectGetPrototypeOf,
  SafeSet,
  SymbolIterator,
  SymbolToStringTag,
} = primordials;

const cloneOptions = dictionary("StructuredSerializeOptions", [
  { key: "transfer", converter: sequence(object), defaultValue: () => [] },
]);

// How to clone, and how to transfer, one kind of platform object; the index is the tag in the
// serialised form, so both lists are filled in a fixed order, while the snapshot is built.
const serializables = [];
const transferables = [];

/**
 * Makes a class [Serializable]: `isInstance` is its brand check, `serialize` turns an object into a
 * fresh value of plain data, `deserialize` makes an object of such a value. `buffersOf`, if given,
 * lists the ArrayBuffers of that data which the copy may share because nobody ever writes to them.
 * Call at module top level.
 */
export function registerSerializable(isInstance, serialize, deserialize, buffersOf = () => []) {
  const kind = { __proto__: null, isInstance, serialize, deserialize, buffersOf };
  ArrayPrototypePush(serializables, kind);
  return kind;
}

/**
 * Keeps the place of a class whose module is evaluated at its first use: `load` evaluates it. The
 * function it returns makes the class [Serializable], with registerSerializable's arguments.
 */
export function reserveSerializable(load) {
  const kind = registerSerializable(
    () => false,
    undefined,
    (data) => {
      load();
      return kind.deserialize(data);
    },
  );
  return (isInstance, serialize, deserialize, buffersOf) => {
    kind.isInstance = isInstance;
    kind.serialize = serialize;
    kind.deserialize = deserialize;
    kind.buffersOf = buffersOf;
  };
}

/**
 * Makes a class [Transferable]: `isDetached` says whether it has been transferred before,
 * `transfer` takes an object apart into `{ data, transfer }` (plain data, and what that data
 * transfers in turn) or throws a DataCloneError, `receive` makes an object of the data. Call at
 * module top level.
 */
export function registerTransferable(isInstance, isDetached, transfer, receive) {
  ArrayPrototypePush(transferables, { __proto__: null, isInstance, isDetached, transfer, receive });
}

/** A DataCloneError. */
export function dataCloneError(message) {
  return new DOMException(message, "DataCloneError");
}

/** The index of the kind that `value` is of, or -1. */
function kindOf(kinds, value) {
  for (let i = 0; i < kinds.length; i++) {
    if (kinds[i].isInstance(value)) return i;
  }
  return -1;
}

/**
 * The functions V8's serialiser asks about objects it does not know; handed to C++ with a value.
 */
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

  /** [tag, data, buffers to share] for a platform object. */
  write(value) {
    const tag = kindOf(serializables, value);
    if (tag >= 0) {
      const data = serializables[tag].serialize(value);
      return [tag, data, serializables[tag].buffersOf(data)];
    }
    if (kindOf(transferables, value) >= 0) {
      throw dataCloneError(`${describe(value)} could not be cloned: it must be transferred.`);
    }
    throw dataCloneError(`${describe(value)} could not be cloned.`);
  },

  /** The platform object for what `write` gave. */
  read(tag, data) {
    return serializables[tag].deserialize(data);
  },

  /**
   * [tag, data, buffers, objects] of an object in a transfer list: the last two are its own
   * transfer list.
   */
  transfer(value) {
    const tag = kindOf(transferables, value);
    if (transferables[tag].isDetached(value)) {
      throw dataCloneError(`${describe(value)} was already transferred.`);
    }
    const { data, transfer } = transferables[tag].transfer(value);
    const { buffers, objects } = checkTransferList(transfer);
    return [tag, data, buffers, objects];
  },

  /** The platform object for what `transfer` gave. */
  receive(tag, data) {
    return transferables[tag].receive(data);
  },
};

function describe(value) {
  const tag = value[SymbolToStringTag];
  return typeof tag === "string" ? `#<${tag}>` : "#<Object>";
}

function withStack(error, stack) {
  ObjectDefineProperty(error, "stack", {
    __proto__: null,
    value: typeof stack === "string" ? stack : `${error.name}: ${error.message}`,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  return error;
}

// Before the class it extends: the first kind that knows a value has it.
registerSerializable(
  isQuotaExceededError,
  ({ message, stack, quota, requested }) => ({ message, stack, quota, requested }),
  ({ message, stack, quota, requested }) => {
    const options = {
      __proto__: null,
      quota: quota ?? undefined,
      requested: requested ?? undefined,
    };
    return withStack(new QuotaExceededError(message, options), stack);
  },
);

registerSerializable(
  isDOMException,
  ({ name, message, stack }) => ({ name, message, stack }),
  ({ name, message, stack }) => withStack(new DOMException(message, name), stack),
);

/**
 * Checks a transfer list (each item once, none detached) and parts it in ArrayBuffers and others.
 */
export function checkTransferList(list) {
  const seen = new SafeSet();
  const buffers = [];
  const objects = [];
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    const isBuffer = isArrayBuffer(item);
    if (isBuffer) {
      if (ArrayBufferPrototypeGetDetached(item)) {
        throw dataCloneError(`ArrayBuffer at index ${i} is already detached`);
      }
      ArrayPrototypePush(buffers, item);
    } else {
      const kind = kindOf(transferables, item);
      if (kind < 0) {
        throw dataCloneError(`Value at index ${i} of the transfer list is not transferable`);
      }
      if (transferables[kind].isDetached(item)) {
        throw dataCloneError(`${describe(item)} at index ${i} is already detached`);
      }
      ArrayPrototypePush(objects, item);
    }
    if (seen.has(item)) {
      const what = isBuffer ? "ArrayBuffer" : describe(item);
      throw dataCloneError(`${what} at index ${i} is a duplicate of an earlier ${what}`);
    }
    seen.add(item);
  }
  return { buffers, objects };
}

/** Of an absent argument; nobody may add to it. */
const kNothing = { __proto__: null, buffers: [], objects: [] };

/**
 * The transfer list of `postMessage(message, transfer)` and `postMessage(message, { transfer })`,
 * as a checked pair of lists.
 */
export function transferArgument(argument, prefix) {
  if (argument === undefined) return kNothing;
  const method = isObject(argument) ? argument[SymbolIterator] : undefined;
  const list =
    method !== undefined && method !== null
      ? sequenceFrom(argument, method, object, prefix, "Argument 2")
      : cloneOptions(argument, prefix, "Argument 2").transfer;
  return checkTransferList(list);
}

/** A deep copy of `value`; what `options.transfer` names is moved instead. */
export function structuredClone(value, options = undefined) {
  const prefix = "Failed to execute 'structuredClone'";
  requiredArguments(arguments.length, 1, prefix);
  if (typeof value !== "object" && typeof value !== "symbol" && typeof value !== "function") {
    if (options === undefined) return value; // a primitive is its own copy
  }
  const { transfer } = cloneOptions(options, prefix, "Argument 2");
  const { buffers, objects } = checkTransferList(transfer);
  return op_structured_clone(value, buffers, objects, cloneDelegate);
}
