// The queue of a writable stream and the calls of its sink
// (https://streams.spec.whatwg.org/#ws-default-controller-abstract-ops). Must never call a sink's
// write while another of its writes, or its close, is under way.

import { primordials } from "rt:bootstrap/primordials.js";
import { abortSignal, createAbortSignal } from "../web/abort.js";
import { asFinalResult, asResult, react } from "./promises.js";
import { Queue } from "./queue.js";
import { checkSize } from "./strategies.js";
import { kErroring, kWritable, Writable, wrappers } from "./writable.js";

const { FunctionPrototypeCall, PromiseReject } = primordials;

/** The sink a script gave: its methods, each undefined or a function. */
export class ScriptSink {
  #object;
  #write;
  #close;
  #abort;

  constructor(object, write, close, abort) {
    this.#object = object;
    this.#write = write;
    this.#close = close;
    this.#abort = abort;
  }

  write(chunk, controller) {
    if (this.#write === undefined) return undefined;
    return asResult(FunctionPrototypeCall(this.#write, this.#object, chunk, controller.object));
  }

  close() {
    if (this.#close === undefined) return undefined;
    return asFinalResult(FunctionPrototypeCall(this.#close, this.#object));
  }

  abort(reason) {
    if (this.#abort === undefined) return undefined;
    return asFinalResult(FunctionPrototypeCall(this.#abort, this.#object, reason));
  }
}

/**
 * The controller inside. A sink has `write(chunk, controller)`, `close()` and `abort(reason)`; they
 * may throw, and answer as promises.js says.
 */
export class Controller {
  stream;
  sink;
  highWaterMark;
  size; // null: every chunk counts 1
  started = false;
  #queue = new Queue();
  #sizes = null;
  #total = 0;
  #closeQueued = false;
  #signal = null;
  #object = null;
  #onWritten = null;
  #onWriteFailed = null;

  constructor(stream, sink, highWaterMark, size) {
    this.stream = stream;
    this.sink = sink;
    this.highWaterMark = highWaterMark;
    this.size = size;
    if (size !== null) this.#sizes = new Queue();
    stream.controller = this;
    stream.updateBackpressure(this.desiredSize <= 0);
  }

  /** The WritableStreamDefaultController. */
  get object() {
    return (this.#object ??= wrappers.controller(this));
  }

  get signal() {
    return (this.#signal ??= createAbortSignal());
  }

  /** Signals abort, to whoever has the signal or gets it later. */
  abortSignal(reason) {
    abortSignal(this.signal, reason);
  }

  /** What follows the sink's `start`, given its result. */
  start(result) {
    react(
      result,
      () => {
        this.started = true;
        this.#advance();
      },
      (reason) => {
        this.started = true;
        this.stream.dealWithRejection(reason);
      },
    );
  }

  /** Whether nothing is being written or waits for it. */
  get isIdle() {
    return this.started && this.#queue.length === 0;
  }

  get desiredSize() {
    return this.highWaterMark - (this.size === null ? this.#queue.length : this.#total);
  }

  /** The size of a chunk; a strategy that fails breaks the stream. */
  sizeOf(chunk) {
    const { size } = this;
    if (size === null) return 1;
    try {
      return size(chunk);
    } catch (error) {
      this.errorIfNeeded(error);
      return 1;
    }
  }

  /** The sink reported a failure, or the strategy did. */
  errorIfNeeded(error) {
    if (this.stream.state === kWritable) this.error(error);
  }

  error(error) {
    this.#forget();
    this.stream.startErroring(error);
  }

  close() {
    this.#closeQueued = true;
    this.#advance();
  }

  write(chunk, size) {
    const { stream } = this;
    if (this.size !== null) {
      try {
        checkSize(size);
      } catch (error) {
        this.errorIfNeeded(error);
        return;
      }
      this.#sizes.push(size);
      this.#total += size;
    }
    this.#queue.push(chunk);
    if (!stream.closeQueuedOrInFlight && stream.state === kWritable) {
      stream.updateBackpressure(this.desiredSize <= 0);
    }
    this.#advance();
  }

  #advance() {
    const { stream } = this;
    if (!this.started || stream.inFlightWrite !== null) return;
    if (stream.state === kErroring) {
      stream.finishErroringIfIdle();
      return;
    }
    if (stream.state !== kWritable) return;
    if (this.#queue.length > 0) this.#processWrite();
    else if (this.#closeQueued) this.#processClose();
  }

  #processWrite() {
    const { stream } = this;
    stream.inFlightWrite = stream.requests.shift();
    let result;
    try {
      result = this.sink.write(this.#queue.peek(), this);
    } catch (error) {
      result = PromiseReject(error);
    }
    if (this.#onWritten === null) {
      this.#onWritten = () => this.written();
      this.#onWriteFailed = (reason) => this.writeFailed(reason);
    }
    react(result, this.#onWritten, this.#onWriteFailed);
  }

  /** What a sink calls as a microtask whose `write` returned kPending. */
  written() {
    const { stream } = this;
    stream.finishWrite();
    this.#queue.shift();
    if (this.size !== null) {
      this.#total -= this.#sizes.shift();
      if (this.#total < 0) this.#total = 0;
    }
    if (!this.#closeQueued && stream.state === kWritable) {
      stream.updateBackpressure(this.desiredSize <= 0);
    }
    this.#advance();
  }

  /** Likewise. */
  writeFailed(reason) {
    if (this.stream.state === kWritable) this.#forget();
    this.stream.failWrite(reason);
  }

  #processClose() {
    const { stream, sink } = this;
    stream.inFlightClose = stream.closeRequest;
    stream.closeRequest = null;
    this.#closeQueued = false;
    let result;
    try {
      result = sink.close();
    } catch (error) {
      result = PromiseReject(error);
    }
    this.#forget();
    react(
      result,
      () => stream.finishClose(),
      (reason) => stream.failClose(reason),
    );
  }

  abortSteps(reason) {
    let result;
    try {
      result = this.sink.abort(reason);
    } catch (error) {
      result = PromiseReject(error);
    }
    this.#forget();
    return result;
  }

  /** "ResetQueue" */
  reset() {
    this.#queue.clear();
    if (this.size !== null) this.#sizes.clear();
    this.#total = 0;
    this.#closeQueued = false;
  }

  #forget() {
    this.sink = kNoSink;
    if (this.size !== null) this.size = noSize;
  }
}

function noSize() {
  return 1;
}

const kNoSink = {
  __proto__: null,
  write() {},
  close() {},
  abort() {},
};

/** "CreateWritableStream": of built-in code. Its start is over a microtask later. */
export function createWritable(sink, highWaterMark = 1, size = null) {
  const stream = new Writable();
  new Controller(stream, sink, highWaterMark, size).start(undefined);
  return stream;
}
