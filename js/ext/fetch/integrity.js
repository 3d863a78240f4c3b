// Subresource integrity (https://www.w3.org/TR/sri/): whether the bytes of a response are those whose
// digest `integrity` of the request has. Of several digests the strongest algorithm counts, and one
// match of it is enough; what is no digest is passed over, as the specification has it.

import { op_crypto_digest } from "rt:ops/crypto_subtle";
import { primordials } from "rt:bootstrap/primordials.js";
import { btoa } from "../web/base64.js";

const {
  ArrayPrototypePush,
  RegExpPrototypeExec,
  StringFromCharCode,
  StringPrototypeCharCodeAt,
  StringPrototypeSlice,
  Uint8Array,
} = primordials;

// From weakest to strongest; the numbers are those of HashId (src/ext/crypto).
const kAlgorithms = { __proto__: null, sha256: 1, sha384: 2, sha512: 3 };

const kSizes = { __proto__: null, sha256: 32, sha384: 48, sha512: 64 };

// hash-expression, options included.
const kDigest = /^(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})(?:\?[!-~]*)?$/;

/** Base64 in its one form: "+" and "/", no padding. */
function plain(base64) {
  let text = "";
  for (let i = 0; i < base64.length && base64[i] !== "="; i++) {
    text += base64[i] === "-" ? "+" : base64[i] === "_" ? "/" : base64[i];
  }
  return text;
}

/** The parts of a text between white space of ASCII. */
function words(text) {
  const found = [];
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = i === text.length ? 32 : StringPrototypeCharCodeAt(text, i);
    if (code !== 32 && (code < 9 || code > 13 || code === 11)) continue;
    if (i > start) ArrayPrototypePush(found, StringPrototypeSlice(text, start, i));
    start = i + 1;
  }
  return found;
}

/**
 * The strongest digests of an `integrity` attribute.
 * @returns {{ algorithm: string, digests: string[] } | null} null: there are none
 */
export function parseIntegrity(metadata) {
  const tokens = words(metadata);
  let algorithm = null;
  let digests = [];
  for (let i = 0; i < tokens.length; i++) {
    const parts = RegExpPrototypeExec(kDigest, tokens[i]);
    if (parts === null) continue;
    if (algorithm === null || kAlgorithms[parts[1]] > kAlgorithms[algorithm]) {
      algorithm = parts[1];
      digests = [];
    }
    if (parts[1] === algorithm) ArrayPrototypePush(digests, plain(parts[2]));
  }
  return algorithm === null ? null : { __proto__: null, algorithm, digests };
}

/** Whether `bytes` have one of the digests parseIntegrity() gave. */
export async function hasIntegrity(bytes, { algorithm, digests }) {
  const digest = new Uint8Array(await op_crypto_digest(kAlgorithms[algorithm], bytes));
  let text = "";
  for (let i = 0; i < kSizes[algorithm]; i++) text += StringFromCharCode(digest[i]);
  const found = plain(btoa(text));
  for (let i = 0; i < digests.length; i++) if (digests[i] === found) return true;
  return false;
}
