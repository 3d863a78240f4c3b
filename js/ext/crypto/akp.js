// ML-KEM and ML-DSA (https://wicg.github.io/webcrypto-modern-algos/#ml-kem). Their keys are what JSON Web
// Keys call AKP (draft-ietf-cose-dilithium): an algorithm, public bytes and a seed.

import { primordials } from "rt:bootstrap/primordials.js";
import {
  op_crypto_akp_decapsulate,
  op_crypto_akp_encapsulate,
  op_crypto_akp_export,
  op_crypto_akp_generate,
  op_crypto_akp_import,
  op_crypto_akp_is_pair,
  op_crypto_akp_public_half,
  op_crypto_akp_sign,
  op_crypto_akp_verify,
} from "rt:ops/crypto_akp";
import { joined } from "../web/lists.js";
import { bufferSource } from "../web/webidl.js";
import { commonUsages, makeKey } from "./crypto_key.js";
import { dataError, operationError } from "./errors.js";
import { checkJwkUse, checkKeyType, encodeSecret, makeJwk, requiredBytes } from "./jwk.js";
import { checkUsages, requireType, unknownFormat } from "./key_rules.js";
import { parameters, registerAlgorithm } from "./normalize.js";
import { secretFromBytes } from "./secret.js";

const { TypedArrayPrototypeGetByteLength, Uint8Array } = primordials;

// The numbers C++ knows them by.
const kSeed = 0;
const kPublic = 1;
const kSpki = 2;
const kPkcs8 = 3;

const kNoBytes = new Uint8Array(0);

function importJwk(jwk, kind) {
  const publicKey = op_crypto_akp_import(kind, kPublic, secretFromBytes(requiredBytes(jwk, "pub")));
  if (jwk.priv === undefined) return publicKey;
  const key = op_crypto_akp_import(kind, kSeed, secretFromBytes(requiredBytes(jwk, "priv")));
  if (!op_crypto_akp_is_pair(key, publicKey)) {
    throw dataError("'pub' property of JsonWebKey does not belong to 'priv'");
  }
  return key;
}

function exportJwk(slots, name) {
  return makeJwk("AKP", slots, [
    "alg",
    name,
    "pub",
    encodeSecret(op_crypto_akp_export(kPublic, slots.handle)),
    "priv",
    slots.type === "private" ? encodeSecret(op_crypto_akp_export(kSeed, slots.handle)) : undefined,
  ]);
}

/** What all of them have in common. `use` is what a JSON Web Key may say it is for. */
function keyOperations(name, kind, use, allowed) {
  const described = { __proto__: null, name };
  const both = joined(allowed.public, allowed.private);
  return {
    __proto__: null,
    generateKey: {
      params: null,
      async run(_algorithm, extractable, usages) {
        checkUsages(usages, both);
        const handle = await op_crypto_akp_generate(kind);
        const publicUsages = commonUsages(usages, allowed.public);
        const privateUsages = commonUsages(usages, allowed.private);
        const publicHandle = op_crypto_akp_public_half(handle);
        return {
          publicKey: makeKey(publicHandle, "public", true, described, publicUsages),
          privateKey: makeKey(handle, "private", extractable, described, privateUsages),
        };
      },
    },
    importKey: {
      params: null,
      run(_algorithm, format, keyData, extractable, usages) {
        let type = "public";
        if (format === "pkcs8" || format === "raw-seed") type = "private";
        else if (format === "jwk" && keyData.priv !== undefined) type = "private";
        checkUsages(usages, allowed[type]);
        let handle;
        switch (format) {
          case "spki":
            handle = op_crypto_akp_import(kind, kSpki, keyData);
            break;
          case "pkcs8":
            handle = op_crypto_akp_import(kind, kPkcs8, keyData);
            break;
          case "raw-public":
            handle = op_crypto_akp_import(kind, kPublic, keyData);
            break;
          case "raw-seed":
            handle = op_crypto_akp_import(kind, kSeed, keyData);
            break;
          case "jwk":
            checkKeyType(keyData, "AKP");
            if (keyData.alg !== name) {
              throw dataError("'alg' property of JsonWebKey does not match the algorithm");
            }
            checkJwkUse(keyData, use, usages, extractable);
            handle = importJwk(keyData, kind);
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
            return op_crypto_akp_export(kSpki, slots.handle);
          case "pkcs8":
            requireType(slots, "private");
            return op_crypto_akp_export(kPkcs8, slots.handle);
          case "raw-public":
            requireType(slots, "public");
            return op_crypto_akp_export(kPublic, slots.handle);
          case "raw-seed":
            requireType(slots, "private");
            return op_crypto_akp_export(kSeed, slots.handle);
          case "jwk":
            return exportJwk(slots, name);
          default:
            throw unknownFormat(format, name);
        }
      },
    },
    "public half": { params: null, run: (slots) => op_crypto_akp_public_half(slots.handle) },
  };
}

const contextParams = parameters("ContextParams", [{ key: "context", converter: bufferSource }]);

/** The context, which has at most 255 bytes. */
function contextOf({ context = kNoBytes }) {
  if (TypedArrayPrototypeGetByteLength(context) > 255) {
    throw operationError("The context is longer than 255 bytes");
  }
  return context;
}

function signature(name, kind) {
  const allowed = { __proto__: null, public: ["verify"], private: ["sign"] };
  const operations = keyOperations(name, kind, "sig", allowed);
  operations.sign = {
    params: contextParams,
    check: contextOf,
    run(algorithm, slots, data) {
      requireType(slots, "private");
      return op_crypto_akp_sign(slots.handle, contextOf(algorithm), data);
    },
  };
  operations.verify = {
    params: contextParams,
    check: contextOf,
    run(algorithm, slots, given, data) {
      requireType(slots, "public");
      return op_crypto_akp_verify(slots.handle, contextOf(algorithm), given, data);
    },
  };
  registerAlgorithm(name, operations);
}

function encapsulation(name, kind) {
  const allowed = {
    __proto__: null,
    public: ["encapsulateKey", "encapsulateBits"],
    private: ["decapsulateKey", "decapsulateBits"],
  };
  const operations = keyOperations(name, kind, "enc", allowed);
  operations.encapsulate = {
    params: null,
    run(_algorithm, slots) {
      requireType(slots, "public");
      return op_crypto_akp_encapsulate(slots.handle);
    },
  };
  operations.decapsulate = {
    params: null,
    run(_algorithm, slots, ciphertext) {
      requireType(slots, "private");
      return op_crypto_akp_decapsulate(slots.handle, ciphertext);
    },
  };
  registerAlgorithm(name, operations);
}

encapsulation("ML-KEM-512", 0);
encapsulation("ML-KEM-768", 1);
encapsulation("ML-KEM-1024", 2);
signature("ML-DSA-44", 3);
signature("ML-DSA-65", 4);
signature("ML-DSA-87", 5);
