// ReadableStreamDefaultReader and ReadableStreamBYOBReader
// (https://streams.spec.whatwg.org/#default-reader-class). A read of a chunk that is there already
// costs one promise and the result object.

import { primordials } from "rt:bootstrap/primordials.js";
import { viewLength } from "../web/buffer_source.js";
import { inspectAs, kInspect } from "../web/inspect_as.js";
import {
  configureInterface,
  illegalInvocation,
  isObject,
  kConstruct,
  makeException,
  requiredArguments,
  unsignedLongLong,
} from "../web/webidl.js";
import { newDeferred, toUndefinedPromise } from "./promises.js";
import { acquireReader, cancelStream, kErrored, kReadable, noStreamError } from "./readable.js";
import { toReadable } from "./readable_stream.js";
import { bufferLength, isDetachedView, toView, viewBuffer, viewKind } from "./views.js";

const { PromiseReject, PromiseResolve, RangeError, TypeError } = primordials;

/** A read whose result a script waits for. */
class ReadPromise {
  deferred = newDeferred();

  chunk(value) {
    this.deferred.resolve({ value, done: false });
  }

  close(value = undefined) {
    this.deferred.resolve({ value, done: true });
  }

  error(reason) {
    this.deferred.reject(reason);
  }
}

/** The reader for a constructor's arguments. */
function constructReader(args, first, isByob, name) {
  const prefix = `Failed to construct '${name}'`;
  requiredArguments(args, 1, prefix);
  const stream = toReadable(first);
  if (stream === undefined) {
    throw makeException(
      prefix,
      "Argument 1",
      "is not of type ReadableStream",
      "ERR_INVALID_ARG_TYPE",
    );
  }
  return acquireReader(stream, isByob);
}

/** Reads chunks of any kind. */
export class ReadableStreamDefaultReader {
  #reader;

  constructor(stream, reader = undefined) {
    this.#reader =
      stream === kConstruct
        ? reader
        : constructReader(arguments.length, stream, false, "ReadableStreamDefaultReader");
  }

  read() {
    if (!isObject(this) || !(#reader in this)) return PromiseReject(illegalInvocation());
    const reader = this.#reader;
    const { stream } = reader;
    if (stream === null) return PromiseReject(noStreamError("read from"));
    const { controller } = stream;
    if (!controller.isByte && controller.queue.length > 0 && stream.state === kReadable) {
      stream.disturbed = true;
      return PromiseResolve({ value: controller.take(), done: false });
    }
    const request = new ReadPromise();
    reader.read(request);
    return request.deferred.promise;
  }

  releaseLock() {
    if (!(#reader in this)) throw illegalInvocation();
    if (this.#reader.stream !== null) this.#reader.releaseAndReject();
  }

  get closed() {
    if (!isObject(this) || !(#reader in this)) return PromiseReject(illegalInvocation());
    return this.#reader.closed;
  }

  cancel(reason = undefined) {
    if (!isObject(this) || !(#reader in this)) return PromiseReject(illegalInvocation());
    const { stream } = this.#reader;
    if (stream === null) return PromiseReject(noStreamError("cancel"));
    return toUndefinedPromise(cancelStream(stream, reason));
  }

  [kInspect](inspect, options) {
    if (!(#reader in this)) return inspect({}, options);
    return inspectAs("ReadableStreamDefaultReader", this, ["closed"], inspect, options);
  }
}
configureInterface(ReadableStreamDefaultReader);

/** `min` of ReadableStreamBYOBReaderReadOptions. */
function toMinimum(options, prefix) {
  if (options === undefined || options === null) return 1;
  if (!isObject(options)) {
    throw makeException(
      prefix,
      "Argument 2",
      "can not be converted to a dictionary",
      "ERR_INVALID_ARG_TYPE",
    );
  }
  const { min } = options;
  if (min === undefined) return 1;
  return unsignedLongLong(
    min,
    prefix,
    "'min' of 'ReadableStreamBYOBReaderReadOptions' (Argument 2)",
    { __proto__: null, enforceRange: true },
  );
}

/** Checks the arguments of a BYOB read; returns `min`. */
function checkByobRead(view, options, count) {
  const prefix = "Failed to execute 'read' on 'ReadableStreamBYOBReader'";
  requiredArguments(count, 1, prefix);
  toView(view, prefix, "Argument 1");
  const minimum = toMinimum(options, prefix);
  if (viewLength(view) === 0) throw new TypeError("view must have non-zero byteLength");
  if (bufferLength(viewBuffer(view)) === 0) {
    throw new TypeError("view's buffer must have non-zero byteLength");
  }
  if (isDetachedView(view)) throw new TypeError("view's buffer has been detached");
  if (minimum === 0) throw new TypeError("options.min must be greater than 0");
  const { elementSize } = viewKind(view);
  if (minimum > viewLength(view) / elementSize) {
    throw new RangeError("options.min must be at most the length of view");
  }
  return minimum;
}

/** Reads bytes into memory of the caller's. */
export class ReadableStreamBYOBReader {
  #reader;

  constructor(stream, reader = undefined) {
    this.#reader =
      stream === kConstruct
        ? reader
        : constructReader(arguments.length, stream, true, "ReadableStreamBYOBReader");
  }

  read(view, options = undefined) {
    if (!isObject(this) || !(#reader in this)) return PromiseReject(illegalInvocation());
    let minimum;
    try {
      minimum = checkByobRead(view, options, arguments.length);
    } catch (error) {
      return PromiseReject(error);
    }
    const { stream } = this.#reader;
    if (stream === null) return PromiseReject(noStreamError("read from"));
    const request = new ReadPromise();
    readInto(stream, view, minimum, request);
    return request.deferred.promise;
  }

  releaseLock() {
    if (!(#reader in this)) throw illegalInvocation();
    if (this.#reader.stream !== null) this.#reader.releaseAndReject();
  }

  get closed() {
    if (!isObject(this) || !(#reader in this)) return PromiseReject(illegalInvocation());
    return this.#reader.closed;
  }

  cancel(reason = undefined) {
    if (!isObject(this) || !(#reader in this)) return PromiseReject(illegalInvocation());
    const { stream } = this.#reader;
    if (stream === null) return PromiseReject(noStreamError("cancel"));
    return toUndefinedPromise(cancelStream(stream, reason));
  }

  [kInspect](inspect, options) {
    if (!(#reader in this)) return inspect({}, options);
    return inspectAs("ReadableStreamBYOBReader", this, ["closed"], inspect, options);
  }
}
configureInterface(ReadableStreamBYOBReader);

/** "ReadableStreamBYOBReaderRead" */
export function readInto(stream, view, minimum, request) {
  stream.disturbed = true;
  if (stream.state === kErrored) request.error(stream.storedError);
  else stream.controller.pullInto(view, minimum, request);
}
