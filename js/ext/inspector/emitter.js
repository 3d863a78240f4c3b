// The methods of Node's EventEmitter that a Session has. What a listener throws is reported as
// uncaught: whoever emits is the debugger, which must go on.

import { primordials } from "rt:bootstrap/primordials.js";

/* global __rt_internals */
const { reportException } = __rt_internals;
const {
  ArrayPrototypePush,
  ArrayPrototypeSlice,
  ArrayPrototypeSplice,
  ArrayPrototypeUnshift,
  MapPrototypeClear,
  MapPrototypeDelete,
  MapPrototypeGet,
  MapPrototypeSet,
  ReflectApply,
  SafeMap,
  TypeError,
} = primordials;

function check(listener) {
  if (typeof listener === "function") return;
  const error = new TypeError('The "listener" argument must be of type function.');
  error.code = "ERR_INVALID_ARG_TYPE";
  throw error;
}

/** https://nodejs.org/api/events.html#class-eventemitter */
export class Emitter {
  /** Event to [{listener, once}, …]. */
  #listeners = new SafeMap();

  #add(event, listener, once, first) {
    check(listener);
    let list = MapPrototypeGet(this.#listeners, event);
    if (list === undefined) MapPrototypeSet(this.#listeners, event, (list = []));
    const entry = { __proto__: null, listener, once };
    if (first) ArrayPrototypeUnshift(list, entry);
    else ArrayPrototypePush(list, entry);
    return this;
  }

  on(event, listener) {
    return this.#add(event, listener, false, false);
  }

  addListener(event, listener) {
    return this.#add(event, listener, false, false);
  }

  once(event, listener) {
    return this.#add(event, listener, true, false);
  }

  prependListener(event, listener) {
    return this.#add(event, listener, false, true);
  }

  prependOnceListener(event, listener) {
    return this.#add(event, listener, true, true);
  }

  off(event, listener) {
    check(listener);
    const list = MapPrototypeGet(this.#listeners, event);
    if (list === undefined) return this;
    for (let i = list.length - 1; i >= 0; i--) {
      if (list[i].listener !== listener) continue;
      ArrayPrototypeSplice(list, i, 1);
      break;
    }
    if (list.length === 0) MapPrototypeDelete(this.#listeners, event);
    return this;
  }

  removeListener(event, listener) {
    return this.off(event, listener);
  }

  removeAllListeners(event) {
    if (event === undefined) MapPrototypeClear(this.#listeners);
    else MapPrototypeDelete(this.#listeners, event);
    return this;
  }

  listenerCount(event) {
    return MapPrototypeGet(this.#listeners, event)?.length ?? 0;
  }

  listeners(event) {
    const list = MapPrototypeGet(this.#listeners, event) ?? [];
    const listeners = [];
    for (let i = 0; i < list.length; i++) ArrayPrototypePush(listeners, list[i].listener);
    return listeners;
  }

  emit(event, ...values) {
    const list = MapPrototypeGet(this.#listeners, event);
    if (list === undefined) return false;
    const now = ArrayPrototypeSlice(list);
    for (let i = 0; i < now.length; i++) {
      if (now[i].once) this.off(event, now[i].listener);
      try {
        ReflectApply(now[i].listener, this, values);
      } catch (error) {
        reportException(error);
      }
    }
    return true;
  }
}
