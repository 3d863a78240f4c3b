// Ed25519, Ed448, X25519 and X448 (https://w3c.github.io/webcrypto/#ed25519,
// https://wicg.github.io/webcrypto-secure-curves/).

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
import { bufferSource } from "../web/webidl.js";
import { agreement, deriveParams } from "./agree.js";
import { makeKey } from "./crypto_key.js";
import { dataError, notSupported, operationError } from "./errors.js";
import {
  checkJwkAlgorithm,
  checkJwkUse,
  checkKeyType,
  encodeBytes,
  makeJwk,
  requiredBytes,
} from "./jwk.js";
import { checkUsages, generatePair, requireType, unknownFormat } from "./key_rules.js";
import { parameters, registerAlgorithm } from "./normalize.js";
import { kKinds } from "./pairs.js";

const { TypedArrayPrototypeGetByteLength, Uint8Array } = primordials;

const kNoBytes = new Uint8Array(0);

function importJwk(jwk, kind, name) {
  if (jwk.crv !== name) throw dataError("'crv' property of JsonWebKey is another curve");
  const x = requiredBytes(jwk, "x");
  const parts = jwk.d === undefined ? [x] : [x, requiredBytes(jwk, "d")];
  return op_crypto_key_import_parts(kind, parts);
}

function exportJwk(slots, kind, name, jwkName) {
  const isPrivate = slots.type === "private";
  const parts = op_crypto_key_export_parts(kind, slots.handle, isPrivate);
  return makeJwk("OKP", slots, [
    "crv",
    name,
    "x",
    encodeBytes(parts[0]),
    "d",
    isPrivate ? encodeBytes(parts[1]) : undefined,
    "alg",
    jwkName,
  ]);
}

/** `jwkNames`: what `alg` may be, the first is what an export says; empty: it is not looked at. */
function keyOperations(name, use, allowed, jwkNames) {
  const kind = kKinds[name];
  const both = joined(allowed.public, allowed.private);
  const described = { __proto__: null, name };
  return {
    __proto__: null,
    generateKey: {
      params: null,
      run(_algorithm, extractable, usages) {
        checkUsages(usages, both);
        const request = { kind, bits: 0, exponent: kNoBytes };
        return generatePair(request, described, extractable, usages, allowed);
      },
    },
    importKey: {
      params: null,
      run(_algorithm, format, keyData, extractable, usages) {
        let type = "public";
        if (format === "pkcs8" || (format === "jwk" && keyData.d !== undefined)) type = "private";
        checkUsages(usages, allowed[type]);
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
            checkKeyType(keyData, "OKP");
            checkJwkUse(keyData, use, usages, extractable);
            if (jwkNames.length > 0) checkJwkAlgorithm(keyData, jwkNames);
            handle = importJwk(keyData, kind, name);
            break;
          default:
            throw unknownFormat(format, name);
        }
        return makeKey(handle, type, extractable, described, usages);
      },
    },
    exportKey: {
      params: null,
      run(format, slots) {
        switch (format) {
          case "spki":
            requireType(slots, "public");
            return op_crypto_key_export_spki(slots.handle);
          case "pkcs8":
            requireType(slots, "private");
            return op_crypto_key_export_pkcs8(slots.handle);
          case "raw":
          case "raw-public":
            requireType(slots, "public");
            return op_crypto_key_export_raw(kind, slots.handle);
          case "jwk":
            return exportJwk(slots, kind, name, jwkNames[0]);
          default:
            throw unknownFormat(format, name);
        }
      },
    },
  };
}

function signature(name, params) {
  const allowed = { public: ["verify"], private: ["sign"] };
  const operations = keyOperations(name, "sig", allowed, [name, "EdDSA"]);
  const request = () => ({ kind: kKinds[name], hash: 0, pss: false, saltSize: 0 });
  const checkContext = ({ context }) => {
    const size = context === undefined ? 0 : TypedArrayPrototypeGetByteLength(context);
    if (size > 255) throw operationError("The context is longer than 255 bytes");
    if (size > 0) throw notSupported(`${name} with a context is not supported`);
  };
  operations.sign = {
    params,
    run(algorithm, slots, data) {
      requireType(slots, "private");
      checkContext(algorithm);
      return op_crypto_sign(slots.handle, request(), data);
    },
  };
  operations.verify = {
    params,
    run(algorithm, slots, given, data) {
      requireType(slots, "public");
      checkContext(algorithm);
      return op_crypto_verify(slots.handle, request(), given, data);
    },
  };
  registerAlgorithm(name, operations);
}

function exchange(name) {
  const allowed = { public: [], private: ["deriveKey", "deriveBits"] };
  const operations = keyOperations(name, "enc", allowed, []);
  operations.deriveBits = { params: deriveParams, run: agreement };
  registerAlgorithm(name, operations);
}

signature("Ed25519", null);
signature("Ed448", parameters("Ed448Params", [{ key: "context", converter: bufferSource }]));
exchange("X25519");
exchange("X448");
