// What the import and generation of all kinds of keys have in common: usages and formats.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_crypto_generate } from "rt:ops/crypto_subtle";
import { op_crypto_key_public_half } from "rt:ops/crypto_key";
import { commonUsages, makeKey } from "./crypto_key.js";
import { invalidAccess, notSupported, syntaxError } from "./errors.js";

const { ArrayPrototypeIncludes } = primordials;

/** SyntaxError if `usages` has one that `allowed` has not. */
export function checkUsages(usages, allowed) {
  for (let i = 0; i < usages.length; i++) {
    if (!ArrayPrototypeIncludes(allowed, usages[i])) {
      throw syntaxError(`Invalid key usage '${usages[i]}'`);
    }
  }
}

/** What an import or export in an unknown format throws. */
export function unknownFormat(format, name) {
  return notSupported(`Format '${format}' is not supported for ${name} keys`);
}

/** InvalidAccessError unless the key is of the type. */
export function requireType(slots, type) {
  if (slots.type !== type) throw invalidAccess(`Key is not a ${type} key`);
}

/**
 * A generated pair of a kind that C++ knows by number, as a CryptoKeyPair. `allowed` are the usages
 * of the public and of the private key.
 */
export async function generatePair(request, algorithm, extractable, usages, allowed) {
  const handle = await op_crypto_generate(request.kind, request.bits, request.exponent);
  const publicHandle = op_crypto_key_public_half(handle);
  return {
    publicKey: makeKey(
      publicHandle,
      "public",
      true,
      algorithm,
      commonUsages(usages, allowed.public),
    ),
    privateKey: makeKey(
      handle,
      "private",
      extractable,
      algorithm,
      commonUsages(usages, allowed.private),
    ),
  };
}
