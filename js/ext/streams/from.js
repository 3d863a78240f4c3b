// ReadableStream.from (https://streams.spec.whatwg.org/#rs-from): a stream of what an iterator
// gives.

import { primordials } from "rt:bootstrap/primordials.js";
import { isObject, makeException } from "../web/webidl.js";
import { createReadable } from "./default_controller.js";

const {
  FunctionPrototypeCall,
  PromisePrototypeThen,
  PromiseResolve,
  SymbolAsyncIterator,
  SymbolIterator,
  TypeError,
} = primordials;

/** "GetIterator(value, async)": { iterator, next, isSync }. */
function openIterator(value, prefix) {
  // As WebIDL has it for async_sequence: objects only, so a string is none of characters.
  const isIterable = isObject(value);
  let method = isIterable ? value[SymbolAsyncIterator] : undefined;
  const isSync = method === undefined || method === null;
  if (isSync && isIterable) method = value[SymbolIterator];
  if (typeof method !== "function") {
    throw makeException(prefix, "Argument 1", "is not iterable", "ERR_INVALID_ARG_TYPE");
  }
  const iterator = FunctionPrototypeCall(method, value);
  if (!isObject(iterator)) {
    throw makeException(prefix, "Argument 1", "did not give an iterator object");
  }
  return { iterator, next: iterator.next, isSync };
}

function checkResult(result) {
  if (!isObject(result)) throw new TypeError("The iterator's result is not an object");
  return result;
}

/** The source over an iterator. */
class IteratorSource {
  #iterator;
  #next;
  #isSync;

  constructor({ iterator, next, isSync }) {
    this.#iterator = iterator;
    this.#next = next;
    this.#isSync = isSync;
  }

  get pulls() {
    return true;
  }

  pull(controller) {
    const result = FunctionPrototypeCall(this.#next, this.#iterator);
    if (this.#isSync) return this.#pullSync(controller, checkResult(result));
    return PromisePrototypeThen(PromiseResolve(result), (settled) => {
      checkResult(settled);
      if (settled.done) controller.close();
      else controller.enqueue(settled.value);
    });
  }

  /** What a sync iterator gives is awaited, as AsyncFromSyncIterator does. */
  #pullSync(controller, result) {
    if (result.done) {
      return PromisePrototypeThen(PromiseResolve(result.value), () => controller.close());
    }
    const { value } = result;
    if (!isObject(value)) {
      return PromisePrototypeThen(PromiseResolve(undefined), () => controller.enqueue(value));
    }
    return PromisePrototypeThen(
      PromiseResolve(value),
      (awaited) => controller.enqueue(awaited),
      (reason) => {
        this.#closeSync();
        throw reason;
      },
    );
  }

  /** A value's promise was rejected: the iterator is told, and its own failure does not matter. */
  #closeSync() {
    try {
      const method = this.#iterator.return;
      if (method !== undefined && method !== null) {
        FunctionPrototypeCall(method, this.#iterator);
      }
    } catch {
      // The rejection is the error that counts.
    }
  }

  cancel(reason) {
    const method = this.#iterator.return;
    if (method === undefined || method === null) return undefined;
    const result = FunctionPrototypeCall(method, this.#iterator, reason);
    if (this.#isSync) {
      checkResult(result);
      return isObject(result.value) ? PromiseResolve(result.value) : undefined;
    }
    return PromisePrototypeThen(PromiseResolve(result), (settled) => {
      checkResult(settled);
    });
  }
}

/** The Readable of a script's iterable; throws a TypeError for what is none. */
export function readableFrom(value, prefix) {
  return createReadable(new IteratorSource(openIterator(value, prefix)), 0);
}
