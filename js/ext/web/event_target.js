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

/** One registered listener. */
class Listener {
  callback;
  capture;
  once;
  passive;
  removed = false;

  constructor(callback, capture, once, passive) {
    this.callback = callback;
    this.capture = capture;
    this.once = once;
    this.passive = passive;
  }
}

/** What an EventTarget holds, made when it gets its first listener. */
class TargetState {
  listeners = new SafeMap(); // type -> Listener[]
  handlers = null; // SafeMap of `on…` attributes: type -> Handler
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
    let capture = false;
    let once = false;
    let passive = false;
    let signal;
    if (isObject(options)) {
      capture = !!options.capture;
      once = !!options.once;
      passive = !!options.passive;
      signal = options.signal;
      if (signal !== undefined) {
        toAbortSignal(signal, prefix, "'signal' of 'AddEventListenerOptions' (Argument 3)");
        if (abortHooks.isAborted(signal)) return;
      }
    } else {
      capture = !!options;
    }
    if (callback === null || callback === undefined) return;
    const listener = addListener(target, type, callback, capture, once, passive);
    if (listener !== null && signal !== undefined) {
      abortHooks.addAlgorithm(signal, () => removeListener(target, type, listener));
    }
  }

  removeEventListener(type, callback, options = undefined) {
    const target = thisTarget(this);
    const prefix = "Failed to execute 'removeEventListener' on 'EventTarget'";
    requiredArguments(arguments.length, 2, prefix);
    type = domString(type, prefix, "Argument 1");
    checkCallback(callback, prefix);
    const capture = isObject(options) ? !!options.capture : !!options;
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
    return dispatch(target, event);
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
    if (list[i].callback === callback && list[i].capture === capture) return list[i];
  }
  return null;
}

function addListener(target, type, callback, capture, once, passive) {
  const state = makeState(target);
  let list = state.listeners.get(type);
  if (list === undefined) {
    list = [];
    state.listeners.set(type, list);
  } else if (findListener(state, type, callback, capture) !== null) {
    return null;
  }
  const listener = new Listener(callback, capture, once, passive);
  ArrayPrototypePush(list, listener);
  observerOf(target)?.(type);
  return listener;
}

function removeListener(target, type, listener) {
  if (listener.removed) return;
  listener.removed = true;
  const state = stateOf(target);
  const list = state.listeners.get(type);
  let at = 0;
  while (list[at] !== listener) at++;
  if (list.length === 1) state.listeners.delete(type);
  else ArrayPrototypeSplice(list, at, 1);
  observerOf(target)?.(type);
}

/** Whether anything listens to `type` on `target`. */
export function hasListeners(target, type) {
  return stateOf(target)?.listeners.has(type) ?? false;
}

/**
 * Dispatches an event made by built-in code: `isTrusted` is true. Returns false when a listener
 * canceled it. Never throws what a listener throws.
 */
export function fireEvent(target, event) {
  eventState.setFlag(event, kTrusted);
  return dispatch(target, event);
}

function dispatch(target, event) {
  eventState.enter(event, target);
  const current = stateOf(target)?.listeners.get(eventState.type(event));
  if (current !== undefined && !(eventState.flags(event) & kStopPropagation)) {
    // Listeners added by a listener do not see this event.
    const list = ArrayPrototypeSlice(current);
    invoke(target, event, list, true);
    if (!(eventState.flags(event) & kStopPropagation)) invoke(target, event, list, false);
  }
  return eventState.leave(event);
}

function invoke(target, event, list, capture) {
  for (let i = 0; i < list.length; i++) {
    const listener = list[i];
    if (listener.removed || listener.capture !== capture) continue;
    if (listener.once) removeListener(target, eventState.type(event), listener);
    if (listener.passive) eventState.setFlag(event, kInPassiveListener);
    const { callback } = listener;
    try {
      if (typeof callback === "function") {
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
    if (listener.passive) eventState.clearFlag(event, kInPassiveListener);
    if (eventState.flags(event) & kStopImmediatePropagation) return;
  }
}

/** The value of one `on…` attribute and the listener that stands for it. */
class Handler {
  value = null;
  listener = null;
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
      return stateOf(this ?? globalTarget)?.handlers?.get(type)?.value ?? null;
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
  let handler = state.handlers.get(type);
  if (handler === undefined) {
    if (value === null) return;
    handler = new Handler();
    state.handlers.set(type, handler);
  }
  handler.value = value;
  if (value === null) {
    if (handler.listener !== null) removeListener(target, type, handler.listener);
    handler.listener = null;
  } else if (handler.listener === null) {
    const callback = (event) => invokeHandler(handler.value, target, event);
    handler.listener = addListener(target, type, callback, false, false, false);
  }
}

function callHandler(value, target, event) {
  if (typeof value !== "function") return;
  if (FunctionPrototypeCall(value, target, event) === false) eventState.cancel(event);
}
