// EventTarget (https://dom.spec.whatwg.org/#interface-eventtarget): listeners, dispatch, and the
// `on…` attributes. There is no tree: an event's path is its target alone. An error in a listener is
// reported and must never keep the remaining listeners from running.

import { primordials } from "rt:bootstrap/primordials.js";
import { DOMException } from "./dom_exception.js";
import {
  eventState,
  kDispatching,
  kInPassiveListener,
  kInitialized,
  kStopImmediatePropagation,
  kStopPropagation,
  kTrusted,
} from "./event.js";
import { reportException } from "./report.js";
import {
  configureInterface,
  domString,
  illegalInvocation,
  interfaceType,
  isObject,
  makeException,
  requiredArguments,
} from "./webidl.js";

const {
  ArrayPrototypePush,
  ArrayPrototypeSlice,
  ArrayPrototypeSplice,
  FunctionPrototypeCall,
  ObjectDefineProperty,
  ObjectGetOwnPropertyDescriptor,
  SafeMap,
} = primordials;

/** Set by abort.js, which depends on this file. */
let abortHooks = null;
export function setAbortHooks(hooks) {
  abortHooks = hooks;
  toAbortSignal = interfaceType("AbortSignal", hooks.isAbortSignal);
}
let toAbortSignal;

// Listener.flags
const kCapture = 1;
const kOnce = 2;
const kPassive = 4;
const kRemoved = 8;

/** One registered listener. Small, for a dispatch waits for each line of memory it has to look at. */
class Listener {
  callback;
  invokeHandler; // of an `on…` attribute, whose value is `callback`; else null
  flags;

  constructor(callback, flags, invokeHandler) {
    this.callback = callback;
    this.invokeHandler = invokeHandler;
    this.flags = flags;
  }
}

/** What an EventTarget holds, made when it gets its first listener. */
class TargetState {
  // What was looked up last. `lastType` null: nothing.
  lastType = null;
  lastList;
  listeners = new SafeMap(); // type -> Listener[], not empty
  handlers = null; // SafeMap of `on…` attributes that have a value: type -> Listener
}

let globalTarget = null;
let globalState = null;

/**
 * Makes `object` (the global) an event target without construction, and the `this` of
 * `addEventListener(…)` called without one.
 */
export function setGlobalEventTarget(object) {
  globalTarget = object;
  globalState = new TargetState();
}

/** The object given to setGlobalEventTarget, or null. */
export function getGlobalEventTarget() {
  return globalTarget;
}

let stateOf; // the TargetState of a target, or null; throws for anything else
let makeState; // the same, made when absent
let observerOf;
/** Calls `observer(type)` after listeners were added to or removed from `target`. */
export let observeListeners;

export class EventTarget {
  #state = null;
  #observer = null;

  static {
    stateOf = (target) => {
      if (isObject(target) && #state in target) return target.#state;
      if (target === globalTarget && globalState !== null) return globalState;
      throw illegalInvocation();
    };
    makeState = (target) => {
      const state = stateOf(target);
      if (state !== null) return state;
      return (target.#state = new TargetState());
    };
    observerOf = (target) => (#observer in target ? target.#observer : null);
    observeListeners = (target, observer) => {
      target.#observer = observer;
    };
  }

  addEventListener(type, callback, options = undefined) {
    const target = thisTarget(this);
    const prefix = "Failed to execute 'addEventListener' on 'EventTarget'";
    requiredArguments(arguments.length, 2, prefix);
    type = domString(type, prefix, "Argument 1");
    checkCallback(callback, prefix);
    let flags = 0;
    let signal;
    if (isObject(options)) {
      if (options.capture) flags |= kCapture;
      if (options.once) flags |= kOnce;
      if (options.passive) flags |= kPassive;
      signal = options.signal;
      if (signal !== undefined) {
        toAbortSignal(signal, prefix, "'signal' of 'AddEventListenerOptions' (Argument 3)");
        if (abortHooks.isAborted(signal)) return;
      }
    } else if (options) {
      flags = kCapture;
    }
    if (callback === null || callback === undefined) return;
    if (findListener(stateOf(target), type, callback, flags & kCapture) !== null) return;
    const listener = addListener(target, type, new Listener(callback, flags, null));
    if (signal !== undefined) {
      abortHooks.addAlgorithm(signal, () => removeListener(target, type, listener));
    }
  }

  removeEventListener(type, callback, options = undefined) {
    const target = thisTarget(this);
    const prefix = "Failed to execute 'removeEventListener' on 'EventTarget'";
    requiredArguments(arguments.length, 2, prefix);
    type = domString(type, prefix, "Argument 1");
    checkCallback(callback, prefix);
    const capture = (isObject(options) ? options.capture : options) ? kCapture : 0;
    const listener = findListener(stateOf(target), type, callback, capture);
    if (listener !== null) removeListener(target, type, listener);
  }

  dispatchEvent(event) {
    const target = thisTarget(this);
    const prefix = "Failed to execute 'dispatchEvent' on 'EventTarget'";
    requiredArguments(arguments.length, 1, prefix);
    if (!eventState.isEvent(event)) {
      throw makeException(prefix, "Argument 1", "is not of type Event", "ERR_INVALID_ARG_TYPE");
    }
    const flags = eventState.flags(event);
    if (flags & kDispatching) {
      throw new DOMException("The event is already being dispatched.", "InvalidStateError");
    }
    if (!(flags & kInitialized)) {
      throw new DOMException("The event's initialized flag is not set.", "InvalidStateError");
    }
    eventState.clearFlag(event, kTrusted);
    return dispatch(target, event, listenersOf(target, eventState.type(event)));
  }
}
configureInterface(EventTarget);

function thisTarget(self) {
  const target = self === undefined || self === null ? globalTarget : self;
  stateOf(target);
  return target;
}

function checkCallback(callback, prefix) {
  if (callback !== null && callback !== undefined && !isObject(callback)) {
    throw makeException(prefix, "Argument 2", "is not of type EventListener");
  }
}

function findListener(state, type, callback, capture) {
  const list = state?.listeners.get(type);
  if (list === undefined) return null;
  for (let i = 0; i < list.length; i++) {
    const listener = list[i];
    if (
      listener.callback === callback &&
      (listener.flags & kCapture) === capture &&
      listener.invokeHandler === null
    ) {
      return listener;
    }
  }
  return null;
}

function addListener(target, type, listener) {
  const { listeners } = makeState(target);
  const list = listeners.get(type);
  if (list === undefined) listeners.set(type, [listener]);
  else ArrayPrototypePush(list, listener);
  observerOf(target)?.(type);
  return listener;
}

function removeListener(target, type, listener) {
  if (listener.flags & kRemoved) return;
  listener.flags |= kRemoved;
  const state = stateOf(target);
  const list = state.listeners.get(type);
  let at = 0;
  while (list[at] !== listener) at++;
  if (list.length > 1) {
    ArrayPrototypeSplice(list, at, 1);
  } else {
    state.listeners.delete(type);
    if (state.lastType === type) state.lastType = null;
  }
  observerOf(target)?.(type);
}

/** Whether anything listens to `type` on `target`. */
export function hasListeners(target, type) {
  return listenersOf(target, type) !== undefined;
}

/** What listens to `type` on `target`, for fireTo; undefined: nothing. */
export function listenersOf(target, type) {
  const state = stateOf(target);
  if (state === null) return undefined;
  if (state.lastType === type) return state.lastList;
  const list = state.listeners.get(type);
  if (list !== undefined) {
    state.lastType = type;
    state.lastList = list;
  }
  return list;
}

/**
 * Dispatches an event made by built-in code: `isTrusted` is true. Returns false when a listener
 * canceled it. Never throws what a listener throws.
 */
export function fireEvent(target, event) {
  return fireTo(target, event, listenersOf(target, eventState.type(event)));
}

/** The same for who knows what listenersOf says for the event's type. */
export function fireTo(target, event, listeners) {
  eventState.setFlag(event, kTrusted);
  return dispatch(target, event, listeners);
}

function dispatch(target, event, current) {
  eventState.enter(event, target);
  if (current !== undefined && !(eventState.flags(event) & kStopPropagation)) {
    if (current.length === 1) {
      call(target, event, current[0]);
    } else {
      // Listeners added by a listener do not see this event.
      const list = ArrayPrototypeSlice(current);
      invoke(target, event, list, kCapture);
      if (!(eventState.flags(event) & kStopPropagation)) invoke(target, event, list, 0);
    }
  }
  return eventState.leave(event);
}

function invoke(target, event, list, capture) {
  for (let i = 0; i < list.length; i++) {
    const listener = list[i];
    if ((listener.flags & (kRemoved | kCapture)) !== capture) continue;
    call(target, event, listener);
    if (eventState.flags(event) & kStopImmediatePropagation) return;
  }
}

function call(target, event, listener) {
  const { callback, flags, invokeHandler } = listener;
  if (flags & kOnce) removeListener(target, eventState.type(event), listener);
  if (flags & kPassive) eventState.setFlag(event, kInPassiveListener);
  try {
    if (invokeHandler !== null) {
      invokeHandler(callback, target, event);
    } else if (typeof callback === "function") {
      FunctionPrototypeCall(callback, target, event);
    } else {
      const method = callback.handleEvent;
      if (typeof method !== "function") {
        throw makeException("", "EventListener.handleEvent", "is not a function");
      }
      FunctionPrototypeCall(method, callback, event);
    }
  } catch (error) {
    reportException(error);
  }
  if (flags & kPassive) eventState.clearFlag(event, kInPassiveListener);
}

/**
 * Defines an event handler attribute `on<type>`
 * (https://html.spec.whatwg.org/#event-handler-attributes). `invokeHandler(value, target, event)`
 * may replace the ordinary call, as `onerror` of the global needs.
 */
export function defineEventHandler(object, type, invokeHandler = callHandler) {
  const name = `on${type}`;
  // A computed accessor pair has the names "get onabort" and "set onabort".
  const accessors = {
    get [name]() {
      return stateOf(this ?? globalTarget)?.handlers?.get(type)?.callback ?? null;
    },
    set [name](value) {
      setHandler(this ?? globalTarget, type, isObject(value) ? value : null, invokeHandler);
    },
  };
  const { get, set } = ObjectGetOwnPropertyDescriptor(accessors, name);
  ObjectDefineProperty(object, name, {
    __proto__: null,
    get,
    set,
    enumerable: true,
    configurable: true,
  });
}

function setHandler(target, type, value, invokeHandler) {
  const state = value === null ? stateOf(target) : makeState(target);
  if (state === null) return;
  state.handlers ??= new SafeMap();
  const handler = state.handlers.get(type);
  if (handler === undefined) {
    if (value === null) return;
    const listener = new Listener(value, 0, invokeHandler);
    state.handlers.set(type, addListener(target, type, listener));
  } else if (value === null) {
    state.handlers.delete(type);
    removeListener(target, type, handler);
  } else {
    handler.callback = value; // and keeps its place among the listeners
  }
}

function callHandler(value, target, event) {
  if (typeof value !== "function") return;
  if (FunctionPrototypeCall(value, target, event) === false) eventState.cancel(event);
}
