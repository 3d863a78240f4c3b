// WritableStream, WritableStreamDefaultWriter and WritableStreamDefaultController
// (https://streams.spec.whatwg.org/#ws-class): the classes scripts see.

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
  requiredArguments,
} from "../web/webidl.js";
import { asResult, newDeferred } from "./promises.js";
import { highWaterMarkOf, sizeAlgorithmOf, toStrategy } from "./strategies.js";
import { kWritable, Writable, wrappers } from "./writable.js";
import { Controller, ScriptSink } from "./writable_controller.js";
import { acquireWriter, noStreamError } from "./writer.js";

const { FunctionPrototypeCall, PromiseReject, PromiseResolve, RangeError, TypeError } = primordials;

/** A member of a sink that must be a function. */
function callback(value, name, prefix) {
  if (value !== undefined && typeof value !== "function") {
    throw makeException(prefix, `'${name}' of 'UnderlyingSink' (Argument 1)`, "is not a function");
  }
  return value;
}

/** Sets up `stream` from what a script passed to the constructor. */
function setUp(stream, sink, strategy, prefix) {
  let abort;
  let close;
  let start;
  let write;
  if (sink !== null) {
    abort = callback(sink.abort, "abort", prefix);
    close = callback(sink.close, "close", prefix);
    start = callback(sink.start, "start", prefix);
    if (sink.type !== undefined) {
      throw new RangeError(`${prefix}: 'type' of 'UnderlyingSink' (Argument 1) must be undefined`);
    }
    write = callback(sink.write, "write", prefix);
  }
  const size = sizeAlgorithmOf(strategy);
  const highWaterMark = highWaterMarkOf(strategy, 1);
  const controller = new Controller(
    stream,
    new ScriptSink(sink, write, close, abort),
    highWaterMark,
    size,
  );
  controller.start(
    start === undefined
      ? undefined
      : asResult(FunctionPrototypeCall(start, sink, controller.object)),
  );
}

function closingError() {
  return new TypeError("Cannot close an already-closing stream");
}

/** Callers that abort twice get the same promise. */
function abortPromise(stream, reason) {
  return stream.abort(reason) ?? PromiseResolve(undefined);
}

let writableOf; // the Writable of a WritableStream; undefined for anything else

/** A destination of chunks. */
export class WritableStream {
  #stream;

  // Built-in code passes kConstruct and a Writable.
  constructor(underlyingSink = undefined, strategy = undefined) {
    if (underlyingSink === kConstruct) {
      this.#stream = strategy;
      return;
    }
    const prefix = "Failed to construct 'WritableStream'";
    if (underlyingSink !== undefined) object(underlyingSink, prefix, "Argument 1");
    const queuing = toStrategy(strategy, prefix, "Argument 2");
    const stream = new Writable();
    stream.object = this;
    this.#stream = stream;
    setUp(stream, underlyingSink ?? null, queuing, prefix);
  }

  static {
    writableOf = (value) => (#stream in value ? value.#stream : undefined);
  }

  get locked() {
    if (!(#stream in this)) throw illegalInvocation();
    return this.#stream.locked;
  }

  abort(reason = undefined) {
    if (!isObject(this) || !(#stream in this)) return PromiseReject(illegalInvocation());
    if (this.#stream.locked) {
      return PromiseReject(
        new TypeError("The writable stream is locked, therefore cannot be aborted."),
      );
    }
    return abortPromise(this.#stream, reason);
  }

  close() {
    if (!isObject(this) || !(#stream in this)) return PromiseReject(illegalInvocation());
    const stream = this.#stream;
    if (stream.locked) {
      return PromiseReject(
        new TypeError("The writable stream is locked, therefore cannot be closed."),
      );
    }
    return stream.closeQueuedOrInFlight ? PromiseReject(closingError()) : stream.close();
  }

  getWriter() {
    if (!(#stream in this)) throw illegalInvocation();
    return new WritableStreamDefaultWriter(kConstruct, acquireWriter(this.#stream));
  }

  [kInspect](inspect, options) {
    if (!(#stream in this)) return inspect({}, options);
    return inspectAs("WritableStream", this, ["locked"], inspect, options);
  }
}
configureInterface(WritableStream);
wrappers.writable = (stream) => new WritableStream(kConstruct, stream);

/** Built-in code: the Writable behind a WritableStream, or undefined for any other value. */
export function toWritable(value) {
  return isObject(value) ? writableOf(value) : undefined;
}

function writerFor(stream, count) {
  const prefix = "Failed to construct 'WritableStreamDefaultWriter'";
  requiredArguments(count, 1, prefix);
  const writable = toWritable(stream);
  if (writable === undefined) {
    throw makeException(
      prefix,
      "Argument 1",
      "is not of type WritableStream",
      "ERR_INVALID_ARG_TYPE",
    );
  }
  return acquireWriter(writable);
}

/** Writes chunks. */
export class WritableStreamDefaultWriter {
  #writer;

  constructor(stream, writer = undefined) {
    this.#writer = stream === kConstruct ? writer : writerFor(stream, arguments.length);
  }

  get closed() {
    if (!isObject(this) || !(#writer in this)) return PromiseReject(illegalInvocation());
    return this.#writer.closed;
  }

  get desiredSize() {
    if (!(#writer in this)) throw illegalInvocation();
    if (this.#writer.stream === null) throw noStreamError("get desiredSize of");
    return this.#writer.desiredSize;
  }

  get ready() {
    if (!isObject(this) || !(#writer in this)) return PromiseReject(illegalInvocation());
    return this.#writer.ready;
  }

  abort(reason = undefined) {
    if (!isObject(this) || !(#writer in this)) return PromiseReject(illegalInvocation());
    const { stream } = this.#writer;
    if (stream === null) return PromiseReject(noStreamError("abort"));
    return abortPromise(stream, reason);
  }

  close() {
    if (!isObject(this) || !(#writer in this)) return PromiseReject(illegalInvocation());
    const { stream } = this.#writer;
    if (stream === null) return PromiseReject(noStreamError("close"));
    return stream.closeQueuedOrInFlight ? PromiseReject(closingError()) : stream.close();
  }

  releaseLock() {
    if (!(#writer in this)) throw illegalInvocation();
    if (this.#writer.stream !== null) this.#writer.release();
  }

  write(chunk = undefined) {
    if (!isObject(this) || !(#writer in this)) return PromiseReject(illegalInvocation());
    const writer = this.#writer;
    const { stream } = writer;
    if (stream === null) return PromiseReject(noStreamError("write to"));
    const request = newDeferred();
    if (!writer.write(chunk, request)) request.reject(writer.refusal(stream));
    return request.promise;
  }

  [kInspect](inspect, options) {
    if (!(#writer in this)) return inspect({}, options);
    // A released writer's desiredSize throws.
    const keys =
      this.#writer.stream === null ? ["closed", "ready"] : ["closed", "desiredSize", "ready"];
    return inspectAs("WritableStreamDefaultWriter", this, keys, inspect, options);
  }
}
configureInterface(WritableStreamDefaultWriter);

/** Controls a writable stream. */
export class WritableStreamDefaultController {
  #controller;

  constructor(key = undefined, controller = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#controller = controller;
  }

  get signal() {
    if (!(#controller in this)) throw illegalInvocation();
    return this.#controller.signal;
  }

  error(reason = undefined) {
    if (!(#controller in this)) throw illegalInvocation();
    const controller = this.#controller;
    if (controller.stream.state === kWritable) controller.error(reason);
  }

  [kInspect](inspect, options) {
    if (!(#controller in this)) return inspect({}, options);
    return inspectAs("WritableStreamDefaultController", this, ["signal"], inspect, options);
  }
}
configureInterface(WritableStreamDefaultController);
wrappers.controller = (controller) => new WritableStreamDefaultController(kConstruct, controller);
