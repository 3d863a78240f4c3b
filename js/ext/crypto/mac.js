// HMAC and KMAC keys (https://w3c.github.io/webcrypto/#hmac).

import { primordials } from "rt:bootstrap/primordials.js";
import { op_crypto_mac, op_crypto_mac_verify } from "rt:ops/crypto_subtle";
import {
  op_crypto_key_random,
  op_crypto_key_secret_size,
  op_crypto_key_truncate,
} from "rt:ops/crypto_key";
import { joined } from "../web/lists.js";
import { bufferSource, unsignedLong } from "../web/webidl.js";
import { makeKey } from "./crypto_key.js";
import { hashFacts, outputLengthMembers, outputSize } from "./digest.js";
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
import { hashIdentifier, parameters, registerAlgorithm } from "./normalize.js";
import { secretFromBytes } from "./secret.js";

const { TypeError, Uint8Array } = primordials;

const kUsages = ["sign", "verify"];
const kNoBytes = new Uint8Array(0);
const lengthMember = () => ({
  key: "length",
  converter: unsignedLong,
  options: { enforceRange: true },
});

/** A secret of `bits` bits; the rest of its last byte is zero. */
function generateSecret(bits) {
  const handle = op_crypto_key_random((bits - (bits % 8)) / 8 + (bits % 8 === 0 ? 0 : 1));
  return bits % 8 === 0 ? handle : op_crypto_key_truncate(handle, bits);
}

/** Checks the `length` of an import against the bytes there are: [handle, bits]. */
function checkedLength(handle, length) {
  const bits = op_crypto_key_secret_size(handle) * 8;
  if (bits === 0) throw dataError("Key length is zero");
  if (length === undefined || length === bits) return [handle, bits];
  if (length > bits || length <= bits - 8) throw dataError("Key length is invalid");
  return [op_crypto_key_truncate(handle, length), length];
}

function checkNotZero({ length }) {
  if (length === 0) throw operationError("Invalid length");
}

/** Operations of a kind of keys: `describe` makes the key's algorithm of parameters and bits. */
function macOperations(kind) {
  return {
    __proto__: null,
    sign: {
      params: kind.signParams,
      run: (algorithm, slots, data) =>
        op_crypto_mac(slots.handle, kind.request(algorithm, slots), data),
    },
    verify: {
      params: kind.signParams,
      run: (algorithm, slots, signature, data) =>
        op_crypto_mac_verify(slots.handle, kind.request(algorithm, slots), signature, data),
    },
    generateKey: {
      params: kind.keyParams,
      check: checkNotZero,
      run(algorithm, extractable, usages) {
        checkUsages(usages, kUsages);
        checkNotZero(algorithm);
        const length = algorithm.length ?? kind.defaultLength(algorithm);
        const described = kind.describe(algorithm, length);
        return makeKey(generateSecret(length), "secret", extractable, described, usages);
      },
    },
    importKey: {
      params: kind.keyParams,
      run(algorithm, format, keyData, extractable, usages) {
        checkUsages(usages, kUsages);
        let handle;
        if ((format === "raw" && kind.raw) || format === "raw-secret") {
          handle = keyData;
        } else if (format === "jwk") {
          checkKeyType(keyData, "oct");
          handle = secretFromBytes(requiredBytes(keyData, "k"));
          kind.checkAlgorithm(keyData, algorithm);
          checkJwkUse(keyData, "sig", usages, extractable);
        } else {
          throw unknownFormat(format, algorithm.name);
        }
        const checked = checkedLength(handle, algorithm.length);
        const described = kind.describe(algorithm, checked[1]);
        return makeKey(checked[0], "secret", extractable, described, usages);
      },
    },
    exportKey: {
      params: null,
      run(format, slots) {
        if ((format === "raw" && kind.raw) || format === "raw-secret") return slots.handle;
        if (format !== "jwk") throw unknownFormat(format, slots.algorithm.name);
        return makeJwk("oct", slots, [
          "k",
          encodeSecret(slots.handle),
          "alg",
          kind.jwkName(slots.algorithm),
        ]);
      },
    },
    "get key length": {
      params: kind.keyParams,
      run(algorithm) {
        const length = algorithm.length ?? kind.defaultLength(algorithm);
        if (length === 0) throw new TypeError("Invalid length");
        return length;
      },
    },
  };
}

registerAlgorithm(
  "HMAC",
  macOperations({
    raw: true,
    signParams: null,
    keyParams: parameters("HmacKeyGenParams", [
      { key: "hash", converter: hashIdentifier, required: true },
      lengthMember(),
    ]),
    defaultLength: ({ hash }) => hashFacts(hash).block,
    describe: ({ hash }, length) => ({ __proto__: null, name: "HMAC", hash, length }),
    request: (_algorithm, { algorithm }) => ({
      kmac: false,
      hash: hashFacts(algorithm.hash).id,
      bits: 0,
      size: 0,
      customization: kNoBytes,
    }),
    jwkName({ hash }) {
      const { jwk } = hashFacts(hash);
      return jwk === undefined ? undefined : `HS${jwk}`;
    },
    checkAlgorithm(jwk, { hash }) {
      const name = hashFacts(hash).jwk;
      if (name !== undefined) checkJwkAlgorithm(jwk, [`HS${name}`]);
    },
  }),
);

const kmac = (bits) =>
  registerAlgorithm(
    `KMAC${bits}`,
    macOperations({
      raw: false,
      signParams: parameters(
        "KmacParams",
        joined(outputLengthMembers(), [{ key: "customization", converter: bufferSource }]),
      ),
      keyParams: parameters("KmacKeyGenParams", [lengthMember()]),
      defaultLength: () => bits,
      describe: (_algorithm, length) => ({ __proto__: null, name: `KMAC${bits}`, length }),
      request(algorithm) {
        const { customization } = algorithm;
        return {
          kmac: true,
          hash: 0,
          bits,
          size: outputSize(algorithm),
          customization: customization ?? kNoBytes,
        };
      },
      jwkName: () => `K${bits}`,
      checkAlgorithm: (jwk) => checkJwkAlgorithm(jwk, [`K${bits}`]),
    }),
  );
kmac(128);
kmac(256);
