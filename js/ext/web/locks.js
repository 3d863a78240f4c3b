// LockManager (https://w3c.github.io/web-locks/): named locks within the process. A lock is held
// until the promise of its callback settles, and keeps the program alive as long, as in Deno; so does a
// request that waits, since that is for one that is held.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_core_hold } from "rt:ops/core";
import { op_crypto_random_uuid } from "rt:ops/crypto";
import {
  addAbortAlgorithm,
  isAbortSignal,
  isSignalAborted,
  removeAbortAlgorithm,
  signalReason,
} from "./abort.js";
import { DOMException } from "./dom_exception.js";
import { inspectAs, kInspect } from "./inspect_as.js";
import {
  boolean,
  callbackFunction,
  configureInterface,
  dictionary,
  domString,
  enumeration,
  illegalConstructor,
  illegalInvocation,
  interfaceType,
  kConstruct,
  requiredArguments,
} from "./webidl.js";

const {
  ArrayPrototypeIndexOf,
  ArrayPrototypePush,
  ArrayPrototypeShift,
  ArrayPrototypeSplice,
  ObjectDefineProperty,
  PromisePrototypeThen,
  PromiseReject,
  PromiseResolve,
  PromiseWithResolvers,
  SafeMap,
  StringPrototypeStartsWith,
} = primordials;

const toOptions = dictionary("LockOptions", [
  { key: "ifAvailable", converter: boolean, defaultValue: false },
  {
    key: "mode",
    converter: enumeration("LockMode", ["shared", "exclusive"]),
    defaultValue: "exclusive",
  },
  { key: "signal", converter: interfaceType("AbortSignal", (value) => isAbortSignal(value)) },
  { key: "steal", converter: boolean, defaultValue: false },
]);

/** A lock that was granted. */
export class Lock {
  #name;
  #mode;

  constructor(key = undefined, name = undefined, mode = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
    this.#name = name;
    this.#mode = mode;
  }

  get name() {
    if (!(#name in this)) throw illegalInvocation();
    return this.#name;
  }

  get mode() {
    if (!(#name in this)) throw illegalInvocation();
    return this.#mode;
  }

  [kInspect](inspect, options) {
    if (!(#name in this)) return inspect({}, options);
    return inspectAs("Lock", this, ["name", "mode"], inspect, options);
  }
}
configureInterface(Lock);

/** A request, waiting or granted. */
class Request {
  name;
  mode;
  callback;
  signal;
  onAbort = null;
  released = PromiseWithResolvers(); // what request() returned

  constructor(name, { mode, signal }, callback) {
    this.name = name;
    this.mode = mode;
    this.callback = callback;
    this.signal = signal;
  }
}

// Per name: the requests that hold it and those that wait, oldest first. A name with neither is
// forgotten.
const names = new SafeMap();
let clientId = null;

function stateOf(name) {
  let state = names.get(name);
  if (state === undefined) {
    state = { held: [], waiting: [] };
    names.set(name, state);
  }
  return state;
}

function remove(list, item) {
  const at = ArrayPrototypeIndexOf(list, item);
  if (at >= 0) ArrayPrototypeSplice(list, at, 1);
  return at >= 0;
}

function isGrantable({ held }, request) {
  if (request.mode === "exclusive") return held.length === 0;
  for (let i = 0; i < held.length; i++) {
    if (held[i].mode === "exclusive") return false;
  }
  return true;
}

/** "Process the lock request queue". */
function processQueue(name) {
  const state = names.get(name);
  if (state === undefined) return;
  const { held, waiting } = state;
  while (waiting.length > 0 && isGrantable(state, waiting[0])) {
    grant(state, ArrayPrototypeShift(waiting));
  }
  if (held.length === 0 && waiting.length === 0) names.delete(name);
}

const done = PromiseResolve(undefined);

function grant(state, request) {
  ArrayPrototypePush(state.held, request);
  op_core_hold(true);
  PromisePrototypeThen(done, () => {
    if (request.signal !== undefined) {
      if (isSignalAborted(request.signal)) {
        release(request);
        return;
      }
      removeAbortAlgorithm(request.signal, request.onAbort);
    }
    call(request, new Lock(kConstruct, request.name, request.mode));
  });
}

/** Runs the callback; the lock is released when its promise settles. */
function call(request, lock) {
  const { resolve, reject } = request.released;
  const { callback } = request;
  PromisePrototypeThen(
    (async () => callback(lock))(),
    (value) => {
      release(request);
      resolve(value);
    },
    (error) => {
      release(request);
      reject(error);
    },
  );
}

function release(request) {
  const state = names.get(request.name);
  if (state === undefined || !remove(state.held, request)) return;
  op_core_hold(false);
  processQueue(request.name);
}

function enqueue(request, { ifAvailable, steal }) {
  const state = stateOf(request.name);
  if (steal) {
    const { held } = state;
    while (held.length > 0) {
      const stolen = ArrayPrototypeShift(held);
      op_core_hold(false);
      stolen.released.reject(
        new DOMException(
          "The lock was broken by another request with the 'steal' option",
          "AbortError",
        ),
      );
    }
    grant(state, request);
    return;
  }
  if (ifAvailable && (state.waiting.length > 0 || !isGrantable(state, request))) {
    PromisePrototypeThen(done, () => call(request, null));
    return;
  }
  const { signal } = request;
  if (signal !== undefined) {
    request.onAbort = () => {
      if (remove(state.waiting, request)) processQueue(request.name);
      request.released.reject(signalReason(signal));
    };
    addAbortAlgorithm(signal, request.onAbort);
  }
  ArrayPrototypePush(state.waiting, request);
  processQueue(request.name);
}

function notSupported(message) {
  return new DOMException(message, "NotSupportedError");
}

/** Checks a request's options and enqueues it. */
function requestLock(length, name, options, callback) {
  const prefix = "Failed to execute 'request' on 'LockManager'";
  requiredArguments(length, 2, prefix);
  const text = domString(name);
  if (length === 2) {
    callback = options;
    options = undefined;
  }
  const own = toOptions(options, prefix, "Argument 2");
  callbackFunction(callback, prefix, `Argument ${length === 2 ? 2 : 3}`);
  if (StringPrototypeStartsWith(text, "-")) {
    throw notSupported("Names cannot start with '-'");
  }
  if (own.steal && own.ifAvailable) {
    throw notSupported("The 'steal' and 'ifAvailable' options cannot be used together");
  }
  if (own.steal && own.mode !== "exclusive") {
    throw notSupported("The 'steal' option may only be used with 'exclusive' locks");
  }
  if (own.signal !== undefined && (own.steal || own.ifAvailable)) {
    throw notSupported("The 'signal' option cannot be used with 'steal' or 'ifAvailable'");
  }
  if (own.signal !== undefined && isSignalAborted(own.signal)) throw signalReason(own.signal);
  const request = new Request(text, own, callback);
  enqueue(request, own);
  return request.released.promise;
}

/** `navigator.locks`. */
export class LockManager {
  #brand;

  constructor(key = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
  }

  request(name, options, callback = undefined) {
    if (!(#brand in this)) return PromiseReject(illegalInvocation());
    try {
      return requestLock(arguments.length, name, options, callback);
    } catch (error) {
      return PromiseReject(error);
    }
  }

  async query() {
    if (!(#brand in this)) throw illegalInvocation();
    clientId ??= op_crypto_random_uuid();
    const held = [];
    const pending = [];
    const describe = (list, requests) => {
      for (let i = 0; i < requests.length; i++) {
        ArrayPrototypePush(list, { name: requests[i].name, mode: requests[i].mode, clientId });
      }
    };
    names.forEach((state) => {
      describe(held, state.held);
      describe(pending, state.waiting);
    });
    return { held, pending };
  }

  [kInspect](inspect, options) {
    if (!(#brand in this)) return inspect({}, options);
    return inspectAs("LockManager", this, [], inspect, options);
  }
}
configureInterface(LockManager);
ObjectDefineProperty(LockManager.prototype.request, "length", {
  __proto__: null,
  value: 2,
  configurable: true,
});

export const locks = new LockManager(kConstruct);
