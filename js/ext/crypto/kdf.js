// HKDF and PBKDF2 (https://w3c.github.io/webcrypto/#hkdf).

import { primordials } from "rt:bootstrap/primordials.js";
import { op_crypto_hkdf, op_crypto_pbkdf2 } from "rt:ops/crypto_subtle";
import { bufferSource, unsignedLong } from "../web/webidl.js";
import { makeKey } from "./crypto_key.js";
import { hashFacts } from "./digest.js";
import { operationError, syntaxError } from "./errors.js";
import { checkUsages, unknownFormat } from "./key_rules.js";
import { hashIdentifier, parameters, registerAlgorithm } from "./normalize.js";

const { ArrayPrototypeIncludes, Uint8Array } = primordials;

const kUsages = ["deriveKey", "deriveBits"];
const kRaw = ["raw", "raw-secret"];
const kNoBytes = new Uint8Array(0);

/** The number of bytes of a length in bits; OperationError unless it is one. */
function bytesOf(length) {
  if (length === null || length % 8 !== 0) throw operationError("Invalid length");
  return length / 8;
}

/** The number of bytes to derive. */
function checkPbkdf2({ iterations }, length) {
  const size = bytesOf(length);
  if (iterations === 0) throw operationError("Iterations must be at least 1");
  return size;
}

/** An algorithm whose keys are good for deriving only; they are imported in one of `formats`. */
export function registerDerivation(name, formats, params, derive, check) {
  registerAlgorithm(name, {
    __proto__: null,
    deriveBits: { params, check, run: derive },
    importKey: {
      params: null,
      run(_algorithm, format, keyData, extractable, usages) {
        if (!ArrayPrototypeIncludes(formats, format)) throw unknownFormat(format, name);
        checkUsages(usages, kUsages);
        if (extractable) throw syntaxError(`${name} keys cannot be extractable`);
        return makeKey(keyData, "secret", false, { __proto__: null, name }, usages);
      },
    },
    "get key length": { params: null, run: () => null },
  });
}

registerDerivation(
  "HKDF",
  kRaw,
  parameters("HkdfParams", [
    { key: "hash", converter: hashIdentifier, required: true },
    { key: "salt", converter: bufferSource, required: true },
    { key: "info", converter: bufferSource, required: true },
  ]),
  ({ hash, salt, info }, slots, length) =>
    op_crypto_hkdf(slots.handle, hashFacts(hash).id, salt, info, bytesOf(length)),
  (_algorithm, length) => bytesOf(length),
);

registerDerivation(
  "PBKDF2",
  kRaw,
  parameters("Pbkdf2Params", [
    { key: "salt", converter: bufferSource, required: true },
    {
      key: "iterations",
      converter: unsignedLong,
      options: { enforceRange: true },
      required: true,
    },
    { key: "hash", converter: hashIdentifier, required: true },
  ]),
  (algorithm, slots, length) => {
    const { hash, salt, iterations } = algorithm;
    const size = checkPbkdf2(algorithm, length);
    // Nothing to derive is nothing to wait for.
    return op_crypto_pbkdf2(
      slots.handle,
      hashFacts(hash).id,
      size === 0 ? kNoBytes : salt,
      size === 0 ? 1 : iterations,
      size,
    );
  },
  checkPbkdf2,
);
