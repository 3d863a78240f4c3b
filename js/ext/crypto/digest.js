// SHA-1, SHA-2, SHA-3 and cSHAKE.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_crypto_cshake, op_crypto_digest } from "rt:ops/crypto_subtle";
import { joined, mapped } from "../web/lists.js";
import { bufferSource, unsignedLong } from "../web/webidl.js";
import { operationError } from "./errors.js";
import { parameters, registerAlgorithm } from "./normalize.js";

const { TypeError, Uint8Array } = primordials;

/** By name: the number C++ knows the hash by, the size of its blocks in bits, JWK's names. */
const hashes = {
  __proto__: null,
  "SHA-1": { __proto__: null, id: 0, block: 512, jwk: "1" },
  "SHA-256": { __proto__: null, id: 1, block: 512, jwk: "256" },
  "SHA-384": { __proto__: null, id: 2, block: 1024, jwk: "384" },
  "SHA-512": { __proto__: null, id: 3, block: 1024, jwk: "512" },
  "SHA3-256": { __proto__: null, id: 4, block: 1088, jwk: undefined },
  "SHA3-384": { __proto__: null, id: 5, block: 832, jwk: undefined },
  "SHA3-512": { __proto__: null, id: 6, block: 576, jwk: undefined },
};

/** What is known of a normalized hash ({name}); one that is no fixed hash cannot be used here. */
export function hashFacts(hash) {
  const facts = hashes[hash.name];
  if (facts === undefined) throw operationError(`Hash '${hash.name}' cannot be used here`);
  return facts;
}

for (const name in hashes) {
  const { id } = hashes[name];
  registerAlgorithm(name, {
    __proto__: null,
    digest: { params: null, run: (_algorithm, data) => op_crypto_digest(id, data) },
  });
}

const kNoBytes = new Uint8Array(0);

/**
 * The members that say how much output there is to be: `outputLength`, or `length` as drafts of the
 * specification until 2026 have it.
 */
export function outputLengthMembers() {
  return mapped(["length", "outputLength"], (key) => ({
    key,
    converter: unsignedLong,
    options: { enforceRange: true },
  }));
}

/** The output's size in bytes. */
export function outputSize({ name, length, outputLength }) {
  const bits = outputLength ?? length;
  if (bits === undefined) throw new TypeError(`${name} needs an outputLength`);
  if (bits % 8 !== 0) throw operationError("The output length is not a multiple of 8");
  return bits / 8;
}

function cshake(bits) {
  registerAlgorithm(`cSHAKE${bits}`, {
    __proto__: null,
    digest: {
      params: parameters(
        "CShakeParams",
        joined(outputLengthMembers(), [
          { key: "functionName", converter: bufferSource },
          { key: "customization", converter: bufferSource },
        ]),
      ),
      check: outputSize,
      run(algorithm, data) {
        const { functionName, customization } = algorithm;
        return op_crypto_cshake(
          bits,
          data,
          outputSize(algorithm),
          functionName ?? kNoBytes,
          customization ?? kNoBytes,
        );
      },
    },
  });
}
cshake(128);
cshake(256);
