// What a TransformStream is inside (https://streams.spec.whatwg.org/#ts-abstract-ops). Both sides
// tell each other about backpressure directly: no promise is made for a chunk.

import { primordials } from "rt:bootstrap/primordials.js";
import { DefaultController } from "./default_controller.js";
import {
  asFinalResult,
  asResult,
  kPending,
  newDeferred,
  react,
  soon,
  twoStepsLater,
} from "./promises.js";
import { kErrored, Readable } from "./readable.js";
import { kErrored as kWritableErrored, kErroring, Writable } from "./writable.js";
import { Controller } from "./writable_controller.js";

const { FunctionPrototypeCall, PromisePrototypeThen, PromiseReject, PromiseResolve, TypeError } =
  primordials;

/** Makes the objects scripts see; filled in by the file that defines their classes. */
export const wrappers = { __proto__: null, controller: null };

/** The transformer a script gave: its methods, each undefined or a function. */
export class ScriptTransformer {
  #object;
  #transform;
  #flush;
  #cancel;

  constructor(object, transform, flush, cancel) {
    this.#object = object;
    this.#transform = transform;
    this.#flush = flush;
    this.#cancel = cancel;
  }

  transform(chunk, stream) {
    if (this.#transform === undefined) {
      stream.enqueue(chunk);
      return undefined;
    }
    return asResult(FunctionPrototypeCall(this.#transform, this.#object, chunk, stream.controller));
  }

  flush(stream) {
    if (this.#flush === undefined) return undefined;
    return asFinalResult(FunctionPrototypeCall(this.#flush, this.#object, stream.controller));
  }

  cancel(reason) {
    if (this.#cancel === undefined) return undefined;
    return asFinalResult(FunctionPrototypeCall(this.#cancel, this.#object, reason));
  }
}

/** The source of the readable side. */
class Source {
  #transform;

  constructor(transform) {
    this.#transform = transform;
  }

  get pulls() {
    return true;
  }

  pull() {
    return this.#transform.pull();
  }

  cancel(reason) {
    return this.#transform.cancel(reason);
  }
}

/** The sink of the writable side. */
class Sink {
  #transform;

  constructor(transform) {
    this.#transform = transform;
  }

  write(chunk) {
    return this.#transform.write(chunk);
  }

  close() {
    return this.#transform.close();
  }

  abort(reason) {
    return this.#transform.abort(reason);
  }
}

/**
 * A transform stream and its controller.
 *
 * A transformer has `transform(chunk, stream)`, `flush(stream)` and `cancel(reason)`, where
 * `stream` is this object: they call `enqueue`, `error`, `terminate` on it. They may throw, and
 * answer as promises.js says, but not kPending.
 */
export class Transform {
  readable = new Readable();
  writable = new Writable();
  #transformer;
  #backpressure = true;
  #finished = null; // what close, cancel and abort answer: {promise, resolve, reject}
  #isPullWaiting = false;
  #chunk = undefined; // waits for room
  #isWriteWaiting = false;
  #object = null;
  #onPulled = () => this.readable.controller.pulled();
  #onRoom = () => this.#writeOn();
  #onWritten = () => this.writable.controller.written();
  #onWriteFailed = (reason) => this.writable.controller.writeFailed(reason);
  #onTransformFailed = (reason) => {
    this.error(reason);
    throw reason;
  };

  constructor(transformer, writableMark, writableSize, readableMark, readableSize) {
    this.#transformer = transformer;
    new Controller(this.writable, new Sink(this), writableMark, writableSize);
    new DefaultController(this.readable, new Source(this), readableMark, readableSize);
  }

  /** What follows the transformer's `start`, given its result. */
  start(result) {
    // Both sides start two steps after the transformer: each waits for a promise of its promise.
    const started = twoStepsLater(result ?? PromiseResolve(undefined));
    this.writable.controller.start(started);
    this.readable.controller.start(started);
  }

  /** The TransformStreamDefaultController. */
  get controller() {
    return (this.#object ??= wrappers.controller(this));
  }

  get desiredSize() {
    return this.readable.controller.desiredSize;
  }

  /** Throws when the readable side takes nothing more, or its strategy fails. */
  enqueue(chunk) {
    const { controller } = this.readable;
    if (!controller.canEnqueue) {
      throw new TypeError("Readable side is not in a state that permits enqueue");
    }
    try {
      controller.enqueue(chunk);
    } catch (error) {
      this.#errorWritable(error);
      throw this.readable.storedError;
    }
    if (!controller.wantsMore && !this.#backpressure) this.#setBackpressure(true);
  }

  error(reason) {
    this.readable.controller.error(reason);
    this.#errorWritable(reason);
  }

  /** Ends the readable side and breaks the writable one. */
  terminate() {
    this.readable.controller.close();
    this.#errorWritable(new TypeError("The stream has been terminated."));
  }

  #errorWritable(reason) {
    this.#transformer = kNoTransformer;
    this.writable.controller.errorIfNeeded(reason);
    this.#unblock();
  }

  #unblock() {
    if (this.#backpressure) this.#setBackpressure(false);
  }

  #setBackpressure(backpressure) {
    this.#backpressure = backpressure;
    if (backpressure) {
      if (!this.#isPullWaiting) return;
      this.#isPullWaiting = false;
      soon(this.#onPulled);
    } else if (this.#isWriteWaiting) {
      this.#isWriteWaiting = false;
      soon(this.#onRoom);
    }
  }

  pull() {
    this.#isPullWaiting = true;
    this.#setBackpressure(false);
    return kPending;
  }

  write(chunk) {
    if (!this.#backpressure) return this.#perform(chunk);
    this.#chunk = chunk;
    this.#isWriteWaiting = true;
    return kPending;
  }

  /** There is room for the chunk that waited. */
  #writeOn() {
    const { writable } = this;
    const chunk = this.#chunk;
    this.#chunk = undefined;
    const result =
      writable.state === kErroring ? PromiseReject(writable.storedError) : this.#perform(chunk);
    react(result, this.#onWritten, this.#onWriteFailed);
  }

  #perform(chunk) {
    let result;
    try {
      result = this.#transformer.transform(chunk, this);
    } catch (error) {
      result = PromiseReject(error);
    }
    return result === undefined
      ? undefined
      : PromisePrototypeThen(result, undefined, this.#onTransformFailed);
  }

  /** Runs the last algorithm of the transformer, once, and then tells the other side. */
  #finish(call, succeeded, failed) {
    if (this.#finished !== null) return this.#finished.promise;
    const finished = (this.#finished = newDeferred());
    let result;
    try {
      result = call(this.#transformer);
    } catch (error) {
      result = PromiseReject(error);
    }
    this.#transformer = kNoTransformer;
    react(
      result,
      () => succeeded(finished),
      (reason) => {
        failed(reason);
        finished.reject(reason);
      },
    );
    return finished.promise;
  }

  close() {
    const { readable } = this;
    return this.#finish(
      (transformer) => transformer.flush(this),
      (finished) => {
        if (readable.state === kErrored) {
          finished.reject(readable.storedError);
        } else {
          readable.controller.close();
          finished.resolve(undefined);
        }
      },
      (reason) => readable.controller.error(reason),
    );
  }

  abort(reason) {
    const { readable } = this;
    return this.#finish(
      (transformer) => transformer.cancel(reason),
      (finished) => {
        if (readable.state === kErrored) {
          finished.reject(readable.storedError);
        } else {
          readable.controller.error(reason);
          finished.resolve(undefined);
        }
      },
      (error) => readable.controller.error(error),
    );
  }

  cancel(reason) {
    const { writable } = this;
    return this.#finish(
      (transformer) => transformer.cancel(reason),
      (finished) => {
        if (writable.state === kWritableErrored) {
          finished.reject(writable.storedError);
        } else {
          writable.controller.errorIfNeeded(reason);
          this.#unblock();
          finished.resolve(undefined);
        }
      },
      (error) => {
        writable.controller.errorIfNeeded(error);
        this.#unblock();
      },
    );
  }
}

const kNoTransformer = {
  __proto__: null,
  transform() {},
  flush() {},
  cancel() {},
};

/** A transform stream of built-in code, with the standard's queue sizes. */
export function createTransform(transformer) {
  const transform = new Transform(transformer, 1, null, 0, null);
  transform.start(undefined);
  return transform;
}
