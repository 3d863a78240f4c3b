// ECDSA and ECDH on P-256, P-384 and P-521 (https://w3c.github.io/webcrypto/#ecdsa).

import { primordials } from "rt:bootstrap/primordials.js";
import {
  op_crypto_key_export_parts,
  op_crypto_key_export_pkcs8,
  op_crypto_key_export_raw,
  op_crypto_key_export_spki,
  op_crypto_key_import_parts,
  op_crypto_key_import_pkcs8,
  op_crypto_key_import_raw,
  op_crypto_key_import_spki,
} from "rt:ops/crypto_key";
import { op_crypto_sign, op_crypto_verify } from "rt:ops/crypto_subtle";
import { joined } from "../web/lists.js";
import { domString } from "../web/webidl.js";
import { agreement, deriveParams } from "./agree.js";
import { makeKey } from "./crypto_key.js";
import { hashFacts } from "./digest.js";
import { dataError, notSupported } from "./errors.js";
import {
  checkJwkAlgorithm,
  checkJwkUse,
  checkKeyType,
  encodeBytes,
  makeJwk,
  requiredBytes,
} from "./jwk.js";
import { checkUsages, generatePair, requireType, unknownFormat } from "./key_rules.js";
import { hashIdentifier, parameters, registerAlgorithm } from "./normalize.js";
import { kKinds } from "./pairs.js";

const { Uint8Array } = primordials;

const kNoBytes = new Uint8Array(0);
const keyParams = parameters("EcKeyGenParams", [
  { key: "namedCurve", converter: domString, required: true },
]);

/** The number of a curve; NotSupportedError for one that is not there. */
function kindOf({ namedCurve }) {
  switch (namedCurve) {
    case "P-256":
    case "P-384":
    case "P-521":
      return kKinds[namedCurve];
    default:
      throw notSupported(`Curve '${namedCurve}' is not supported`);
  }
}

function importJwk(jwk, kind, namedCurve) {
  if (jwk.crv !== namedCurve) throw dataError("'crv' property of JsonWebKey is another curve");
  const x = requiredBytes(jwk, "x");
  const y = requiredBytes(jwk, "y");
  const parts = jwk.d === undefined ? [x, y] : [x, y, requiredBytes(jwk, "d")];
  return op_crypto_key_import_parts(kind, parts);
}

function keyOperations(name, use, allowed, jwkNames) {
  const both = joined(allowed.public, allowed.private);
  return {
    __proto__: null,
    generateKey: {
      params: keyParams,
      check: kindOf,
      run(algorithm, extractable, usages) {
        checkUsages(usages, both);
        const request = { kind: kindOf(algorithm), bits: 0, exponent: kNoBytes };
        const described = { __proto__: null, name, namedCurve: algorithm.namedCurve };
        return generatePair(request, described, extractable, usages, allowed);
      },
    },
    importKey: {
      params: keyParams,
      check: kindOf,
      run(algorithm, format, keyData, extractable, usages) {
        let type = "public";
        if (format === "pkcs8" || (format === "jwk" && keyData.d !== undefined)) type = "private";
        checkUsages(usages, allowed[type]);
        const kind = kindOf(algorithm);
        let handle;
        switch (format) {
          case "spki":
            handle = op_crypto_key_import_spki(kind, keyData);
            break;
          case "pkcs8":
            handle = op_crypto_key_import_pkcs8(kind, keyData);
            break;
          case "raw":
          case "raw-public":
            handle = op_crypto_key_import_raw(kind, keyData);
            break;
          case "jwk":
            checkKeyType(keyData, "EC");
            checkJwkUse(keyData, use, usages, extractable);
            if (jwkNames) checkJwkAlgorithm(keyData, [jwkNames[algorithm.namedCurve]]);
            handle = importJwk(keyData, kind, algorithm.namedCurve);
            break;
          default:
            throw unknownFormat(format, name);
        }
        const described = { __proto__: null, name, namedCurve: algorithm.namedCurve };
        return makeKey(handle, type, extractable, described, usages);
      },
    },
    exportKey: {
      params: null,
      run(format, slots) {
        const { handle, algorithm } = slots;
        switch (format) {
          case "spki":
            requireType(slots, "public");
            return op_crypto_key_export_spki(handle);
          case "pkcs8":
            requireType(slots, "private");
            return op_crypto_key_export_pkcs8(handle);
          case "raw":
          case "raw-public":
            requireType(slots, "public");
            return op_crypto_key_export_raw(kindOf(algorithm), handle);
          case "jwk": {
            const isPrivate = slots.type === "private";
            const parts = op_crypto_key_export_parts(kindOf(algorithm), handle, isPrivate);
            return makeJwk("EC", slots, [
              "crv",
              algorithm.namedCurve,
              "x",
              encodeBytes(parts[0]),
              "y",
              encodeBytes(parts[1]),
              "d",
              isPrivate ? encodeBytes(parts[2]) : undefined,
            ]);
          }
          default:
            throw unknownFormat(format, name);
        }
      },
    },
  };
}

function signRequest({ hash }, slots) {
  return { kind: kindOf(slots.algorithm), hash: hashFacts(hash).id, pss: false, saltSize: 0 };
}

const ecdsa = keyOperations(
  "ECDSA",
  "sig",
  { public: ["verify"], private: ["sign"] },
  { __proto__: null, "P-256": "ES256", "P-384": "ES384", "P-521": "ES512" },
);
const ecdsaParams = parameters("EcdsaParams", [
  { key: "hash", converter: hashIdentifier, required: true },
]);
ecdsa.sign = {
  params: ecdsaParams,
  run(algorithm, slots, data) {
    requireType(slots, "private");
    return op_crypto_sign(slots.handle, signRequest(algorithm, slots), data);
  },
};
ecdsa.verify = {
  params: ecdsaParams,
  run(algorithm, slots, signature, data) {
    requireType(slots, "public");
    return op_crypto_verify(slots.handle, signRequest(algorithm, slots), signature, data);
  },
};
registerAlgorithm("ECDSA", ecdsa);

const ecdh = keyOperations("ECDH", "enc", { public: [], private: ["deriveKey", "deriveBits"] });
ecdh.deriveBits = { params: deriveParams, run: agreement };
registerAlgorithm("ECDH", ecdh);
