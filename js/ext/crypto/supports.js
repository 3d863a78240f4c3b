// What SubtleCrypto.supports answers (https://wicg.github.io/webcrypto-modern-algos/): the same
// normalization and checks as the methods', without a key.

import { primordials } from "rt:bootstrap/primordials.js";
import { normalizeAlgorithm, normalizeForEither } from "./normalize.js";

const { FunctionPrototypeCall } = primordials;

/** What the public key of an algorithm may be used for; undefined if it has none. */
export function publicUsages(name) {
  switch (name) {
    case "RSA-OAEP":
      return ["encrypt", "wrapKey"];
    case "RSASSA-PKCS1-v1_5":
    case "RSA-PSS":
    case "ECDSA":
    case "Ed25519":
    case "Ed448":
    case "ML-DSA-44":
    case "ML-DSA-65":
    case "ML-DSA-87":
      return ["verify"];
    case "ML-KEM-512":
    case "ML-KEM-768":
    case "ML-KEM-1024":
      return ["encapsulateKey", "encapsulateBits"];
    case "ECDH":
    case "X25519":
    case "X448":
      return [];
    default:
      return undefined;
  }
}

function checked(normalized, extra) {
  const { check } = normalized;
  if (check !== undefined) FunctionPrototypeCall(check, undefined, normalized, extra);
  return normalized;
}

const questions = {
  __proto__: null,
  deriveBits(algorithm, length, prefix) {
    checked(normalizeAlgorithm("deriveBits", algorithm, prefix), asLength(length));
  },
  deriveKey(algorithm, derived, prefix) {
    checked(normalizeAlgorithm("importKey", derived, prefix));
    const sized = checked(normalizeAlgorithm("get key length", derived, prefix));
    checked(normalizeAlgorithm("deriveBits", algorithm, prefix), sized.run(sized));
  },
  wrapKey(algorithm, wrapped, prefix) {
    checked(normalizeForEither("wrapKey", "encrypt", algorithm, prefix));
    if (wrapped !== null) normalizeAlgorithm("exportKey", wrapped, prefix);
  },
  unwrapKey(algorithm, unwrapped, prefix) {
    checked(normalizeForEither("unwrapKey", "decrypt", algorithm, prefix));
    if (unwrapped !== null) checked(normalizeAlgorithm("importKey", unwrapped, prefix));
  },
  encapsulateKey(algorithm, shared, prefix) {
    checked(normalizeAlgorithm("encapsulate", algorithm, prefix));
    checked(normalizeAlgorithm("importKey", shared, prefix));
  },
  encapsulateBits(algorithm, _third, prefix) {
    checked(normalizeAlgorithm("encapsulate", algorithm, prefix));
  },
  decapsulateKey(algorithm, shared, prefix) {
    checked(normalizeAlgorithm("decapsulate", algorithm, prefix));
    checked(normalizeAlgorithm("importKey", shared, prefix));
  },
  decapsulateBits(algorithm, _third, prefix) {
    checked(normalizeAlgorithm("decapsulate", algorithm, prefix));
  },
  exportKey(algorithm, _third, prefix) {
    normalizeAlgorithm("exportKey", algorithm, prefix);
  },
  getPublicKey(algorithm, _third, prefix) {
    const { name } = normalizeAlgorithm("exportKey", algorithm, prefix);
    if (publicUsages(name) === undefined) throw name;
  },
};
const kPlain = ["encrypt", "decrypt", "sign", "verify", "digest", "generateKey", "importKey"];
for (let i = 0; i < kPlain.length; i++) {
  const operation = kPlain[i];
  questions[operation] = (algorithm, _third, prefix) => {
    checked(normalizeAlgorithm(operation, algorithm, prefix));
  };
}

function asLength(third) {
  return typeof third === "number" ? third : null;
}

/** Whether the operation would not fail because of the algorithm. Never throws. */
export function isSupported(operation, algorithm, third, prefix) {
  const ask = questions[operation];
  if (ask === undefined) return false;
  try {
    ask(algorithm, third, prefix);
    return true;
  } catch {
    return false;
  }
}
