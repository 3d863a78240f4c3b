// ReadableStream (https://streams.spec.whatwg.org/#rs-class): the class scripts see. What it does
// is in readable.js, the controllers, tee.js and pipe.js.

import { primordials } from "rt:bootstrap/primordials.js";
import { isAbortSignal } from "../web/abort.js";
import { inspectAs, kInspect, shownName } from "../web/inspect_as.js";
import {
  configureInterface,
  illegalInvocation,
  isObject,
  kConstruct,
  makeException,
  object,
  requiredArguments,
  unsignedLongLong,
} from "../web/webidl.js";
import { byteTee } from "./byte_tee.js";
import { ByteController } from "./byte_controller.js";
import { DefaultController, ScriptSource } from "./default_controller.js";
import { readableFrom } from "./from.js";
import { makeIterator } from "./iterator.js";
import { pipe } from "./pipe.js";
import { asResult, quiet, toUndefinedPromise } from "./promises.js";
import { acquireReader, cancelStream, Readable, wrappers } from "./readable.js";
import { ReadableStreamBYOBReader, ReadableStreamDefaultReader } from "./readers.js";
import { highWaterMarkOf, sizeAlgorithmOf, toStrategy } from "./strategies.js";
import { tee } from "./tee.js";
import { toWritable } from "./writable_stream.js";

const {
  FunctionPrototypeCall,
  ObjectDefineProperty,
  PromiseReject,
  RangeError,
  SymbolAsyncIterator,
  TypeError,
} = primordials;

function notDictionary(prefix, context) {
  return makeException(
    prefix,
    context,
    "can not be converted to a dictionary",
    "ERR_INVALID_ARG_TYPE",
  );
}

/** A member of a source that must be a function. */
function callback(value, name, prefix) {
  if (value !== undefined && typeof value !== "function") {
    const context = `'${name}' of 'UnderlyingSource' (Argument 1)`;
    throw makeException(prefix, context, "is not a function");
  }
  return value;
}

const kEnforceRange = { __proto__: null, enforceRange: true };

/** Sets up `stream` from what a script passed to the constructor. */
function setUp(stream, source, strategy, prefix) {
  let autoAllocate;
  let start;
  let pull;
  let cancel;
  let type;
  if (source !== null) {
    ({ autoAllocateChunkSize: autoAllocate } = source);
    if (autoAllocate !== undefined) {
      autoAllocate = unsignedLongLong(
        autoAllocate,
        prefix,
        "'autoAllocateChunkSize' of 'UnderlyingSource' (Argument 1)",
        kEnforceRange,
      );
    }
    cancel = callback(source.cancel, "cancel", prefix);
    pull = callback(source.pull, "pull", prefix);
    start = callback(source.start, "start", prefix);
    ({ type } = source);
    if (type !== undefined && (type = `${type}`) !== "bytes") {
      throw makeException(
        prefix,
        "",
        `The provided value '${type}' is not a valid enum value of type ReadableStreamType`,
        "ERR_INVALID_ARG_VALUE",
      );
    }
  }
  let controller;
  if (type === "bytes") {
    if (strategy.size !== undefined) {
      throw new RangeError(`${prefix}: a byte stream's strategy must not have a size function`);
    }
    const highWaterMark = highWaterMarkOf(strategy, 0);
    if (autoAllocate === 0) {
      throw new TypeError(`${prefix}: autoAllocateChunkSize must be greater than 0`);
    }
    controller = new ByteController(
      stream,
      new ScriptSource(source, pull, cancel),
      highWaterMark,
      autoAllocate ?? 0,
    );
  } else {
    const size = sizeAlgorithmOf(strategy);
    const highWaterMark = highWaterMarkOf(strategy, 1);
    controller = new DefaultController(
      stream,
      new ScriptSource(source, pull, cancel),
      highWaterMark,
      size,
    );
  }
  controller.start(
    start === undefined
      ? undefined
      : asResult(FunctionPrototypeCall(start, source, controller.object)),
  );
}

/** The StreamPipeOptions dictionary. */
function toPipeOptions(value, prefix) {
  const options = {
    __proto__: null,
    preventAbort: false,
    preventCancel: false,
    preventClose: false,
    signal: undefined,
  };
  if (value === undefined || value === null) return options;
  if (!isObject(value)) throw notDictionary(prefix, "Argument 2");
  options.preventAbort = !!value.preventAbort;
  options.preventCancel = !!value.preventCancel;
  options.preventClose = !!value.preventClose;
  const { signal } = value;
  if (signal !== undefined) {
    if (!isAbortSignal(signal)) {
      throw makeException(
        prefix,
        "'signal' of 'StreamPipeOptions' (Argument 2)",
        "is not of type AbortSignal",
        "ERR_INVALID_ARG_TYPE",
      );
    }
    options.signal = signal;
  }
  return options;
}

/** The `readable` and `writable` of a ReadableWritablePair. */
function toPair(value, prefix) {
  if (!isObject(value)) throw notDictionary(prefix, "Argument 1");
  const { readable } = value;
  if (toReadable(readable) === undefined) {
    throw makeException(
      prefix,
      "'readable' of 'ReadableWritablePair' (Argument 1)",
      "is not of type ReadableStream",
      "ERR_INVALID_ARG_TYPE",
    );
  }
  const context = "'writable' of 'ReadableWritablePair' (Argument 1)";
  return { readable, writable: writableOf(value.writable, prefix, context) };
}

function writableOf(value, prefix, context) {
  const writable = toWritable(value);
  if (writable === undefined) {
    throw makeException(prefix, context, "is not of type WritableStream", "ERR_INVALID_ARG_TYPE");
  }
  return writable;
}

/** By Readable's `state`. */
const kStates = ["readable", "closed", "errored"];

let readableOf; // the Readable of a ReadableStream; undefined for anything else

/** A source of chunks. */
export class ReadableStream {
  #stream;

  // Built-in code passes kConstruct and a Readable.
  constructor(underlyingSource = undefined, strategy = undefined) {
    if (underlyingSource === kConstruct) {
      this.#stream = strategy;
      return;
    }
    const prefix = "Failed to construct 'ReadableStream'";
    if (underlyingSource !== undefined) object(underlyingSource, prefix, "Argument 1");
    const queuing = toStrategy(strategy, prefix, "Argument 2");
    const stream = new Readable();
    stream.object = this;
    this.#stream = stream;
    setUp(stream, underlyingSource ?? null, queuing, prefix);
  }

  static {
    readableOf = (value) => (#stream in value ? value.#stream : undefined);
  }

  /** A stream of what an async or sync iterable gives. */
  static from(asyncIterable) {
    const prefix = "Failed to execute 'ReadableStream.from'";
    requiredArguments(arguments.length, 1, prefix);
    return readableFrom(asyncIterable, prefix).object;
  }

  get locked() {
    if (!(#stream in this)) throw illegalInvocation();
    return this.#stream.locked;
  }

  cancel(reason = undefined) {
    if (!isObject(this) || !(#stream in this)) return PromiseReject(illegalInvocation());
    if (this.#stream.locked) {
      return PromiseReject(new TypeError("Cannot cancel a locked ReadableStream."));
    }
    return toUndefinedPromise(cancelStream(this.#stream, reason));
  }

  getReader(options = undefined) {
    if (!(#stream in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'getReader' on 'ReadableStream'";
    let mode;
    if (options !== undefined && options !== null) {
      if (!isObject(options)) throw notDictionary(prefix, "Argument 1");
      ({ mode } = options);
    }
    if (mode === undefined) {
      return new ReadableStreamDefaultReader(kConstruct, acquireReader(this.#stream, false));
    }
    mode = `${mode}`;
    if (mode !== "byob") {
      throw makeException(
        prefix,
        "",
        `The provided value '${mode}' is not a valid enum value of type ReadableStreamReaderMode`,
        "ERR_INVALID_ARG_VALUE",
      );
    }
    return new ReadableStreamBYOBReader(kConstruct, acquireReader(this.#stream, true));
  }

  pipeThrough(transform, options = undefined) {
    if (!(#stream in this)) throw illegalInvocation();
    const prefix = "Failed to execute 'pipeThrough' on 'ReadableStream'";
    requiredArguments(arguments.length, 1, prefix);
    const { readable, writable } = toPair(transform, prefix);
    const pipeOptions = toPipeOptions(options, prefix);
    if (this.#stream.locked) throw new TypeError("ReadableStream is already locked.");
    if (writable.locked) throw new TypeError("Target WritableStream is already locked.");
    quiet(pipe(this.#stream, writable, pipeOptions));
    return readable;
  }

  pipeTo(destination, options = undefined) {
    if (!isObject(this) || !(#stream in this)) return PromiseReject(illegalInvocation());
    try {
      const prefix = "Failed to execute 'pipeTo' on 'ReadableStream'";
      requiredArguments(arguments.length, 1, prefix);
      const writable = writableOf(destination, prefix, "Argument 1");
      const pipeOptions = toPipeOptions(options, prefix);
      if (this.#stream.locked) throw new TypeError("ReadableStream is already locked.");
      if (writable.locked) throw new TypeError("Target WritableStream is already locked.");
      return pipe(this.#stream, writable, pipeOptions);
    } catch (error) {
      return PromiseReject(error);
    }
  }

  /** Two streams of the same chunks. */
  tee() {
    if (!(#stream in this)) throw illegalInvocation();
    const branches = teeReadable(this.#stream, false);
    return [branches[0].object, branches[1].object];
  }

  values(options = undefined) {
    if (!(#stream in this)) throw illegalInvocation();
    let preventCancel = false;
    if (options !== undefined && options !== null) {
      if (!isObject(options)) {
        throw notDictionary("Failed to execute 'values' on 'ReadableStream'", "Argument 1");
      }
      preventCancel = !!options.preventCancel;
    }
    return makeIterator(acquireReader(this.#stream, false), preventCancel);
  }

  [kInspect](inspect, options) {
    if (!(#stream in this)) return inspect({}, options);
    const stream = this.#stream;
    const shown = {
      __proto__: null,
      locked: stream.locked,
      state: kStates[stream.state],
      supportsBYOB: stream.controller instanceof ByteController,
    };
    const name = shownName("ReadableStream", this);
    return inspectAs(name, shown, ["locked", "state", "supportsBYOB"], inspect, options);
  }
}
configureInterface(ReadableStream);
ObjectDefineProperty(ReadableStream.prototype, SymbolAsyncIterator, {
  __proto__: null,
  value: ReadableStream.prototype.values,
  writable: true,
  enumerable: false,
  configurable: true,
});
wrappers.readable = (stream) => new ReadableStream(kConstruct, stream);

/** Built-in code: the Readable behind a ReadableStream, or undefined for any other value. */
export function toReadable(value) {
  return isObject(value) ? readableOf(value) : undefined;
}

/** Built-in code: "ReadableStreamTee": two Readables; `clone`: the second gets copies. */
export function teeReadable(stream, clone) {
  return stream.controller.isByte ? byteTee(stream) : tee(stream, clone);
}
