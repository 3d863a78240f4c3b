// What ECDH, X25519 and X448 share: deriving bits from one's own and another's key.

import { op_crypto_key_secret_size, op_crypto_key_truncate } from "rt:ops/crypto_key";
import { op_crypto_agree } from "rt:ops/crypto_subtle";
import { cryptoKeyType, slotsOf } from "./crypto_key.js";
import { invalidAccess, operationError } from "./errors.js";
import { requireType } from "./key_rules.js";
import { parameters } from "./normalize.js";

/** The parameters: the other's public key. */
export const deriveParams = parameters("EcdhKeyDeriveParams", [
  { key: "public", converter: cryptoKeyType, required: true },
]);

/** The first `length` bits of the shared secret, or all (null), as a handle. */
export async function agreement(algorithm, slots, length) {
  requireType(slots, "private");
  const peer = slotsOf(algorithm.public);
  requireType(peer, "public");
  if (
    peer.algorithm.name !== slots.algorithm.name ||
    peer.algorithm.namedCurve !== slots.algorithm.namedCurve
  ) {
    throw invalidAccess("The public key is not of the private key's algorithm");
  }
  const secret = await op_crypto_agree(slots.handle, peer.handle);
  if (length === null) return secret;
  if (length > op_crypto_key_secret_size(secret) * 8) throw operationError("Invalid length");
  return op_crypto_key_truncate(secret, length);
}
