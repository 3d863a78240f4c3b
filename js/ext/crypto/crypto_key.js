// CryptoKey (https://w3c.github.io/webcrypto/#cryptokey-interface). The key itself is a handle of
// C++; scripts see copies of what describes it. What a script does to those changes no key.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_crypto_key_receive, op_crypto_key_share } from "rt:ops/crypto_key";
import { registerCryptoKey } from "./crypto.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import {
  configureInterface,
  enumeration,
  illegalConstructor,
  illegalInvocation,
  interfaceType,
  kConstruct,
} from "../web/webidl.js";

const {
  ArrayPrototypeIncludes,
  ArrayPrototypePush,
  ObjectDefineProperty,
  ObjectKeys,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetSymbolToStringTag,
  Uint8Array,
} = primordials;

// In the order in which `usages` lists them.
const kUsages = [
  "encrypt",
  "decrypt",
  "sign",
  "verify",
  "deriveKey",
  "deriveBits",
  "wrapKey",
  "unwrapKey",
  "encapsulateKey",
  "encapsulateBits",
  "decapsulateKey",
  "decapsulateBits",
];

/** The WebIDL enumeration KeyUsage. */
export const keyUsage = enumeration("KeyUsage", kUsages);

/** Those of `usages` that `allowed` has, each once, in the usual order. */
export function commonUsages(usages, allowed = kUsages) {
  const result = [];
  for (let i = 0; i < kUsages.length; i++) {
    const usage = kUsages[i];
    if (ArrayPrototypeIncludes(usages, usage) && ArrayPrototypeIncludes(allowed, usage)) {
      ArrayPrototypePush(result, usage);
    }
  }
  return result;
}

/** What a script may have of an internal record: an ordinary object that shares nothing with it. */
function exposed(value) {
  if (typeof value !== "object") return value;
  if (TypedArrayPrototypeGetSymbolToStringTag(value) === "Uint8Array") return new Uint8Array(value);
  const result = {};
  const keys = ObjectKeys(value);
  for (let i = 0; i < keys.length; i++) {
    ObjectDefineProperty(result, keys[i], {
      __proto__: null,
      value: exposed(value[keys[i]]),
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return result;
}

/** Whether a value is a CryptoKey. */
export let isCryptoKey;
/** The internal slots of a CryptoKey: {handle, type, extractable, algorithm, usages}. */
export let slotsOf;
/** A new CryptoKey with these slots. */
let makeWithSlots;

export class CryptoKey {
  #slots;
  #algorithm;
  #usages;

  constructor(key = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
  }

  static {
    isCryptoKey = (value) => typeof value === "object" && value !== null && #slots in value;
    slotsOf = (key) => {
      if (!isCryptoKey(key)) throw illegalInvocation();
      return key.#slots;
    };
    makeWithSlots = (slots) => {
      const key = new CryptoKey(kConstruct);
      key.#slots = slots;
      return key;
    };
  }

  /** "secret", "private" or "public". */
  get type() {
    return slotsOf(this).type;
  }

  /** Whether exportKey and wrapKey may give the key away. */
  get extractable() {
    return slotsOf(this).extractable;
  }

  /** What the key is for, always the same object. */
  get algorithm() {
    const { algorithm } = slotsOf(this);
    return (this.#algorithm ??= exposed(algorithm));
  }

  /** What may be done with the key, always the same array. */
  get usages() {
    const { usages } = slotsOf(this);
    return (this.#usages ??= commonUsages(usages));
  }

  [kInspect](inspect, options) {
    if (!isCryptoKey(this)) return inspect({}, options);
    const keys = ["type", "extractable", "algorithm", "usages"];
    return inspectAs("CryptoKey", this, keys, inspect, options);
  }
}
configureInterface(CryptoKey);

/** A CryptoKey. `algorithm` is a null-prototype record that nobody changes any more. */
export function makeKey(handle, type, extractable, algorithm, usages) {
  return makeWithSlots({
    __proto__: null,
    handle,
    type,
    extractable,
    algorithm,
    usages: commonUsages(usages),
  });
}

/** The WebIDL type CryptoKey. */
export const cryptoKeyType = interfaceType("CryptoKey", isCryptoKey);

/** A record without prototype, of records and values alike. */
function recordOf(value) {
  if (typeof value !== "object") return value;
  if (TypedArrayPrototypeGetSymbolToStringTag(value) === "Uint8Array") return value;
  const result = { __proto__: null };
  const keys = ObjectKeys(value);
  for (let i = 0; i < keys.length; i++) result[keys[i]] = recordOf(value[keys[i]]);
  return result;
}

// A clone shares the key itself, which nobody can change: its bytes are in no message.
registerCryptoKey(
  isCryptoKey,
  (key) => {
    const { handle, type, extractable, algorithm, usages } = slotsOf(key);
    return {
      key: op_crypto_key_share(handle),
      type,
      extractable,
      algorithm: exposed(algorithm),
      usages: commonUsages(usages),
    };
  },
  ({ key, type, extractable, algorithm, usages }) =>
    makeKey(op_crypto_key_receive(key), type, extractable, recordOf(algorithm), usages),
  ({ key }) => [TypedArrayPrototypeGetBuffer(key)],
);
