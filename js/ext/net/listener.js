// Listener: accepts connections, one by one or as an async iterator.

import { op_core_close, op_core_try_close } from "rt:ops/core";
import { BadResource, Interrupted } from "rt:bootstrap/errors.js";
import { primordials } from "rt:bootstrap/primordials.js";
import { lastPromiseId, setOpReferenced } from "rt:bootstrap/ring.js";
import { withCaller } from "../io/async_error.js";
import { illegalConstructor, kConstruct } from "../web/webidl.js";

const {
  ObjectDefineProperty,
  ObjectPrototypeIsPrototypeOf,
  PromisePrototype,
  PromiseResolve,
  SymbolAsyncIterator,
  SymbolDispose,
} = primordials;

function isClosed(error) {
  return (
    ObjectPrototypeIsPrototypeOf(BadResource.prototype, error) ||
    ObjectPrototypeIsPrototypeOf(Interrupted.prototype, error)
  );
}

/** What Deno.listen and Deno.listenTls give. */
export class Listener {
  #rid;
  #addr;
  #start;
  #wrap;
  #referenced = true;
  #pending = 0;

  /**
   * @param {symbol} key
   * @param {number} rid
   * @param {object} addr
   * @param {(rid: number) => unknown} start the op that accepts
   * @param {(accepted: object, addr: object) => unknown} wrap makes the connection
   */
  constructor(key, rid, addr, start, wrap) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#rid = rid;
    this.#addr = addr;
    this.#start = start;
    this.#wrap = wrap;
  }

  get addr() {
    return this.#addr;
  }

  /** The next connection. */
  async accept() {
    const start = this.#start;
    const wrap = this.#wrap;
    let accepted;
    try {
      const accepting = start(this.#rid);
      if (ObjectPrototypeIsPrototypeOf(PromisePrototype, accepting)) {
        const id = lastPromiseId();
        this.#pending = id;
        if (!this.#referenced) setOpReferenced(id, false);
      }
      accepted = await accepting;
    } catch (error) {
      throw withCaller(toClosed(error), this.accept);
    }
    this.#pending = 0;
    return wrap(accepted, this.#addr);
  }

  async next() {
    let value;
    try {
      value = await this.accept();
    } catch (error) {
      if (isClosed(error)) return { value: undefined, done: true };
      throw error;
    }
    return { value, done: false };
  }

  return(value) {
    this.close();
    return PromiseResolve({ value, done: true });
  }

  close() {
    op_core_close(this.#rid);
  }

  ref() {
    this.#setReferenced(true);
  }

  unref() {
    this.#setReferenced(false);
  }

  #setReferenced(referenced) {
    this.#referenced = referenced;
    if (this.#pending !== 0) setOpReferenced(this.#pending, referenced);
  }

  [SymbolDispose]() {
    op_core_try_close(this.#rid);
  }

  [SymbolAsyncIterator]() {
    return this;
  }
}

// The bundler renames it: the event target has a class of that name.
ObjectDefineProperty(Listener, "name", { __proto__: null, value: "Listener", configurable: true });

/** A stale rid is a listener that was closed. */
function toClosed(error) {
  if (!ObjectPrototypeIsPrototypeOf(BadResource.prototype, error)) return error;
  return new BadResource("Listener has been closed");
}
