// JSON Web Keys (RFC 7517, RFC 7518) as the Web Cryptography API reads and writes them: the WebIDL
// dictionary, base64url, and the checks that all key types share.

import { primordials } from "rt:bootstrap/primordials.js";
import {
  op_crypto_base64url_decode,
  op_crypto_base64url_encode,
  op_crypto_key_export_secret,
} from "rt:ops/crypto_key";
import { joined, mapped } from "../web/lists.js";
import { decodeUtf8, encodeUtf8 } from "../web/text_encoding.js";
import { boolean, dictionary, domString, sequence } from "../web/webidl.js";
import { commonUsages } from "./crypto_key.js";
import { dataError, notSupported } from "./errors.js";

const {
  ArrayIsArray,
  ArrayPrototypeIncludes,
  ArrayPrototypePush,
  JSONParse,
  JSONStringify,
  ObjectDefineProperty,
  ObjectHasOwn,
  ObjectKeys,
} = primordials;

const kStringMembers = [
  "alg",
  "crv",
  "d",
  "dp",
  "dq",
  "e",
  "k",
  "kty",
  "n",
  "p",
  "priv",
  "pub",
  "q",
  "qi",
  "use",
  "x",
  "y",
];

const otherPrimes = dictionary("RsaOtherPrimesInfo", [
  { key: "r", converter: domString },
  { key: "d", converter: domString },
  { key: "t", converter: domString },
]);

/** The WebIDL dictionary JsonWebKey. */
export const jsonWebKey = dictionary(
  "JsonWebKey",
  joined(
    mapped(kStringMembers, (key) => ({ key, converter: domString })),
    [
      { key: "ext", converter: boolean },
      { key: "key_ops", converter: sequence(domString) },
      { key: "oth", converter: sequence(otherPrimes) },
    ],
  ),
);

/** A member that must be there, decoded: bytes. */
export function requiredBytes(jwk, member) {
  const text = jwk[member];
  if (text === undefined) throw dataError(`'${member}' property of JsonWebKey is required`);
  const bytes = op_crypto_base64url_decode(text);
  if (bytes === null) throw dataError(`'${member}' property of JsonWebKey is not base64url`);
  return bytes;
}

/** The bytes of a secret's handle as base64url. */
export function encodeSecret(handle) {
  return op_crypto_base64url_encode(op_crypto_key_export_secret(handle));
}

/** Bytes as base64url. */
export function encodeBytes(bytes) {
  return op_crypto_base64url_encode(bytes);
}

/** Throws DataError unless `kty` is `expected`. */
export function checkKeyType(jwk, expected) {
  if (jwk.kty !== expected) {
    throw dataError(`'kty' property of JsonWebKey must be '${expected}'`);
  }
}

/** Checks `use`, `key_ops` and `ext` against what the key is to be used for. */
export function checkJwkUse(jwk, use, usages, extractable) {
  if (usages.length > 0 && jwk.use !== undefined && jwk.use !== use) {
    throw dataError(`'use' property of JsonWebKey must be '${use}'`);
  }
  const operations = jwk.key_ops;
  if (operations !== undefined) {
    for (let i = 0; i < operations.length; i++) {
      for (let j = i + 1; j < operations.length; j++) {
        if (operations[i] === operations[j]) {
          throw dataError("'key_ops' property of JsonWebKey has a value twice");
        }
      }
    }
    for (let i = 0; i < usages.length; i++) {
      if (!ArrayPrototypeIncludes(operations, usages[i])) {
        throw dataError("'key_ops' property of JsonWebKey does not allow all of the key usages");
      }
    }
  }
  if (jwk.ext === false && extractable) {
    throw dataError("'ext' property of JsonWebKey is false: the key is not extractable");
  }
}

/** Throws DataError unless `alg` is absent or one of `allowed`. */
export function checkJwkAlgorithm(jwk, allowed) {
  if (jwk.alg !== undefined && !ArrayPrototypeIncludes(allowed, jwk.alg)) {
    throw dataError("'alg' property of JsonWebKey does not match the algorithm");
  }
}

/** Multi-prime keys are not there. */
export function refuseOtherPrimes(jwk) {
  if (jwk.oth !== undefined) throw notSupported("RSA keys with more than two primes");
}

/** The exported form of a key: what all types have, then `members` (flat: name, value, …). */
export function makeJwk(kty, slots, members) {
  const jwk = { kty };
  for (let i = 0; i < members.length; i += 2) {
    if (members[i + 1] !== undefined) define(jwk, members[i], members[i + 1]);
  }
  define(jwk, "key_ops", commonUsages(slots.usages));
  define(jwk, "ext", slots.extractable);
  return jwk;
}

// A setter on Object.prototype must not see the key.
function define(object, key, value) {
  ObjectDefineProperty(object, key, {
    __proto__: null,
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** A JWK of `makeJwk` as UTF-8 JSON, without asking any `toJSON`. */
export function jwkToBytes(jwk) {
  let text = "";
  const keys = ObjectKeys(jwk);
  for (let i = 0; i < keys.length; i++) {
    const value = jwk[keys[i]];
    let shown;
    if (typeof value === "object") {
      shown = "";
      for (let j = 0; j < value.length; j++) {
        shown += `${j > 0 ? "," : ""}${JSONStringify(value[j])}`;
      }
      shown = `[${shown}]`;
    } else {
      shown = JSONStringify(value);
    }
    text += `${i > 0 ? "," : ""}${JSONStringify(keys[i])}:${shown}`;
  }
  return encodeUtf8(`{${text}}`);
}

/** The JsonWebKey in unwrapped bytes, reading own properties only. Throws DataError. */
export function jwkFromBytes(bytes) {
  let parsed;
  try {
    parsed = JSONParse(decodeUtf8(bytes));
  } catch {
    throw dataError("The unwrapped key is not JSON"); // the parser's words quote the key
  }
  if (typeof parsed !== "object" || parsed === null || !ObjectHasOwn(parsed, "kty")) {
    throw dataError("The unwrapped key is not a JsonWebKey");
  }
  const jwk = { __proto__: null };
  for (let i = 0; i < kStringMembers.length; i++) {
    const key = kStringMembers[i];
    if (!ObjectHasOwn(parsed, key)) continue;
    if (typeof parsed[key] !== "string") {
      throw dataError(`'${key}' property of JsonWebKey must be a string`);
    }
    jwk[key] = parsed[key];
  }
  if (ObjectHasOwn(parsed, "ext")) jwk.ext = !!parsed.ext;
  if (ObjectHasOwn(parsed, "oth")) jwk.oth = [];
  if (ObjectHasOwn(parsed, "key_ops")) {
    const list = parsed.key_ops;
    if (!ArrayIsArray(list)) throw dataError("'key_ops' property of JsonWebKey must be a list");
    jwk.key_ops = [];
    for (let i = 0; i < list.length; i++) {
      if (typeof list[i] !== "string") {
        throw dataError("'key_ops' property of JsonWebKey must be a list of strings");
      }
      ArrayPrototypePush(jwk.key_ops, list[i]);
    }
  }
  return jwk;
}
