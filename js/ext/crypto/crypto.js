// The global `crypto` (https://w3c.github.io/webcrypto/): random values. Randomness comes from the
// kernel, or from --seed when the program asked for that; never from Math.random.

import * as lazy from "rt:bootstrap/lazy.js";
import { primordials } from "rt:bootstrap/primordials.js";
import { op_crypto_fill_random, op_crypto_random_uuid } from "rt:ops/crypto";
import { DOMException, QuotaExceededError } from "../web/dom_exception.js";
import { reserveSerializable } from "../messaging/structured_clone.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import {
  configureInterface,
  illegalConstructor,
  illegalInvocation,
  isShared,
  kConstruct,
  makeException,
  requiredArguments,
} from "../web/webidl.js";

const {
  ArrayBufferIsView,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteLength,
  TypedArrayPrototypeGetByteOffset,
  TypedArrayPrototypeGetSymbolToStringTag,
  Uint8Array,
} = primordials;

const kQuota = 65536;

function isIntegerArray(value) {
  if (!ArrayBufferIsView(value)) return false;
  switch (TypedArrayPrototypeGetSymbolToStringTag(value)) {
    case "Int8Array":
    case "Uint8Array":
    case "Uint8ClampedArray":
    case "Int16Array":
    case "Uint16Array":
    case "Int32Array":
    case "Uint32Array":
    case "BigInt64Array":
    case "BigUint64Array":
      return true;
    default:
      return false;
  }
}

export class Crypto {
  #brand;

  constructor(key = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
  }

  /** Keys and what is done with them. */
  get subtle() {
    if (!(#brand in this)) throw illegalInvocation();
    return lazy.crypto().subtle;
  }

  /** Fills an integer array with random values and returns it. */
  getRandomValues(array) {
    if (!(#brand in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'getRandomValues' on 'Crypto'";
    requiredArguments(arguments.length, 1, prefix);
    if (ArrayBufferIsView(array) && isShared(array)) {
      throw makeException(
        prefix,
        "Argument 1",
        "is a view on a SharedArrayBuffer, which is not allowed",
      );
    }
    if (!isIntegerArray(array)) {
      throw new DOMException(
        "The provided value is not an integer-type TypedArray",
        "TypeMismatchError",
      );
    }
    const length = TypedArrayPrototypeGetByteLength(array);
    if (length > kQuota) {
      throw new QuotaExceededError(
        `The ArrayBufferView's byte length (${length}) exceeds the number of bytes of entropy ` +
          `available via this API (${kQuota})`,
      );
    }
    if (length > 0) {
      op_crypto_fill_random(
        new Uint8Array(
          TypedArrayPrototypeGetBuffer(array),
          TypedArrayPrototypeGetByteOffset(array),
          length,
        ),
      );
    }
    return array;
  }

  /** A random version 4 UUID (RFC 9562). */
  randomUUID() {
    if (!(#brand in this)) throw illegalInvocation();
    return op_crypto_random_uuid();
  }

  [kInspect](inspect, options) {
    if (!(#brand in this)) return inspect({}, options);
    return inspectAs("Crypto", this, ["subtle"], inspect, options);
  }
}
configureInterface(Crypto);

/** Makes CryptoKey [Serializable]. */
export const registerCryptoKey = reserveSerializable(lazy.crypto);

export const crypto = new Crypto(kConstruct);
