// Argon2d, Argon2i and Argon2id (https://wicg.github.io/webcrypto-modern-algos/#argon2).

import { primordials } from "rt:bootstrap/primordials.js";
import { op_crypto_argon2 } from "rt:ops/crypto_subtle";
import { bufferSource, octet, unsignedLong } from "../web/webidl.js";
import { operationError } from "./errors.js";
import { registerDerivation } from "./kdf.js";
import { parameters } from "./normalize.js";

const { Uint8Array } = primordials;

const kNoBytes = new Uint8Array(0);
const kVersion = 0x13;
const kMostLanes = 0xffffff;

const counted = (key) => ({
  key,
  converter: unsignedLong,
  options: { enforceRange: true },
  required: true,
});
const argon2Params = parameters("Argon2Params", [
  { key: "nonce", converter: bufferSource, required: true },
  counted("parallelism"),
  counted("memory"),
  counted("passes"),
  { key: "version", converter: octet, options: { enforceRange: true } },
  { key: "secretValue", converter: bufferSource },
  { key: "associatedData", converter: bufferSource },
]);

/** The number of bytes to derive; OperationError for parameters that RFC 9106 has not. */
function checked({ parallelism, memory, passes, version }, length) {
  if (length === null || length < 32 || length % 8 !== 0) throw operationError("Invalid length");
  if (version !== undefined && version !== kVersion) {
    throw operationError("The version of Argon2 must be 0x13");
  }
  if (parallelism === 0 || parallelism > kMostLanes) {
    throw operationError(`Parallelism must be 1 to ${kMostLanes}`);
  }
  if (memory < 8 * parallelism) throw operationError("Memory must be at least 8 KiB a lane");
  if (passes === 0) throw operationError("Passes must be at least 1");
  return length / 8;
}

function register(name, type) {
  const derive = (algorithm, slots, length) => {
    const { memory, passes, parallelism, nonce } = algorithm;
    const size = checked(algorithm, length);
    const request = {
      __proto__: null,
      type,
      memory,
      passes,
      parallelism,
      nonce,
      secret: algorithm.secretValue ?? kNoBytes,
      associatedData: algorithm.associatedData ?? kNoBytes,
    };
    return op_crypto_argon2(slots.handle, request, size);
  };
  registerDerivation(name, ["raw-secret"], argon2Params, derive, checked);
}

register("Argon2d", 0);
register("Argon2i", 1);
register("Argon2id", 2);
