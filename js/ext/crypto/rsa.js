// RSASSA-PKCS1-v1_5, RSA-PSS and RSA-OAEP (https://w3c.github.io/webcrypto/#rsassa-pkcs1).

import { primordials } from "rt:bootstrap/primordials.js";
import {
  op_crypto_key_export_parts,
  op_crypto_key_export_pkcs8,
  op_crypto_key_export_spki,
  op_crypto_key_import_parts,
  op_crypto_key_import_pkcs8,
  op_crypto_key_import_spki,
} from "rt:ops/crypto_key";
import { op_crypto_oaep, op_crypto_sign, op_crypto_verify } from "rt:ops/crypto_subtle";
import { joined } from "../web/lists.js";
import { bufferSource, typedArray, unsignedLong } from "../web/webidl.js";
import { makeKey } from "./crypto_key.js";
import { hashFacts } from "./digest.js";
import { operationError } from "./errors.js";
import {
  checkJwkAlgorithm,
  checkJwkUse,
  checkKeyType,
  encodeBytes,
  makeJwk,
  refuseOtherPrimes,
  requiredBytes,
} from "./jwk.js";
import { checkUsages, generatePair, requireType, unknownFormat } from "./key_rules.js";
import { hashIdentifier, parameters, registerAlgorithm } from "./normalize.js";
import { kKinds } from "./pairs.js";

const { ArrayPrototypePush, MathClz32, TypedArrayPrototypeGetByteLength, Uint8Array } = primordials;

const enforceRange = { enforceRange: true };
const kNoBytes = new Uint8Array(0);
const kPublicMembers = ["n", "e"];
const kPrivateMembers = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];

const generateParams = parameters(
  "RsaHashedKeyGenParams",
  [
    { key: "modulusLength", converter: unsignedLong, options: enforceRange, required: true },
    {
      key: "publicExponent",
      converter: typedArray("Uint8Array"),
      required: true,
    },
  ],
  [{ key: "hash", converter: hashIdentifier, required: true }],
);
const importParams = parameters("RsaHashedImportParams", [
  { key: "hash", converter: hashIdentifier, required: true },
]);

/** What can be said of parameters before a key is made; C++ says the rest. */
function checkGeneration({ modulusLength, publicExponent }) {
  const size = TypedArrayPrototypeGetByteLength(publicExponent);
  if (
    modulusLength < 512 ||
    modulusLength > 16384 ||
    size === 0 ||
    publicExponent[size - 1] % 2 === 0
  ) {
    throw operationError("No key has this modulus length and public exponent");
  }
}

/** What a CryptoKey says of an RSA key. */
function describe(name, hash, handle) {
  const parts = op_crypto_key_export_parts(kKinds.RSA, handle, false);
  const modulus = parts[0];
  return {
    __proto__: null,
    name,
    modulusLength: TypedArrayPrototypeGetByteLength(modulus) * 8 - (MathClz32(modulus[0]) - 24),
    publicExponent: parts[1],
    hash,
  };
}

function importJwk(jwk) {
  refuseOtherPrimes(jwk);
  const members = jwk.d === undefined ? kPublicMembers : kPrivateMembers;
  const parts = [];
  for (let i = 0; i < members.length; i++) {
    ArrayPrototypePush(parts, requiredBytes(jwk, members[i]));
  }
  return op_crypto_key_import_parts(kKinds.RSA, parts);
}

function exportJwk(slots, algorithmName) {
  const isPrivate = slots.type === "private";
  const parts = op_crypto_key_export_parts(kKinds.RSA, slots.handle, isPrivate);
  const members = isPrivate ? kPrivateMembers : kPublicMembers;
  const flat = ["alg", algorithmName];
  for (let i = 0; i < members.length; i++) {
    ArrayPrototypePush(flat, members[i], encodeBytes(parts[i]));
  }
  return makeJwk("RSA", slots, flat);
}

/** Key operations of one RSA algorithm; `jwkName` makes JWK's `alg` of a hash's part of it. */
function keyOperations(name, use, allowed, jwkName) {
  const both = joined(allowed.public, allowed.private);
  const nameFor = (hash) => {
    const { jwk } = hashFacts(hash);
    return jwk === undefined ? undefined : jwkName(jwk);
  };
  return {
    __proto__: null,
    generateKey: {
      params: generateParams,
      check: checkGeneration,
      run(algorithm, extractable, usages) {
        checkUsages(usages, both);
        const exponent = new Uint8Array(algorithm.publicExponent);
        const described = {
          __proto__: null,
          name,
          modulusLength: algorithm.modulusLength,
          publicExponent: exponent,
          hash: algorithm.hash,
        };
        const request = { kind: kKinds.RSA, bits: algorithm.modulusLength, exponent };
        return generatePair(request, described, extractable, usages, allowed);
      },
    },
    importKey: {
      params: importParams,
      run(algorithm, format, keyData, extractable, usages) {
        let type = "public";
        let handle;
        if (format === "spki") {
          checkUsages(usages, allowed.public);
          handle = op_crypto_key_import_spki(kKinds.RSA, keyData);
        } else if (format === "pkcs8") {
          checkUsages(usages, allowed.private);
          type = "private";
          handle = op_crypto_key_import_pkcs8(kKinds.RSA, keyData);
        } else if (format === "jwk") {
          if (keyData.d !== undefined) type = "private";
          checkUsages(usages, allowed[type]);
          checkKeyType(keyData, "RSA");
          checkJwkUse(keyData, use, usages, extractable);
          const known = nameFor(algorithm.hash);
          if (known !== undefined) checkJwkAlgorithm(keyData, [known]);
          handle = importJwk(keyData);
        } else {
          throw unknownFormat(format, name);
        }
        const described = describe(name, algorithm.hash, handle);
        return makeKey(handle, type, extractable, described, usages);
      },
    },
    exportKey: {
      params: null,
      run(format, slots) {
        if (format === "spki") {
          requireType(slots, "public");
          return op_crypto_key_export_spki(slots.handle);
        }
        if (format === "pkcs8") {
          requireType(slots, "private");
          return op_crypto_key_export_pkcs8(slots.handle);
        }
        if (format !== "jwk") throw unknownFormat(format, name);
        return exportJwk(slots, nameFor(slots.algorithm.hash));
      },
    },
  };
}

function signRequest(slots, pss, saltSize) {
  return { kind: kKinds.RSA, hash: hashFacts(slots.algorithm.hash).id, pss, saltSize };
}

function signatures(name, pss, params, jwkName) {
  const allowed = { public: ["verify"], private: ["sign"] };
  const operations = keyOperations(name, "sig", allowed, jwkName);
  operations.sign = {
    params,
    run(algorithm, slots, data) {
      requireType(slots, "private");
      return op_crypto_sign(slots.handle, signRequest(slots, pss, algorithm.saltLength ?? 0), data);
    },
  };
  operations.verify = {
    params,
    run(algorithm, slots, signature, data) {
      requireType(slots, "public");
      const request = signRequest(slots, pss, algorithm.saltLength ?? 0);
      return op_crypto_verify(slots.handle, request, signature, data);
    },
  };
  registerAlgorithm(name, operations);
}

signatures("RSASSA-PKCS1-v1_5", false, null, (hash) => `RS${hash}`);
signatures(
  "RSA-PSS",
  true,
  parameters("RsaPssParams", [
    { key: "saltLength", converter: unsignedLong, options: enforceRange, required: true },
  ]),
  (hash) => `PS${hash}`,
);

const oaep = keyOperations(
  "RSA-OAEP",
  "enc",
  { public: ["encrypt", "wrapKey"], private: ["decrypt", "unwrapKey"] },
  (hash) => (hash === "1" ? "RSA-OAEP" : `RSA-OAEP-${hash}`),
);
const oaepParams = parameters("RsaOaepParams", [{ key: "label", converter: bufferSource }]);
oaep.encrypt = {
  params: oaepParams,
  run(algorithm, slots, data) {
    requireType(slots, "public");
    const hash = hashFacts(slots.algorithm.hash).id;
    return op_crypto_oaep(slots.handle, true, hash, algorithm.label ?? kNoBytes, data, false);
  },
};
oaep.decrypt = {
  params: oaepParams,
  run(algorithm, slots, data, asKey = false) {
    requireType(slots, "private");
    const hash = hashFacts(slots.algorithm.hash).id;
    return op_crypto_oaep(slots.handle, false, hash, algorithm.label ?? kNoBytes, data, asKey);
  },
};
registerAlgorithm("RSA-OAEP", oaep);
