// setTimeout and its family (https://html.spec.whatwg.org/#timers). JavaScript keeps the timers in a
// heap ordered by due time; C++ has one alarm clock for the earliest (rt:ops/timers). Clearing a
// timer leaves the alarm as it is: a needless alarm is cheaper than moving it. Never fires early.
//
// Ops: op_timer_now(): milliseconds on a monotonic clock; op_timer_arm(due): run fireTimers() when
// that clock has reached `due`, replacing an earlier alarm; op_timer_set_ref(on): whether timers keep the
// program running.

import { primordials } from "rt:bootstrap/primordials.js";
import { op_run_microtasks } from "rt:ops/core";
import { op_timer_arm, op_timer_now, op_timer_set_ref } from "rt:ops/timers";
import { kInspect } from "./inspect_as.js";
import { reportException } from "./report.js";
import { illegalInvocation, long, makeException, requiredArguments } from "./webidl.js";

const {
  ArrayPrototypePush,
  FunctionPrototypeCall,
  MathMax,
  ObjectSetPrototypeOf,
  PromisePrototypeThen,
  PromiseResolve,
  ReflectApply,
  SafeMap,
  String,
  SymbolDispose,
  SymbolToPrimitive,
} = primordials;

const kMaxDelay = 2 ** 31 - 1;
// https://html.spec.whatwg.org/#timer-initialisation-steps: deeper than this, at least 4 ms.
const kMaxFreeNesting = 5;
const kNestedDelay = 4;

let nextId = 1;
let nextSequence = 1;
let nestingLevel = 0; // of the callback that runs now
let referenced = 0; // active timers that keep the program running
let armedFor = Infinity; // when the alarm goes off; Infinity: it is not set
const heap = []; // Timeout[], a binary heap
const byId = new SafeMap(); // those whose number a script has asked for

// Of the test runner: {made(isScripts), enter(origin), leave()}. It remembers where a timer comes from
// and gives its callback that context back. Null costs nothing.
let tracker = null;

let timerState;

/**
 * What setTimeout and setInterval return: an object that converts to the timer's number, with the
 * methods Node's and Deno's have.
 */
class Timeout {
  #callback;
  #args; // array or null
  #delay;
  #repeat;
  #due = 0;
  #sequence = 0;
  #position = -1; // in the heap; -1: not active
  #id = 0;
  #isReferenced = true;
  #isCleared = false;
  #nesting;
  #origin = null;

  constructor(callback, delay, repeat, args) {
    this.#callback = callback;
    this.#args = args;
    this.#delay = delay;
    this.#repeat = repeat;
    this.#nesting = nestingLevel + 1;
    // Not originOfCallback(): a stack holds ten frames, and this would be one of them.
    if (tracker !== null) this.#origin = tracker.made();
  }

  static {
    timerState = {
      isTimeout: (value) => typeof value === "object" && value !== null && #due in value,
      start: (timer, now) => timer.#start(now),
      stop: (timer) => timer.#stop(),
      clear: (timer) => timer.#clear(),
      setRef: (timer, on) => timer.#setRef(on),
      due: (timer) => timer.#due,
      fire: (timer, now) => timer.#fire(now),
      describe: (timer) => ({
        delay: timer.#delay,
        due: timer.#due,
        origin: timer.#origin,
        referenced: timer.#isReferenced,
        repeat: timer.#repeat,
      }),
    };
    // Here and not by `__proto__: null` in the literal: that makes a dictionary, whose functions V8 does not inline.
    ObjectSetPrototypeOf(timerState, null);
  }

  /** Whether this timer fires before the other; equal times in the order they were set. */
  #before(other) {
    return this.#due < other.#due || (this.#due === other.#due && this.#sequence < other.#sequence);
  }

  #start(now) {
    let delay = this.#delay;
    if (this.#nesting > kMaxFreeNesting && delay < kNestedDelay) delay = kNestedDelay;
    this.#due = now + delay;
    this.#sequence = nextSequence++;
    this.#position = heap.length;
    ArrayPrototypePush(heap, this);
    this.#siftUp();
    if (this.#isReferenced && referenced++ === 0) op_timer_set_ref(true);
    if (this.#due < armedFor) arm(this.#due);
  }

  #stop() {
    const at = this.#position;
    if (at < 0) return;
    this.#position = -1;
    const last = heap[heap.length - 1];
    heap.length--;
    if (last !== this) {
      heap[at] = last;
      last.#position = at;
      last.#siftUp();
      last.#siftDown();
    }
    if (this.#isReferenced && --referenced === 0) op_timer_set_ref(false);
  }

  #siftUp() {
    let at = this.#position;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt];
      if (!this.#before(parent)) break;
      heap[at] = parent;
      parent.#position = at;
      at = parentAt;
    }
    heap[at] = this;
    this.#position = at;
  }

  #siftDown() {
    const count = heap.length;
    let at = this.#position;
    for (;;) {
      let childAt = 2 * at + 1;
      if (childAt >= count) break;
      if (childAt + 1 < count && heap[childAt + 1].#before(heap[childAt])) childAt++;
      const child = heap[childAt];
      if (!child.#before(this)) break;
      heap[at] = child;
      child.#position = at;
      at = childAt;
    }
    heap[at] = this;
    this.#position = at;
  }

  #setRef(on) {
    if (this.#isReferenced === on) return;
    this.#isReferenced = on;
    if (this.#position < 0) return;
    if (on) {
      if (referenced++ === 0) op_timer_set_ref(true);
    } else if (--referenced === 0) {
      op_timer_set_ref(false);
    }
  }

  #fire(now) {
    this.#stop();
    nestingLevel = this.#nesting;
    const callback = this.#callback;
    const origin = this.#origin;
    enterOrigin(origin);
    try {
      if (this.#args === null) FunctionPrototypeCall(callback, globalThisForCallbacks);
      else ReflectApply(callback, globalThisForCallbacks, this.#args);
    } catch (error) {
      reportException(error);
    }
    leaveOrigin(origin);
    nestingLevel = 0;
    // The callback may have cleared or restarted it.
    if (this.#position >= 0) return;
    if (this.#repeat) {
      this.#nesting++;
      this.#start(MathMax(now, op_timer_now()));
    } else if (this.#id !== 0) {
      byId.delete(this.#id);
    }
  }

  #clear() {
    this.#stop();
    this.#isCleared = true;
    this.#repeat = false;
    if (this.#id !== 0) byId.delete(this.#id);
  }

  /** Keeps the program running until the timer fired (the default). */
  ref() {
    if (!(#due in this)) throw illegalInvocation();
    this.#setRef(true);
    return this;
  }

  /** Lets the program end before the timer fired. */
  unref() {
    if (!(#due in this)) throw illegalInvocation();
    this.#setRef(false);
    return this;
  }

  hasRef() {
    if (!(#due in this)) throw illegalInvocation();
    return this.#isReferenced;
  }

  /** Starts the delay again, also after the timer fired. */
  refresh() {
    if (!(#due in this)) throw illegalInvocation();
    if (!this.#isCleared) {
      this.#stop();
      this.#start(op_timer_now());
    }
    return this;
  }

  /** The same as clearTimeout(timer). */
  close() {
    if (!(#due in this)) throw illegalInvocation();
    this.#clear();
    return this;
  }

  [SymbolDispose]() {
    if (!(#due in this)) throw illegalInvocation();
    this.#clear();
  }

  /** The timer's number, which the clear functions take too. */
  [SymbolToPrimitive]() {
    if (!(#due in this)) throw illegalInvocation();
    if (this.#id === 0) {
      this.#id = nextId++;
      // While its callback runs an interval is not in the heap, yet can be cleared.
      if (this.#position >= 0 || this.#repeat) byId.set(this.#id, this);
    }
    return this.#id;
  }

  [kInspect](inspect, options) {
    if (!(#due in this)) return inspect({}, options);
    const shown = { delay: this.#delay, repeat: this.#repeat, active: this.#position >= 0 };
    return `Timeout ${inspect(shown, options)}`;
  }
}

let globalThisForCallbacks;

function arm(due) {
  armedFor = due;
  op_timer_arm(due);
}

/**
 * Runs every timer that is due, with a microtask checkpoint after each. C++ calls it when the alarm
 * goes off; timers set meanwhile wait for the next alarm.
 */
export function fireTimers() {
  armedFor = Infinity;
  const now = op_timer_now();
  while (heap.length > 0 && timerState.due(heap[0]) <= now) {
    timerState.fire(heap[0], now);
    op_run_microtasks();
  }
  if (heap.length > 0) {
    const due = timerState.due(heap[0]);
    if (due < armedFor) arm(due);
  }
}

/** Milliseconds until the next timer, or -1 when there is none. */
export function nextTimerDelay() {
  if (heap.length === 0) return -1;
  return MathMax(0, timerState.due(heap[0]) - op_timer_now());
}

/** Where a callback comes from that is kept for later, for the tracker; null: nobody wants to know. */
export function originOfCallback() {
  return tracker === null ? null : tracker.made();
}

/** Before and after the call of a callback with that origin. */
export function enterOrigin(origin) {
  if (origin !== null) tracker.enter(origin);
}

export function leaveOrigin(origin) {
  if (origin !== null) tracker.leave();
}

/** Built-in code: from now on every timer has an origin; see `tracker`. */
export function trackTimers(value) {
  tracker = value;
}

/** The timers that will fire, as {delay, due, origin, referenced, repeat}; due as op_timer_now tells the time. */
export function activeTimers() {
  const list = [];
  for (let i = 0; i < heap.length; i++) ArrayPrototypePush(list, timerState.describe(heap[i]));
  return list;
}

/** The `this` of timer callbacks: the global, told by bootstrap. */
export function setTimerGlobal(object) {
  globalThisForCallbacks = object;
}

function toDelay(value) {
  if (typeof value === "number" && value >= 1 && value <= kMaxDelay) return value | 0;
  const delay = long(value);
  // Like every runtime: what does not fit in 31 bits, and 0, is one millisecond.
  return delay >= 1 ? delay : 1;
}

function describe(value) {
  if (value === undefined || value === null) return `${value}`;
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value === "object") return `an instance of ${value.constructor?.name ?? "Object"}`;
  return `type ${typeof value} (${typeof value === "string" ? `'${value}'` : String(value)})`;
}

/** Throws what Node throws if it is not a function. */
export function checkCallback(callback) {
  if (typeof callback !== "function") {
    throw makeException(
      "",
      "",
      `The "callback" argument must be of type function. Received ${describe(callback)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
}

/** Calls `callback` once, after `delay` milliseconds. */
export function setTimeout(callback, delay = 0, ...args) {
  checkCallback(callback);
  const timer = new Timeout(callback, toDelay(delay), false, args.length === 0 ? null : args);
  timerState.start(timer, op_timer_now());
  return timer;
}

/** Calls `callback` every `delay` milliseconds. */
export function setInterval(callback, delay = 0, ...args) {
  checkCallback(callback);
  const timer = new Timeout(callback, toDelay(delay), true, args.length === 0 ? null : args);
  timerState.start(timer, op_timer_now());
  return timer;
}

function timerOf(value) {
  if (timerState.isTimeout(value)) return value;
  return byId.get(typeof value === "number" ? value : long(value));
}

/** Stops a timer; numbers that name none are ignored. */
export function clearTimeout(id = undefined) {
  if (id === undefined || id === null) return;
  const timer = timerOf(id);
  if (timer !== undefined) timerState.clear(timer);
}

/** The same as clearTimeout. */
export function clearInterval(id = undefined) {
  clearTimeout(id);
}

/** Deno.refTimer. */
export function refTimer(id) {
  const timer = timerOf(id);
  if (timer !== undefined) timerState.setRef(timer, true);
}

/** Deno.unrefTimer. */
export function unrefTimer(id) {
  const timer = timerOf(id);
  if (timer !== undefined) timerState.setRef(timer, false);
}

/** Built-in code: a timer whose callback takes nothing; any delay, without limits on nesting. */
export function startTimer(callback, delay) {
  const timer = new Timeout(callback, delay, false, null);
  timerState.start(timer, op_timer_now());
  return timer;
}

/** Stops a timer of startTimer. */
export function stopTimer(timer) {
  timerState.stop(timer);
}

const resolved = PromiseResolve(undefined);

/** Runs `callback` as a microtask (https://html.spec.whatwg.org/#microtask-queuing). */
export function queueMicrotask(callback) {
  const prefix = "Failed to execute 'queueMicrotask'";
  requiredArguments(arguments.length, 1, prefix);
  if (typeof callback !== "function") {
    throw makeException(prefix, "Argument 1", "is not a function", "ERR_INVALID_ARG_TYPE");
  }
  PromisePrototypeThen(resolved, () => {
    try {
      callback();
    } catch (error) {
      reportException(error);
    }
  });
}
