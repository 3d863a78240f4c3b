// SubtleCrypto (https://w3c.github.io/webcrypto/#subtlecrypto-interface): the methods, which check
// everything that can be checked and copy everything a script could change before they return.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_crypto_key_export_secret, op_crypto_key_public_half } from "rt:ops/crypto_key";
import { withCaller } from "../io/async_error.js";
import { kInspect } from "../web/inspect_as.js";
import {
  boolean,
  bufferSource,
  configureInterface,
  domString,
  enumeration,
  illegalConstructor,
  illegalInvocation,
  isArrayBuffer,
  isSharedArrayBuffer,
  kConstruct,
  makeException,
  nullable,
  requiredArguments,
  sequence,
  unsignedLong,
} from "../web/webidl.js";
import "./algorithms.js";
import { cryptoKeyType, isCryptoKey, keyUsage, makeKey, slotsOf } from "./crypto_key.js";
import { invalidAccess, notSupported, syntaxError } from "./errors.js";
import { checkUsages } from "./key_rules.js";
import { jsonWebKey, jwkFromBytes, jwkToBytes } from "./jwk.js";
import {
  algorithmIdentifier,
  implementationOf,
  normalizeAlgorithm,
  normalizeForEither,
} from "./normalize.js";
import { secretFromBytes } from "./secret.js";
import { isSupported, publicUsages } from "./supports.js";

const { ArrayBufferIsView, ArrayPrototypeIncludes } = primordials;

const keyFormat = enumeration("KeyFormat", [
  "raw",
  "raw-public",
  "raw-secret",
  "raw-seed",
  "spki",
  "pkcs8",
  "jwk",
]);
const keyUsages = sequence(keyUsage);
const optionalLength = nullable(unsignedLong);

/** InvalidAccessError unless the key is of the algorithm and may be used so. */
function checkKey(normalized, slots, usage) {
  if (normalized.name !== slots.algorithm.name) {
    throw invalidAccess(`Algorithm '${normalized.name}' does not match the key's algorithm`);
  }
  checkUsage(slots, usage);
}

function checkUsage(slots, usage) {
  if (!ArrayPrototypeIncludes(slots.usages, usage)) {
    throw invalidAccess(`Key does not support the '${usage}' operation`);
  }
}

/** A secret or private key that is good for nothing is refused. */
function requireUsages(key) {
  const { type, usages } = slotsOf(key);
  if (type !== "public" && usages.length === 0) throw syntaxError("Key usages are empty");
  return key;
}

/** What importKey takes besides a format: bytes as a handle, or a JsonWebKey. */
function importNormalized(format, keyData, algorithm, extractable, usages) {
  return requireUsages(algorithm.run(algorithm, format, keyData, extractable, usages));
}

/** The exported form: a handle of bytes, or a JsonWebKey. */
function exportSlots(format, slots) {
  const run = implementationOf("exportKey", slots.algorithm.name);
  if (run === undefined) throw notSupported(`${slots.algorithm.name} keys cannot be exported`);
  if (!slots.extractable) throw invalidAccess("Key is not extractable");
  return run(format, slots);
}

function isBufferSource(value) {
  return ArrayBufferIsView(value) || isArrayBuffer(value) || isSharedArrayBuffer(value);
}

/** The prefix of messages, once the receiver and the number of arguments are known to be right. */
function begin(subtle, method, length, required) {
  if (!isSubtle(subtle)) throw illegalInvocation();
  const prefix = `Failed to execute '${method}' on 'SubtleCrypto'`;
  requiredArguments(length, required, prefix);
  return prefix;
}

let isSubtle;

export class SubtleCrypto {
  #brand;

  constructor(key = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
  }

  static {
    isSubtle = (value) => typeof value === "object" && value !== null && #brand in value;
  }

  /**
   * Whether an operation works with these parameters. `third` is the length of deriveBits, or the
   * algorithm of the key that is derived, wrapped or unwrapped.
   */
  static supports(operation, algorithm, third = null) {
    const prefix = "Failed to execute 'supports' on 'SubtleCrypto'";
    requiredArguments(arguments.length, 2, prefix);
    operation = domString(operation);
    algorithm = algorithmIdentifier(algorithm);
    if (third !== null && typeof third !== "number") third = algorithmIdentifier(third);
    return isSupported(operation, algorithm, third, prefix);
  }

  /** Encrypts data. */
  async encrypt(algorithm, key, data) {
    const prefix = begin(this, "encrypt", arguments.length, 3);
    algorithm = algorithmIdentifier(algorithm);
    key = slotsOf(cryptoKeyType(key, prefix, "Argument 2"));
    data = bufferSource(data, prefix, "Argument 3");
    const normalized = normalizeAlgorithm("encrypt", algorithm, prefix);
    checkKey(normalized, key, "encrypt");
    try {
      return await normalized.run(normalized, key, data);
    } catch (error) {
      throw withCaller(error, encrypt);
    }
  }

  /** Decrypts data; OperationError if it is not what was encrypted. */
  async decrypt(algorithm, key, data) {
    const prefix = begin(this, "decrypt", arguments.length, 3);
    algorithm = algorithmIdentifier(algorithm);
    key = slotsOf(cryptoKeyType(key, prefix, "Argument 2"));
    data = bufferSource(data, prefix, "Argument 3");
    const normalized = normalizeAlgorithm("decrypt", algorithm, prefix);
    checkKey(normalized, key, "decrypt");
    try {
      return await normalized.run(normalized, key, data);
    } catch (error) {
      throw withCaller(error, decrypt);
    }
  }

  /** Makes a signature or message authentication code. */
  async sign(algorithm, key, data) {
    const prefix = begin(this, "sign", arguments.length, 3);
    algorithm = algorithmIdentifier(algorithm);
    key = slotsOf(cryptoKeyType(key, prefix, "Argument 2"));
    data = bufferSource(data, prefix, "Argument 3");
    const normalized = normalizeAlgorithm("sign", algorithm, prefix);
    checkKey(normalized, key, "sign");
    try {
      return await normalized.run(normalized, key, data);
    } catch (error) {
      throw withCaller(error, sign);
    }
  }

  /** Whether a signature is right. */
  async verify(algorithm, key, signature, data) {
    const prefix = begin(this, "verify", arguments.length, 4);
    algorithm = algorithmIdentifier(algorithm);
    key = slotsOf(cryptoKeyType(key, prefix, "Argument 2"));
    signature = bufferSource(signature, prefix, "Argument 3");
    data = bufferSource(data, prefix, "Argument 4");
    const normalized = normalizeAlgorithm("verify", algorithm, prefix);
    checkKey(normalized, key, "verify");
    try {
      return await normalized.run(normalized, key, signature, data);
    } catch (error) {
      throw withCaller(error, verify);
    }
  }

  /** The hash of data. */
  async digest(algorithm, data) {
    const prefix = begin(this, "digest", arguments.length, 2);
    algorithm = algorithmIdentifier(algorithm);
    data = bufferSource(data, prefix, "Argument 2");
    const normalized = normalizeAlgorithm("digest", algorithm, prefix);
    try {
      return await normalized.run(normalized, data);
    } catch (error) {
      throw withCaller(error, digest);
    }
  }

  /** A new secret key, or a pair of a private and a public key. */
  async generateKey(algorithm, extractable, usages) {
    const prefix = begin(this, "generateKey", arguments.length, 3);
    algorithm = algorithmIdentifier(algorithm);
    extractable = boolean(extractable);
    usages = keyUsages(usages, prefix, "Argument 3");
    const normalized = normalizeAlgorithm("generateKey", algorithm, prefix);
    let made;
    try {
      made = await normalized.run(normalized, extractable, usages);
    } catch (error) {
      throw withCaller(error, generateKey);
    }
    requireUsages(isCryptoKey(made) ? made : made.privateKey);
    return made;
  }

  /** A key made of what is derived from another. */
  async deriveKey(algorithm, baseKey, derivedKeyType, extractable, usages) {
    const prefix = begin(this, "deriveKey", arguments.length, 5);
    algorithm = algorithmIdentifier(algorithm);
    baseKey = slotsOf(cryptoKeyType(baseKey, prefix, "Argument 2"));
    derivedKeyType = algorithmIdentifier(derivedKeyType);
    extractable = boolean(extractable);
    usages = keyUsages(usages, prefix, "Argument 5");
    const normalized = normalizeAlgorithm("deriveBits", algorithm, prefix);
    const target = normalizeAlgorithm("importKey", derivedKeyType, prefix);
    const sized = normalizeAlgorithm("get key length", derivedKeyType, prefix);
    checkKey(normalized, baseKey, "deriveKey");
    const length = sized.run(sized);
    let secret;
    try {
      secret = await normalized.run(normalized, baseKey, length);
    } catch (error) {
      throw withCaller(error, deriveKey);
    }
    return importNormalized("raw-secret", secret, target, extractable, usages);
  }

  /** Bits derived from a key. */
  async deriveBits(algorithm, baseKey, length = null) {
    const prefix = begin(this, "deriveBits", arguments.length, 2);
    algorithm = algorithmIdentifier(algorithm);
    baseKey = slotsOf(cryptoKeyType(baseKey, prefix, "Argument 2"));
    length = optionalLength(length, prefix, "Argument 3");
    const normalized = normalizeAlgorithm("deriveBits", algorithm, prefix);
    checkKey(normalized, baseKey, "deriveBits");
    try {
      return op_crypto_key_export_secret(await normalized.run(normalized, baseKey, length));
    } catch (error) {
      throw withCaller(error, deriveBits);
    }
  }

  /** A CryptoKey of a key in one of its outer forms. */
  async importKey(format, keyData, algorithm, extractable, usages) {
    const prefix = begin(this, "importKey", arguments.length, 5);
    format = keyFormat(format, prefix, "Argument 1");
    const isBuffer = isBufferSource(keyData);
    keyData = isBuffer
      ? bufferSource(keyData, prefix, "Argument 2")
      : jsonWebKey(keyData, prefix, "Argument 2");
    algorithm = algorithmIdentifier(algorithm);
    extractable = boolean(extractable);
    usages = keyUsages(usages, prefix, "Argument 5");
    const normalized = normalizeAlgorithm("importKey", algorithm, prefix);
    if (isBuffer === (format === "jwk")) {
      throw makeException(
        prefix,
        "Argument 2",
        isBuffer ? "is not a JsonWebKey" : "is not an ArrayBuffer or a view on one",
      );
    }
    const source = isBuffer ? secretFromBytes(keyData) : keyData;
    return importNormalized(format, source, normalized, extractable, usages);
  }

  /** An outer form of a key that is extractable. */
  async exportKey(format, key) {
    const prefix = begin(this, "exportKey", arguments.length, 2);
    format = keyFormat(format, prefix, "Argument 1");
    key = slotsOf(cryptoKeyType(key, prefix, "Argument 2"));
    const exported = exportSlots(format, key);
    return format === "jwk" ? exported : op_crypto_key_export_secret(exported);
  }

  /** Exports a key and encrypts that. */
  async wrapKey(format, key, wrappingKey, wrapAlgorithm) {
    const prefix = begin(this, "wrapKey", arguments.length, 4);
    format = keyFormat(format, prefix, "Argument 1");
    key = slotsOf(cryptoKeyType(key, prefix, "Argument 2"));
    wrappingKey = slotsOf(cryptoKeyType(wrappingKey, prefix, "Argument 3"));
    wrapAlgorithm = algorithmIdentifier(wrapAlgorithm);
    const normalized = normalizeForEither("wrapKey", "encrypt", wrapAlgorithm, prefix);
    checkKey(normalized, wrappingKey, "wrapKey");
    const exported = exportSlots(format, key);
    const bytes = format === "jwk" ? jwkToBytes(exported) : op_crypto_key_export_secret(exported);
    try {
      return await normalized.run(normalized, wrappingKey, bytes);
    } catch (error) {
      throw withCaller(error, wrapKey);
    }
  }

  /** Decrypts a key and imports it; its bytes are never seen. */
  async unwrapKey(
    format,
    wrappedKey,
    unwrappingKey,
    unwrapAlgorithm,
    unwrappedKeyAlgorithm,
    extractable,
    usages,
  ) {
    const prefix = begin(this, "unwrapKey", arguments.length, 7);
    format = keyFormat(format, prefix, "Argument 1");
    wrappedKey = bufferSource(wrappedKey, prefix, "Argument 2");
    unwrappingKey = slotsOf(cryptoKeyType(unwrappingKey, prefix, "Argument 3"));
    unwrapAlgorithm = algorithmIdentifier(unwrapAlgorithm);
    unwrappedKeyAlgorithm = algorithmIdentifier(unwrappedKeyAlgorithm);
    extractable = boolean(extractable);
    usages = keyUsages(usages, prefix, "Argument 7");
    const normalized = normalizeForEither("unwrapKey", "decrypt", unwrapAlgorithm, prefix);
    const target = normalizeAlgorithm("importKey", unwrappedKeyAlgorithm, prefix);
    checkKey(normalized, unwrappingKey, "unwrapKey");
    let secret;
    try {
      secret = await normalized.run(normalized, unwrappingKey, wrappedKey, true);
    } catch (error) {
      throw withCaller(error, unwrapKey);
    }
    const source = format === "jwk" ? jwkFromBytes(op_crypto_key_export_secret(secret)) : secret;
    return importNormalized(format, source, target, extractable, usages);
  }

  /** The public key of a private key. */
  async getPublicKey(key, usages) {
    const prefix = begin(this, "getPublicKey", arguments.length, 2);
    key = slotsOf(cryptoKeyType(key, prefix, "Argument 1"));
    usages = keyUsages(usages, prefix, "Argument 2");
    if (key.type === "secret") throw notSupported("A secret key has no public key");
    if (key.type !== "private") throw invalidAccess("Key is not a private key");
    const { algorithm } = key;
    checkUsages(usages, publicUsages(algorithm.name));
    const half = implementationOf("public half", algorithm.name);
    const handle = half === undefined ? op_crypto_key_public_half(key.handle) : half(key);
    return makeKey(handle, "public", true, algorithm, usages);
  }

  /** A new secret for the owner of a public key: as a key, and the ciphertext to send. */
  async encapsulateKey(algorithm, key, sharedKeyAlgorithm, extractable, usages) {
    const prefix = begin(this, "encapsulateKey", arguments.length, 5);
    algorithm = algorithmIdentifier(algorithm);
    key = slotsOf(cryptoKeyType(key, prefix, "Argument 2"));
    sharedKeyAlgorithm = algorithmIdentifier(sharedKeyAlgorithm);
    extractable = boolean(extractable);
    usages = keyUsages(usages, prefix, "Argument 5");
    const normalized = normalizeAlgorithm("encapsulate", algorithm, prefix);
    const target = normalizeAlgorithm("importKey", sharedKeyAlgorithm, prefix);
    checkKey(normalized, key, "encapsulateKey");
    const { secret, ciphertext } = normalized.run(normalized, key);
    return {
      sharedKey: importNormalized("raw-secret", secret, target, extractable, usages),
      ciphertext,
    };
  }

  /** A new secret for the owner of a public key: its bytes, and the ciphertext to send. */
  async encapsulateBits(algorithm, key) {
    const prefix = begin(this, "encapsulateBits", arguments.length, 2);
    algorithm = algorithmIdentifier(algorithm);
    key = slotsOf(cryptoKeyType(key, prefix, "Argument 2"));
    const normalized = normalizeAlgorithm("encapsulate", algorithm, prefix);
    checkKey(normalized, key, "encapsulateBits");
    const { secret, ciphertext } = normalized.run(normalized, key);
    return { sharedKey: op_crypto_key_export_secret(secret), ciphertext };
  }

  /** The secret in a ciphertext, as a key. */
  async decapsulateKey(algorithm, key, ciphertext, sharedKeyAlgorithm, extractable, usages) {
    const prefix = begin(this, "decapsulateKey", arguments.length, 6);
    algorithm = algorithmIdentifier(algorithm);
    key = slotsOf(cryptoKeyType(key, prefix, "Argument 2"));
    ciphertext = bufferSource(ciphertext, prefix, "Argument 3");
    sharedKeyAlgorithm = algorithmIdentifier(sharedKeyAlgorithm);
    extractable = boolean(extractable);
    usages = keyUsages(usages, prefix, "Argument 6");
    const normalized = normalizeAlgorithm("decapsulate", algorithm, prefix);
    const target = normalizeAlgorithm("importKey", sharedKeyAlgorithm, prefix);
    checkKey(normalized, key, "decapsulateKey");
    const secret = normalized.run(normalized, key, ciphertext);
    return importNormalized("raw-secret", secret, target, extractable, usages);
  }

  /** The secret in a ciphertext: its bytes. */
  async decapsulateBits(algorithm, key, ciphertext) {
    const prefix = begin(this, "decapsulateBits", arguments.length, 3);
    algorithm = algorithmIdentifier(algorithm);
    key = slotsOf(cryptoKeyType(key, prefix, "Argument 2"));
    ciphertext = bufferSource(ciphertext, prefix, "Argument 3");
    const normalized = normalizeAlgorithm("decapsulate", algorithm, prefix);
    checkKey(normalized, key, "decapsulateBits");
    return op_crypto_key_export_secret(normalized.run(normalized, key, ciphertext));
  }

  [kInspect](inspect, options) {
    if (!isSubtle(this)) return inspect({}, options);
    return `SubtleCrypto ${inspect({}, options)}`;
  }
}
configureInterface(SubtleCrypto);

// For stack traces: frames above these are rt's own.
const {
  encrypt,
  decrypt,
  sign,
  verify,
  digest,
  generateKey,
  deriveKey,
  deriveBits,
  wrapKey,
  unwrapKey,
} = SubtleCrypto.prototype;

/** The only instance. */
export const subtle = new SubtleCrypto(kConstruct);
