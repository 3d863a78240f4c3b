// The writer of a WritableStream inside (https://streams.spec.whatwg.org/#ws-writer-abstract-ops).
// Its promises exist only once somebody asked for them.

import { primordials } from "rt:bootstrap/primordials.js";
import { newDeferred, quiet, rejectedQuietly } from "./promises.js";
import { kClosed, kErrored, kErroring, kWritable } from "./writable.js";

const { PromiseReject, PromiseResolve, TypeError } = primordials;

/** What every method of a released writer fails with. */
export function noStreamError(what) {
  return new TypeError(`Cannot ${what} a stream using a released writer`);
}

/** A promise that is made when somebody first wants it, and settled quietly. */
class LazyPromise {
  #deferred = null;
  #promise = null;

  get isMade() {
    return this.#promise !== null;
  }

  /** The promise; `make` returns it when it is settled already, or null for a pending one. */
  get(make) {
    if (this.#promise === null) {
      this.#promise = make();
      if (this.#promise === null) {
        this.#deferred = newDeferred();
        this.#promise = this.#deferred.promise;
      }
    }
    return this.#promise;
  }

  resolve() {
    if (this.#deferred === null) return;
    this.#deferred.resolve(undefined);
    this.#deferred = null;
  }

  /** Rejects it if it is pending, else replaces it by one that is rejected. */
  reject(reason) {
    if (this.#promise === null) return;
    if (this.#deferred === null) {
      this.#promise = rejectedQuietly(reason);
    } else {
      this.#deferred.reject(reason);
      quiet(this.#promise);
      this.#deferred = null;
    }
  }

  /** A new one next time. */
  forget() {
    this.#promise = null;
    this.#deferred = null;
  }
}

/** A writer; `stream` is null once the lock is released. */
export class Writer {
  stream;
  /** A pipe to tell when there is room, or null. */
  pipe = null;
  #ready = new LazyPromise();
  #closed = new LazyPromise();
  #releasedError = null;

  constructor(stream) {
    this.stream = stream;
  }

  /** Why the promises of a released writer are rejected: the same error for both. */
  get #released() {
    return (this.#releasedError ??= new TypeError("The writer was released."));
  }

  get ready() {
    return this.#ready.get(() => {
      const { stream } = this;
      if (stream === null) return rejectedQuietly(this.#released);
      switch (stream.state) {
        case kWritable:
          return !stream.closeQueuedOrInFlight && stream.backpressure
            ? null
            : PromiseResolve(undefined);
        case kClosed:
          return PromiseResolve(undefined);
        default:
          return rejectedQuietly(stream.storedError);
      }
    });
  }

  get closed() {
    return this.#closed.get(() => {
      const { stream } = this;
      if (stream === null) return rejectedQuietly(this.#released);
      switch (stream.state) {
        case kClosed:
          return PromiseResolve(undefined);
        case kErrored:
          return rejectedQuietly(stream.storedError);
        default:
          return null;
      }
    });
  }

  onReady() {
    this.#ready.resolve();
    if (this.pipe !== null) this.pipe.onReady();
  }

  onBackpressure() {
    this.#ready.forget();
  }

  onReadyFailed(reason) {
    this.#ready.reject(reason);
  }

  onClosed() {
    this.#closed.resolve();
  }

  onErrored(reason) {
    this.#closed.reject(reason);
  }

  /** "WritableStreamDefaultWriterGetDesiredSize" */
  get desiredSize() {
    const { stream } = this;
    if (stream.state === kErrored || stream.state === kErroring) return null;
    if (stream.state === kClosed) return 0;
    return stream.controller.desiredSize;
  }

  /**
   * "WritableStreamDefaultWriterWrite": hands the chunk and the request that is told how it went to
   * the controller. False, without using the request, when that cannot be: then `refusal` says why.
   */
  write(chunk, request) {
    const { stream } = this;
    const { controller } = stream;
    const size = controller.sizeOf(chunk);
    if (stream !== this.stream || stream.state !== kWritable || stream.closeQueuedOrInFlight) {
      return false;
    }
    stream.requests.push(request);
    controller.write(chunk, size);
    return true;
  }

  /** Why `write` said no. `stream` is the one the writer had before. */
  refusal(stream) {
    if (stream !== this.stream) return noStreamError("write to");
    if (stream.state === kErrored) return stream.storedError;
    if (stream.closeQueuedOrInFlight || stream.state === kClosed) {
      return new TypeError("The stream is closing or closed and cannot be written to");
    }
    return stream.storedError;
  }

  /** "WritableStreamDefaultWriterCloseWithErrorPropagation": undefined or a promise. */
  closeWithErrorPropagation() {
    const { stream } = this;
    if (stream.closeQueuedOrInFlight || stream.state === kClosed) return undefined;
    if (stream.state === kErrored) return PromiseReject(stream.storedError);
    return stream.close();
  }

  release() {
    const { stream } = this;
    // Only what somebody has asked for needs the error now.
    if (this.#ready.isMade || this.#closed.isMade) {
      this.#ready.reject(this.#released);
      this.#closed.reject(this.#released);
    }
    stream.writer = null;
    this.stream = null;
  }
}

/** Takes the lock; throws when somebody has it. */
export function acquireWriter(stream) {
  if (stream.writer !== null) throw new TypeError("The stream is already locked.");
  const writer = new Writer(stream);
  stream.writer = writer;
  return writer;
}
