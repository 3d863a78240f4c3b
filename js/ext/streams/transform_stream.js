// TransformStream and its controller (https://streams.spec.whatwg.org/#ts-class): the classes
// scripts see.

import { primordials } from "rt:bootstrap/primordials.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import {
  configureInterface,
  illegalConstructor,
  illegalInvocation,
  isObject,
  kConstruct,
  makeException,
  object,
} from "../web/webidl.js";
import { asResult } from "./promises.js";
import { highWaterMarkOf, sizeAlgorithmOf, toStrategy } from "./strategies.js";
import { ScriptTransformer, Transform, wrappers } from "./transform.js";

const { FunctionPrototypeCall, RangeError } = primordials;

/** A member of a transformer that must be a function. */
function callback(value, name, prefix) {
  if (value !== undefined && typeof value !== "function") {
    throw makeException(prefix, `'${name}' of 'Transformer' (Argument 1)`, "is not a function");
  }
  return value;
}

function setUp(transformer, writableStrategy, readableStrategy, prefix) {
  let cancel;
  let flush;
  let start;
  let transform;
  if (transformer !== null) {
    cancel = callback(transformer.cancel, "cancel", prefix);
    flush = callback(transformer.flush, "flush", prefix);
    const { readableType } = transformer;
    start = callback(transformer.start, "start", prefix);
    transform = callback(transformer.transform, "transform", prefix);
    const { writableType } = transformer;
    if (readableType !== undefined) {
      throw new RangeError(`${prefix}: readableType transformers not supported.`);
    }
    if (writableType !== undefined) {
      throw new RangeError(`${prefix}: writableType transformers not supported.`);
    }
  }
  const readableMark = highWaterMarkOf(readableStrategy, 0);
  const readableSize = sizeAlgorithmOf(readableStrategy);
  const writableMark = highWaterMarkOf(writableStrategy, 1);
  const writableSize = sizeAlgorithmOf(writableStrategy);
  const inner = new Transform(
    new ScriptTransformer(transformer, transform, flush, cancel),
    writableMark,
    writableSize,
    readableMark,
    readableSize,
  );
  inner.start(
    start === undefined
      ? undefined
      : asResult(FunctionPrototypeCall(start, transformer, inner.controller)),
  );
  return inner;
}

let transformOf; // what is behind a TransformStream; undefined for anything else

/** A pair of streams: what is written to one can be read, transformed, from the other. */
export class TransformStream {
  #transform;

  // Built-in code passes kConstruct and an object that has a Readable and a Writable.
  constructor(transformer = undefined, writableStrategy = undefined, readableStrategy = undefined) {
    if (transformer === kConstruct) {
      this.#transform = writableStrategy;
      return;
    }
    const prefix = "Failed to construct 'TransformStream'";
    if (transformer !== undefined) object(transformer, prefix, "Argument 1");
    const writable = toStrategy(writableStrategy, prefix, "Argument 2");
    const readable = toStrategy(readableStrategy, prefix, "Argument 3");
    this.#transform = setUp(transformer ?? null, writable, readable, prefix);
  }

  static {
    transformOf = (value) => (#transform in value ? value.#transform : undefined);
  }

  get readable() {
    if (!(#transform in this)) throw illegalInvocation();
    return this.#transform.readable.object;
  }

  get writable() {
    if (!(#transform in this)) throw illegalInvocation();
    return this.#transform.writable.object;
  }

  [kInspect](inspect, options) {
    if (!(#transform in this)) return inspect({}, options);
    return inspectAs("TransformStream", this, ["readable", "writable"], inspect, options);
  }
}
configureInterface(TransformStream);

/** Built-in code: what is behind a TransformStream, with its Readable and Writable, or undefined. */
export function toTransform(value) {
  return isObject(value) ? transformOf(value) : undefined;
}

/** Built-in code: a TransformStream of two sides that were made elsewhere. */
export function makeTransformStream(readable, writable) {
  return new TransformStream(kConstruct, { __proto__: null, readable, writable });
}

/** Controls a transform stream. */
export class TransformStreamDefaultController {
  #transform;

  constructor(key = undefined, transform = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#transform = transform;
  }

  get desiredSize() {
    if (!(#transform in this)) throw illegalInvocation();
    return this.#transform.desiredSize;
  }

  enqueue(chunk = undefined) {
    if (!(#transform in this)) throw illegalInvocation();
    this.#transform.enqueue(chunk);
  }

  error(reason = undefined) {
    if (!(#transform in this)) throw illegalInvocation();
    this.#transform.error(reason);
  }

  terminate() {
    if (!(#transform in this)) throw illegalInvocation();
    this.#transform.terminate();
  }

  [kInspect](inspect, options) {
    if (!(#transform in this)) return inspect({}, options);
    return inspectAs("TransformStreamDefaultController", this, ["desiredSize"], inspect, options);
  }
}
configureInterface(TransformStreamDefaultController);
wrappers.controller = (transform) => new TransformStreamDefaultController(kConstruct, transform);
