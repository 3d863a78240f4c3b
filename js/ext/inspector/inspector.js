// node:inspector: https://nodejs.org/api/inspector.html. A session speaks the Chrome DevTools Protocol
// with the debugger of its own isolate.

import {
  op_inspector_close,
  op_inspector_connect,
  op_inspector_disconnect,
  op_inspector_dispatch,
  op_inspector_open,
  op_inspector_url,
  op_inspector_wait,
} from "rt:ops/inspector";
import { primordials } from "rt:bootstrap/primordials.js";
import { Emitter } from "./emitter.js";

/* global __rt_internals */
const { denoNs, reportException, v8Console } = __rt_internals;
const {
  Error,
  JSONParse,
  JSONStringify,
  MapPrototypeClear,
  MapPrototypeDelete,
  MapPrototypeGet,
  MapPrototypeSet,
  MapPrototypeValues,
  MapIteratorPrototypeNext,
  NumberIsInteger,
  Promise,
  RangeError,
  SafeMap,
  SymbolDispose,
  TypeError,
} = primordials;

function coded(error, code) {
  error.code = code;
  return error;
}

const invalidType = (name, expected) =>
  coded(
    new TypeError(`The "${name}" argument must be of type ${expected}.`),
    "ERR_INVALID_ARG_TYPE",
  );

/** C++ has a session's id only. */
const sessions = new SafeMap();

function deliver(id, texts) {
  const receive = MapPrototypeGet(sessions, id);
  if (receive !== undefined) receive(texts);
}

export class Session extends Emitter {
  #id = null;
  #nextMessage = 1;
  #callbacks = new SafeMap();

  /** Connects to the debugger of this thread. */
  connect() {
    if (this.#id !== null) {
      throw coded(
        new Error("The inspector session is already connected"),
        "ERR_INSPECTOR_ALREADY_CONNECTED",
      );
    }
    this.#id = op_inspector_connect(deliver);
    MapPrototypeSet(sessions, this.#id, (texts) => this.#receive(texts));
  }

  /** Refused: a worker would get what only the main program may do. */
  connectToMainThread() {
    if (typeof globalThis.WorkerGlobalScope === "undefined") {
      throw coded(new Error("Current thread is not a worker"), "ERR_INSPECTOR_NOT_WORKER");
    }
    throw new denoNs.errors.NotCapable(
      "A worker cannot debug the main program, whose permissions are not its own",
    );
  }

  /** Sends a command; `callback(error, result)` gets the answer. */
  post(method, params, callback) {
    if (typeof method !== "string") throw invalidType("method", "string");
    if (callback === undefined && typeof params === "function") {
      callback = params;
      params = undefined;
    }
    if (params !== undefined && params !== null && typeof params !== "object") {
      throw invalidType("params", "object");
    }
    if (callback !== undefined && callback !== null && typeof callback !== "function") {
      throw invalidType("callback", "function");
    }
    if (this.#id === null) {
      throw coded(new Error("Session is not connected"), "ERR_INSPECTOR_NOT_CONNECTED");
    }
    const id = this.#nextMessage++;
    const message = { __proto__: null, id, method };
    if (params) message.params = params;
    const text = JSONStringify(message);
    if (callback) MapPrototypeSet(this.#callbacks, id, callback);
    this.#receive(op_inspector_dispatch(this.#id, text));
  }

  /** Ends the session; callbacks that wait get an error. */
  disconnect() {
    if (this.#id === null) return;
    const id = this.#id;
    this.#id = null;
    MapPrototypeDelete(sessions, id);
    op_inspector_disconnect(id);
    const waiting = MapPrototypeValues(this.#callbacks);
    const callbacks = [];
    for (let next = MapIteratorPrototypeNext(waiting); !next.done; ) {
      callbacks[callbacks.length] = next.value;
      next = MapIteratorPrototypeNext(waiting);
    }
    MapPrototypeClear(this.#callbacks);
    this.#nextMessage = 1;
    for (let i = 0; i < callbacks.length; i++) {
      this.#call(
        callbacks[i],
        coded(new Error("Session was closed"), "ERR_INSPECTOR_CLOSED"),
        undefined,
      );
    }
  }

  #call(callback, error, result) {
    try {
      callback(error, result);
    } catch (thrown) {
      reportException(thrown);
    }
  }

  #receive(texts) {
    for (let i = 0; i < texts.length; i++) {
      const message = JSONParse(texts[i]);
      if (message.id === undefined) {
        this.emit(message.method, message);
        this.emit("inspectorNotification", message);
        continue;
      }
      const callback = MapPrototypeGet(this.#callbacks, message.id);
      if (callback === undefined) continue;
      MapPrototypeDelete(this.#callbacks, message.id);
      if (message.error === undefined) {
        this.#call(callback, null, message.result);
      } else {
        const { code, message: words } = message.error;
        const error = new Error(`Inspector error ${code}: ${words}`);
        this.#call(callback, coded(error, "ERR_INSPECTOR_COMMAND"), undefined);
      }
    }
  }
}

/** The same with promises: https://nodejs.org/api/inspector.html#promises-api */
class PromiseSession extends Session {
  post(method, params) {
    return new Promise((resolve, reject) => {
      super.post(method, params, (error, result) => {
        if (error) reject(error);
        else resolve(result);
      });
    });
  }
}

/** Lets debuggers connect; with `wait`, until one has said that the program may go on. */
function open(port = 9229, host = "127.0.0.1", wait = false) {
  if (!NumberIsInteger(port) || port < 0 || port > 65535) {
    throw coded(
      new RangeError(`The value of "port" is out of range. It must be >= 0 && <= 65535.`),
      "ERR_OUT_OF_RANGE",
    );
  }
  // A name could lead anywhere, and elsewhere the next time.
  const address = `${host}` === "localhost" ? "127.0.0.1" : `${host}`;
  op_inspector_open({ __proto__: null, host: address, port });
  if (wait) op_inspector_wait();
  return { __proto__: null, [SymbolDispose]: close };
}

function close() {
  op_inspector_close();
}

/** The address of this program for debuggers; undefined: none can connect. */
function url() {
  return op_inspector_url() ?? undefined;
}

function waitForDebugger() {
  if (!op_inspector_wait()) {
    throw coded(new Error("Inspector is not active"), "ERR_INSPECTOR_NOT_ACTIVE");
  }
}

const shared = { close, console: v8Console, open, url, waitForDebugger };
/** The exports of node:inspector. */
export const inspector = { ...shared, Session };
/** The exports of node:inspector/promises. */
export const promises = { ...shared, Session: PromiseSession };
