// Queuing strategies (https://streams.spec.whatwg.org/#qs). A size function of undefined stands for
// "always 1": most streams never call a function to measure a chunk.

import { primordials } from "rt:bootstrap/primordials.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import {
  configureInterface,
  illegalInvocation,
  isObject,
  makeException,
  requiredArguments,
  unrestrictedDouble,
} from "../web/webidl.js";

const { FunctionPrototypeCall, NumberIsNaN, RangeError } = primordials;

/** The `highWaterMark` of a QueuingStrategyInit, which is required. */
function requiredHighWaterMark(init, prefix) {
  if (init !== undefined && init !== null && !isObject(init)) {
    throw makeException(
      prefix,
      "Argument 1",
      "can not be converted to a dictionary",
      "ERR_INVALID_ARG_TYPE",
    );
  }
  const mark = init === undefined || init === null ? undefined : init.highWaterMark;
  if (mark === undefined) {
    throw makeException(
      prefix,
      "Argument 1",
      "can not be converted to 'QueuingStrategyInit' because 'highWaterMark' is required in " +
        "'QueuingStrategyInit'.",
      "ERR_MISSING_OPTION",
    );
  }
  return unrestrictedDouble(mark);
}

/** Methods rather than functions: a size function is no constructor. */
const sizes = {
  count: {
    size() {
      return 1;
    },
  }.size,
  byteLength: {
    size(chunk) {
      return chunk.byteLength;
    },
  }.size,
};

/** Every chunk counts as one. */
export class CountQueuingStrategy {
  #highWaterMark;

  constructor(init) {
    const prefix = "Failed to construct 'CountQueuingStrategy'";
    requiredArguments(arguments.length, 1, prefix);
    this.#highWaterMark = requiredHighWaterMark(init, prefix);
  }

  get highWaterMark() {
    if (!(#highWaterMark in this)) throw illegalInvocation();
    return this.#highWaterMark;
  }

  get size() {
    if (!(#highWaterMark in this)) throw illegalInvocation();
    return sizes.count;
  }

  [kInspect](inspect, options) {
    if (!(#highWaterMark in this)) return inspect({}, options);
    return inspectAs("CountQueuingStrategy", this, ["highWaterMark", "size"], inspect, options);
  }
}
configureInterface(CountQueuingStrategy);

/** A chunk counts as many as its `byteLength` says. */
export class ByteLengthQueuingStrategy {
  #highWaterMark;

  constructor(init) {
    const prefix = "Failed to construct 'ByteLengthQueuingStrategy'";
    requiredArguments(arguments.length, 1, prefix);
    this.#highWaterMark = requiredHighWaterMark(init, prefix);
  }

  get highWaterMark() {
    if (!(#highWaterMark in this)) throw illegalInvocation();
    return this.#highWaterMark;
  }

  get size() {
    if (!(#highWaterMark in this)) throw illegalInvocation();
    return sizes.byteLength;
  }

  [kInspect](inspect, options) {
    if (!(#highWaterMark in this)) return inspect({}, options);
    const keys = ["highWaterMark", "size"];
    return inspectAs("ByteLengthQueuingStrategy", this, keys, inspect, options);
  }
}
configureInterface(ByteLengthQueuingStrategy);

const kNone = { __proto__: null, highWaterMark: undefined, size: undefined };

/**
 * The QueuingStrategy dictionary: `{ highWaterMark, size }`, each undefined when absent, and `size`
 * also when it is that of CountQueuingStrategy.
 */
export function toStrategy(value, prefix, context) {
  if (value === undefined || value === null) return kNone;
  if (!isObject(value)) {
    throw makeException(
      prefix,
      context,
      "can not be converted to a dictionary",
      "ERR_INVALID_ARG_TYPE",
    );
  }
  let { highWaterMark } = value;
  if (highWaterMark !== undefined) highWaterMark = unrestrictedDouble(highWaterMark);
  const { size } = value;
  if (size !== undefined && typeof size !== "function") {
    throw makeException(prefix, `'size' of 'QueuingStrategy' (${context})`, "is not a function");
  }
  return { __proto__: null, highWaterMark, size };
}

/** "ExtractHighWaterMark". */
export function highWaterMarkOf(strategy, fallback) {
  const { highWaterMark } = strategy;
  if (highWaterMark === undefined) return fallback;
  if (NumberIsNaN(highWaterMark) || highWaterMark < 0) {
    throw new RangeError(`Invalid highWaterMark: ${highWaterMark}`);
  }
  return highWaterMark;
}

/** "ExtractSizeAlgorithm": a function of the chunk, or null for one that returns 1. */
export function sizeAlgorithmOf(strategy) {
  const { size } = strategy;
  if (size === undefined || size === sizes.count) return null;
  return (chunk) => unrestrictedDouble(FunctionPrototypeCall(size, undefined, chunk));
}

/** Throws unless a chunk's size is one that a queue can add up ("EnqueueValueWithSize"). */
export function checkSize(size) {
  if (!(size >= 0 && size < Infinity)) throw new RangeError(`Invalid chunk size: ${size}`);
}
