// Algorithm identifiers (https://w3c.github.io/webcrypto/#algorithm-normalization): which algorithms
// there are, and their parameters as records no script can change. Algorithms register here.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_crypto_copy_bytes } from "rt:ops/crypto_key";
import { joined } from "../web/lists.js";
import { bufferSource, dictionary, domString, isObject } from "../web/webidl.js";
import { notSupported } from "./errors.js";

const { ArrayPrototypePush, ReflectApply, StringPrototypeToUpperCase } = primordials;

// By name in capitals: {name, operations}; the operations by name: {params, …}.
const algorithms = { __proto__: null };

/** The member of every algorithm's dictionary. */
export const algorithmMembers = () => [{ key: "name", converter: domString, required: true }];

const algorithmDictionary = dictionary("Algorithm", algorithmMembers());

/**
 * Makes an algorithm known. `operations` maps operations ("encrypt", "importKey", …) to `{ params,
 * run, check }`: `params` is made by `parameters`, or null; `check`, which may be absent, throws
 * for parameters with which `run` would fail whatever the key and data. Call at module top level.
 */
export function registerAlgorithm(name, operations) {
  algorithms[StringPrototypeToUpperCase(name)] = { __proto__: null, name, operations };
}

/**
 * A dictionary of parameters that inherits from Algorithm. A member whose converter is
 * `bufferSource` is copied, one whose converter is `hashIdentifier` is normalized, after all of them
 * were read.
 */
export function parameters(name, ...chain) {
  const convert = ReflectApply(dictionary, undefined, joined([name, algorithmMembers()], chain));
  const buffers = [];
  const hashes = [];
  for (let i = 0; i < chain.length; i++) {
    for (let j = 0; j < chain[i].length; j++) {
      const { key, converter } = chain[i][j];
      if (converter === bufferSource) ArrayPrototypePush(buffers, key);
      if (converter === hashIdentifier) ArrayPrototypePush(hashes, key);
    }
  }
  return (value, prefix) => {
    const result = convert(value, prefix, "Argument 1");
    for (let i = 0; i < buffers.length; i++) {
      const key = buffers[i];
      if (result[key] !== undefined) result[key] = op_crypto_copy_bytes(result[key]);
    }
    for (let i = 0; i < hashes.length; i++) {
      const key = hashes[i];
      if (result[key] !== undefined) {
        const { name } = normalizeAlgorithm("digest", result[key], prefix);
        result[key] = { __proto__: null, name };
      }
    }
    return result;
  };
}

/** AlgorithmIdentifier: (object or DOMString). */
export function algorithmIdentifier(value) {
  return isObject(value) ? value : domString(value);
}

/** HashAlgorithmIdentifier; see `parameters`. */
export function hashIdentifier(value) {
  return algorithmIdentifier(value);
}

/** What a name means for an operation, or undefined. */
function find(operation, name) {
  const algorithm = algorithms[asciiUpper(name)];
  const entry = algorithm?.operations[operation];
  return entry === undefined ? undefined : { __proto__: null, name: algorithm.name, entry };
}

// toUpperCase would also take "ſ" for "S".
function asciiUpper(text) {
  let result = "";
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    result += c >= "a" && c <= "z" ? StringPrototypeToUpperCase(c) : c;
  }
  return result;
}

/**
 * Normalizes `identifier` for `operation`: a record with the algorithm's own name, its parameters
 * and `run`, the operation's implementation. Throws NotSupportedError, or what reading the
 * identifier throws.
 */
export function normalizeAlgorithm(operation, identifier, prefix) {
  const value = typeof identifier === "string" ? { __proto__: null, name: identifier } : identifier;
  const { name } = algorithmDictionary(value, prefix, "Argument 1");
  const found = find(operation, name);
  if (found === undefined) throw notSupported(`Algorithm '${name}' is not supported`);
  const { entry } = found;
  const normalized = entry.params === null ? { __proto__: null } : entry.params(value, prefix);
  normalized.name = found.name;
  normalized.run = entry.run;
  normalized.check = entry.check;
  return normalized;
}

/** The first of two operations that the identifier is good for, as `wrapKey` and `encrypt`. */
export function normalizeForEither(first, second, identifier, prefix) {
  let normalized;
  try {
    normalized = normalizeAlgorithm(first, identifier, prefix);
    normalized.operation = first;
  } catch {
    normalized = normalizeAlgorithm(second, identifier, prefix);
    normalized.operation = second;
  }
  return normalized;
}

/** The implementation of an operation for a key's own algorithm, or undefined. */
export function implementationOf(operation, name) {
  return find(operation, name)?.entry.run;
}
