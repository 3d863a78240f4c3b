// AES in its modes and ChaCha20-Poly1305 (https://w3c.github.io/webcrypto/#aes-ctr and what follows
// there).

import { primordials } from "rt:bootstrap/primordials.js";
import { op_crypto_cipher } from "rt:ops/crypto_subtle";
import { op_crypto_key_random, op_crypto_key_secret_size } from "rt:ops/crypto_key";
import { bufferSource, octet, unsignedShort } from "../web/webidl.js";
import { makeKey } from "./crypto_key.js";
import { dataError, operationError } from "./errors.js";
import {
  checkJwkAlgorithm,
  checkJwkUse,
  checkKeyType,
  encodeSecret,
  makeJwk,
  requiredBytes,
} from "./jwk.js";
import { checkUsages, unknownFormat } from "./key_rules.js";
import { parameters, registerAlgorithm } from "./normalize.js";
import { secretFromBytes } from "./secret.js";

const { ArrayPrototypeIncludes, TypedArrayPrototypeGetByteLength, Uint8Array } = primordials;

const kCipherUsages = ["encrypt", "decrypt", "wrapKey", "unwrapKey"];
const kWrapUsages = ["wrapKey", "unwrapKey"];
const kNoBytes = new Uint8Array(0);
const enforceRange = { enforceRange: true };

// The modes as C++ numbers them.
const kModes = { __proto__: null, CBC: 0, CTR: 1, GCM: 2, KW: 3, OCB: 4, ChaCha: 5 };

const lengthParams = parameters("AesKeyGenParams", [
  { key: "length", converter: unsignedShort, options: enforceRange, required: true },
]);

const aeadParams = (name) =>
  parameters(name, [
    { key: "iv", converter: bufferSource, required: true },
    { key: "additionalData", converter: bufferSource },
    { key: "tagLength", converter: octet, options: enforceRange },
  ]);

function isKeyLength(bits) {
  return bits === 128 || bits === 192 || bits === 256;
}

function checkKeyLength({ length }) {
  if (!isKeyLength(length)) throw operationError("Invalid AES key length");
  return length;
}

function request(mode, encrypt, asKey, iv) {
  return {
    mode,
    encrypt,
    asKey,
    iv,
    additionalData: kNoBytes,
    tagSize: 16,
    counterBits: 128,
  };
}

const modes = {
  __proto__: null,
  CBC: {
    params: parameters("AesCbcParams", [{ key: "iv", converter: bufferSource, required: true }]),
    check({ iv }) {
      if (TypedArrayPrototypeGetByteLength(iv) !== 16) {
        throw operationError("Initialization vector must be 16 bytes");
      }
    },
    run(algorithm, slots, data, encrypt, asKey) {
      return op_crypto_cipher(
        slots.handle,
        request(kModes.CBC, encrypt, asKey, algorithm.iv),
        data,
      );
    },
  },
  CTR: {
    params: parameters("AesCtrParams", [
      { key: "counter", converter: bufferSource, required: true },
      { key: "length", converter: octet, options: enforceRange, required: true },
    ]),
    check({ counter, length }) {
      if (TypedArrayPrototypeGetByteLength(counter) !== 16) {
        throw operationError("Counter must be 16 bytes");
      }
      if (length === 0 || length > 128) {
        throw operationError("Counter length must be from 1 to 128 bits");
      }
    },
    run(algorithm, slots, data, encrypt, asKey) {
      const counting = request(kModes.CTR, encrypt, asKey, algorithm.counter);
      counting.counterBits = algorithm.length;
      return op_crypto_cipher(slots.handle, counting, data);
    },
  },
  GCM: {
    params: aeadParams("AesGcmParams"),
    check: ({ tagLength }) => checkTag(tagLength, [32, 64, 96, 104, 112, 120, 128]),
    run: (algorithm, slots, data, encrypt, asKey) =>
      runAuthenticated(kModes.GCM, algorithm, slots, data, encrypt, asKey),
  },
  OCB: {
    params: aeadParams("AeadParams"),
    check({ iv, tagLength }) {
      const size = TypedArrayPrototypeGetByteLength(iv);
      if (size === 0 || size > 15) {
        throw operationError("Initialization vector must be from 1 to 15 bytes");
      }
      checkTag(tagLength, [64, 96, 128]);
    },
    run: (algorithm, slots, data, encrypt, asKey) =>
      runAuthenticated(kModes.OCB, algorithm, slots, data, encrypt, asKey),
  },
  ChaCha: {
    params: aeadParams("AeadParams"),
    check({ iv, tagLength }) {
      if (TypedArrayPrototypeGetByteLength(iv) !== 12) {
        throw operationError("Initialization vector must be 12 bytes");
      }
      checkTag(tagLength, [128]);
    },
    run: (algorithm, slots, data, encrypt, asKey) =>
      runAuthenticated(kModes.ChaCha, algorithm, slots, data, encrypt, asKey),
  },
  KW: {
    params: null,
    check() {},
    run: (_algorithm, slots, data, encrypt, asKey) =>
      op_crypto_cipher(slots.handle, request(kModes.KW, encrypt, asKey, kNoBytes), data),
  },
};

function checkTag(tagLength, allowed) {
  if (tagLength !== undefined && !ArrayPrototypeIncludes(allowed, tagLength)) {
    throw operationError("Invalid tag length");
  }
}

function runAuthenticated(mode, algorithm, slots, data, encrypt, asKey) {
  const { iv, additionalData = kNoBytes, tagLength = 128 } = algorithm;
  const asked = request(mode, encrypt, asKey, iv);
  asked.additionalData = additionalData;
  asked.tagSize = tagLength / 8;
  return op_crypto_cipher(slots.handle, asked, data);
}

/**
 * Registers a cipher. `raw`: whether the format "raw" is there beside "raw-secret"; `fixed`: the key
 * length of one that has no choice, and then its JWK name.
 */
function registerCipher(name, mode, { raw = true, fixed = undefined, jwk = undefined } = {}) {
  const { params, check, run } = modes[mode];
  const usages = mode === "KW" ? kWrapUsages : kCipherUsages;
  const described = (length) =>
    fixed === undefined ? { __proto__: null, name, length } : { __proto__: null, name };
  const jwkName = (length) => jwk ?? `A${length}${mode}`;
  const isRaw = (format) => (format === "raw" && raw) || format === "raw-secret";
  const keyParams = fixed === undefined ? lengthParams : null;
  const encrypt = {
    params,
    check,
    run(algorithm, slots, data) {
      check(algorithm);
      return run(algorithm, slots, data, true, false);
    },
  };
  const decrypt = {
    params,
    check,
    run(algorithm, slots, data, asKey = false) {
      check(algorithm);
      return run(algorithm, slots, data, false, asKey);
    },
  };
  registerAlgorithm(name, {
    __proto__: null,
    [mode === "KW" ? "wrapKey" : "encrypt"]: encrypt,
    [mode === "KW" ? "unwrapKey" : "decrypt"]: decrypt,
    generateKey: {
      params: keyParams,
      check: (algorithm) => fixed ?? checkKeyLength(algorithm),
      run(algorithm, extractable, keyUsages) {
        checkUsages(keyUsages, usages);
        const length = fixed ?? checkKeyLength(algorithm);
        const handle = op_crypto_key_random(length / 8);
        return makeKey(handle, "secret", extractable, described(length), keyUsages);
      },
    },
    importKey: {
      params: null,
      run(_algorithm, format, keyData, extractable, keyUsages) {
        checkUsages(keyUsages, usages);
        let handle = keyData;
        if (format === "jwk") {
          checkKeyType(keyData, "oct");
          handle = secretFromBytes(requiredBytes(keyData, "k"));
        } else if (!isRaw(format)) {
          throw unknownFormat(format, name);
        }
        const length = op_crypto_key_secret_size(handle) * 8;
        if (fixed === undefined ? !isKeyLength(length) : length !== fixed) {
          throw dataError("Invalid key length");
        }
        if (format === "jwk") {
          checkJwkAlgorithm(keyData, [jwkName(length)]);
          checkJwkUse(keyData, "enc", keyUsages, extractable);
        }
        return makeKey(handle, "secret", extractable, described(length), keyUsages);
      },
    },
    exportKey: {
      params: null,
      run(format, slots) {
        if (isRaw(format)) return slots.handle;
        if (format !== "jwk") throw unknownFormat(format, name);
        const { length } = slots.algorithm;
        return makeJwk("oct", slots, ["k", encodeSecret(slots.handle), "alg", jwkName(length)]);
      },
    },
    "get key length": {
      params: keyParams,
      check: (algorithm) => fixed ?? checkKeyLength(algorithm),
      run: (algorithm) => fixed ?? checkKeyLength(algorithm),
    },
  });
}

registerCipher("AES-CBC", "CBC");
registerCipher("AES-CTR", "CTR");
registerCipher("AES-GCM", "GCM");
registerCipher("AES-KW", "KW");
registerCipher("AES-OCB", "OCB", { raw: false });
registerCipher("ChaCha20-Poly1305", "ChaCha", { raw: false, fixed: 256, jwk: "C20P" });
