// The body of a response that is still on its way: the resource of its exchange, until it is read,
// aborted or forgotten. A body nobody can read any more frees its connection.

import { op_core_try_close } from "rt:ops/core";
import { op_fetch_read_all } from "rt:ops/fetch";
import { primordials } from "rt:bootstrap/primordials.js";
import { readableForRid } from "../streams/streams.js";
import { addAbortAlgorithm, removeAbortAlgorithm, signalReason } from "../web/abort.js";
import { abortBody, kAborted } from "./body.js";

const { Error, SafeFinalizationRegistry, SafeWeakRef, TypeError } = primordials;

let registry; // made at run time

function forget({ rid, signal, algorithm }) {
  if (rid !== undefined) op_core_try_close(rid);
  if (signal !== null) removeAbortAlgorithm(signal, algorithm);
}

function remember(target, held) {
  registry ??= new SafeFinalizationRegistry(forget);
  registry.register(target, held, target);
}

/** The error of a body that did not come whole. */
function bodyError(error) {
  const cause = new Error(error.message);
  if (error.code !== undefined) cause.code = error.code;
  return new TypeError("error reading a body from connection", { cause });
}

/** A body source (see BodyHolder). */
export class NetworkBody {
  size = undefined;
  #rid;
  #stream = null; // once it was opened
  #ended = false;
  #aborted = false;
  #signal;
  #algorithm = undefined;
  #onEnd;

  /** `signal`, which may be null, aborts it; `onEnd` is told when it is over. */
  constructor(rid, signal, onEnd) {
    this.#rid = rid;
    this.#onEnd = onEnd;
    this.#signal = signal;
    if (signal !== null) {
      const self = new SafeWeakRef(this);
      this.#algorithm = () => self.deref()?.#abort();
      addAbortAlgorithm(signal, this.#algorithm);
    }
    remember(this, { __proto__: null, rid, signal, algorithm: this.#algorithm });
  }

  [kAborted]() {
    return this.#aborted;
  }

  get abortReason() {
    return signalReason(this.#signal);
  }

  /** All of it. */
  async collect() {
    try {
      return await op_fetch_read_all(this.#rid);
    } catch (error) {
      throw this.#explain(error);
    } finally {
      this.#end();
    }
  }

  /** The body as a stream. */
  open() {
    const stream = readableForRid(this.#rid, {
      __proto__: null,
      onClose: () => this.#end(),
      explain: (error) => this.#explain(error),
    });
    this.#stream = stream;
    if (this.#aborted) stream.controller.error(signalReason(this.#signal));
    return stream;
  }

  #explain(error) {
    return this.#aborted ? signalReason(this.#signal) : bodyError(error);
  }

  #abort() {
    if (this.#ended) return;
    this.#aborted = true;
    this.#stream?.controller.error(signalReason(this.#signal));
    this.#end();
  }

  #end() {
    if (this.#ended) return;
    this.#ended = true;
    registry.unregister(this);
    forget({ __proto__: null, rid: this.#rid, signal: this.#signal, algorithm: this.#algorithm });
    this.#onEnd();
  }
}

/** Lets `signal` abort the body of a response that has come whole, as long as it was not read. */
export function abortWith(signal, inner) {
  const weak = new SafeWeakRef(inner);
  const algorithm = () => {
    const response = weak.deref();
    if (response !== undefined) abortBody(response, signalReason(signal));
  };
  addAbortAlgorithm(signal, algorithm);
  remember(inner, { __proto__: null, rid: undefined, signal, algorithm });
}
