// `for await (const chunk of stream)` (https://streams.spec.whatwg.org/#rs-asynciterator). Calls
// that overlap are answered in order; one at a time costs a promise and a result object.

import { primordials } from "rt:bootstrap/primordials.js";
import { isObject } from "../web/webidl.js";
import { newDeferred, toUndefinedPromise } from "./promises.js";
import { cancelStream, kReadable } from "./readable.js";

const {
  AsyncIteratorPrototype,
  ObjectDefineProperty,
  ObjectSetPrototypeOf,
  PromisePrototypeThen,
  PromiseReject,
  PromiseResolve,
  SymbolToStringTag,
  TypeError,
} = primordials;

/** What an iterator is inside. */
class Iteration {
  ongoing = null; // the promise of the call that is not answered yet
  #reader;
  #preventCancel;
  #finished = false;

  constructor(reader, preventCancel) {
    this.#reader = reader;
    this.#preventCancel = preventCancel;
  }

  /** Runs `step`, which returns a promise, once the calls before are answered. */
  afterOngoing(step) {
    return this.#track(PromisePrototypeThen(this.ongoing, step, step));
  }

  #track(promise) {
    const settled = () => {
      if (this.ongoing === promise) this.ongoing = null;
    };
    this.ongoing = promise;
    PromisePrototypeThen(promise, settled, settled);
    return promise;
  }

  /** `isFirst`: nobody waits before this call. */
  next(isFirst) {
    if (this.#finished) return PromiseResolve({ value: undefined, done: true });
    const reader = this.#reader;
    const { stream } = reader;
    const { controller } = stream;
    if (!controller.isByte && controller.queue.length > 0 && stream.state === kReadable) {
      stream.disturbed = true;
      return PromiseResolve({ value: controller.take(), done: false });
    }
    const request = new NextRequest(this);
    // One step later than the read, as the standard has it: the source may be pulled before.
    const promise = PromisePrototypeThen(request.deferred.promise);
    request.answer = promise;
    if (isFirst) this.ongoing = promise;
    reader.read(request);
    return promise;
  }

  /** A call is answered. */
  answered(promise) {
    if (this.ongoing === promise) this.ongoing = null;
  }

  finish() {
    this.#finished = true;
    this.#reader.releaseAndReject();
  }

  return(value) {
    if (this.#finished) return PromiseResolve({ value, done: true });
    const { stream } = this.#reader;
    const result = this.#preventCancel ? undefined : cancelStream(stream, value);
    this.finish();
    return PromisePrototypeThen(toUndefinedPromise(result), () => ({ value, done: true }));
  }

  returnFirst(value) {
    return this.#track(this.return(value));
  }
}

class NextRequest {
  deferred = newDeferred();
  answer = null;
  #iteration;

  constructor(iteration) {
    this.#iteration = iteration;
  }

  chunk(value) {
    this.#iteration.answered(this.answer);
    this.deferred.resolve({ value, done: false });
  }

  close() {
    this.#iteration.answered(this.answer);
    this.#iteration.finish();
    this.deferred.resolve({ value: undefined, done: true });
  }

  error(reason) {
    this.#iteration.answered(this.answer);
    this.#iteration.finish();
    this.deferred.reject(reason);
  }
}

class StreamIterator {
  #iteration;

  constructor(iteration) {
    this.#iteration = iteration;
  }

  next() {
    if (!isObject(this) || !(#iteration in this)) return notIterator("next");
    const iteration = this.#iteration;
    if (iteration.ongoing === null) return iteration.next(true);
    return iteration.afterOngoing(() => iteration.next(false));
  }

  return(value) {
    if (!isObject(this) || !(#iteration in this)) return notIterator("return");
    const iteration = this.#iteration;
    if (iteration.ongoing === null) return iteration.returnFirst(value);
    return iteration.afterOngoing(() => iteration.return(value));
  }
}

// The prototype WebIDL describes: no constructor, below %AsyncIteratorPrototype%.
const { prototype } = StreamIterator;
ObjectSetPrototypeOf(prototype, AsyncIteratorPrototype);
delete prototype.constructor;
ObjectDefineProperty(prototype, "next", { __proto__: null, enumerable: true });
ObjectDefineProperty(prototype, "return", { __proto__: null, enumerable: true });
ObjectDefineProperty(prototype, SymbolToStringTag, {
  __proto__: null,
  value: "ReadableStream AsyncIterator",
  writable: false,
  enumerable: false,
  configurable: true,
});

function notIterator(method) {
  return PromiseReject(
    new TypeError(`'${method}' called on an object that is not a ReadableStream async iterator`),
  );
}

/** The iterator over what `reader` reads, which it owns. */
export function makeIterator(reader, preventCancel) {
  return new StreamIterator(new Iteration(reader, preventCancel));
}
