// AbortController and AbortSignal (https://dom.spec.whatwg.org/#aborting-ongoing-activities).
// A signal that follows others must not be kept alive by them unless somebody listens to it.

import { primordials } from "rt:bootstrap/primordials.js";
import { DOMException } from "./dom_exception.js";
import { Event } from "./event.js";
import {
  defineEventHandler,
  EventTarget,
  fireEvent,
  hasListeners,
  observeListeners,
  setAbortHooks,
} from "./event_target.js";
import { inspectAs, kInspect } from "./inspect_as.js";
import { startTimer, stopTimer, refTimer, unrefTimer } from "./timers.js";
import {
  configureInterface,
  illegalConstructor,
  illegalInvocation,
  interfaceType,
  kConstruct,
  requiredArguments,
  sequence,
  unsignedLongLong,
} from "./webidl.js";

const { ArrayPrototypePush, SafeSet, SafeWeakRef, SafeSetIterator } = primordials;

/** The signals that follow one source: weakly, or strongly while somebody listens to them. */
class Dependents {
  weak = [];
  strong = new SafeSet();
  sweepAt = 16;

  add(signal) {
    // Amortised: dead entries never outnumber the live ones for long.
    if (this.weak.length >= this.sweepAt) {
      const live = [];
      for (let i = 0; i < this.weak.length; i++) {
        if (this.weak[i].deref() !== undefined) ArrayPrototypePush(live, this.weak[i]);
      }
      this.weak = live;
      this.sweepAt = live.length * 2 < 16 ? 16 : live.length * 2;
    }
    ArrayPrototypePush(this.weak, new SafeWeakRef(signal));
  }
}

const kTimedOut = "The operation was aborted due to timeout";

let signalState; // access to the private fields for the functions below

export class AbortSignal extends EventTarget {
  #reason = undefined; // undefined: not aborted
  #algorithms = null; // SafeSet of functions to run on abort
  #dependents = null; // Dependents
  #sources = null; // the signals this one follows; null for a signal that is its own source
  #timeout = null; // { timer, strong }: what AbortSignal.timeout() waits for

  constructor(key = undefined) {
    if (key !== kConstruct) throw illegalConstructor();
    super();
  }

  static {
    signalState = {
      __proto__: null,
      isSignal: (value) => typeof value === "object" && value !== null && #algorithms in value,
      reason: (signal) => signal.#reason,
      isAborted: (signal) => signal.#reason !== undefined,
      abort: (signal, reason) => signal.#abort(reason),
      addAlgorithm(signal, algorithm) {
        signal.#algorithms ??= new SafeSet();
        signal.#algorithms.add(algorithm);
        signal.#updateLiveness();
      },
      removeAlgorithm(signal, algorithm) {
        if (signal.#algorithms?.delete(algorithm)) signal.#updateLiveness();
      },
      follow: (signal, source) => signal.#follow(source),
      startTimeout: (signal, milliseconds) => signal.#startTimeout(milliseconds),
    };
  }

  #abort(reason) {
    if (this.#reason !== undefined) return;
    this.#reason = reason === undefined ? abortError() : reason;
    const aborted = [];
    if (this.#dependents !== null) {
      const { weak } = this.#dependents;
      for (let i = 0; i < weak.length; i++) {
        const signal = weak[i].deref();
        if (signal === undefined || signal.#reason !== undefined) continue;
        signal.#reason = this.#reason;
        ArrayPrototypePush(aborted, signal);
      }
      this.#dependents = null;
    }
    this.#runAbortSteps();
    for (let i = 0; i < aborted.length; i++) aborted[i].#runAbortSteps();
  }

  #runAbortSteps() {
    const algorithms = this.#algorithms;
    this.#algorithms = null;
    if (algorithms !== null) {
      for (const algorithm of new SafeSetIterator(algorithms)) algorithm();
    }
    if (hasListeners(this, "abort")) fireEvent(this, new Event("abort"));
    this.#updateLiveness();
    this.#sources = null;
    if (this.#timeout !== null) stopTimer(this.#timeout.timer);
    this.#timeout = null;
  }

  /** Becomes aborted when `source`, or what it follows, does. */
  #follow(source) {
    if (this.#sources === null) {
      this.#sources = [];
      observeListeners(this, () => this.#updateLiveness());
    }
    if (source.#sources === null) {
      this.#followRoot(source);
    } else {
      for (let i = 0; i < source.#sources.length; i++) this.#followRoot(source.#sources[i]);
    }
  }

  #followRoot(root) {
    for (let i = 0; i < this.#sources.length; i++) if (this.#sources[i] === root) return;
    ArrayPrototypePush(this.#sources, root);
    root.#dependents ??= new Dependents();
    root.#dependents.add(this);
  }

  #startTimeout(milliseconds) {
    // The timer knows the signal weakly, so an unused long timeout costs only its timer.
    const weak = new SafeWeakRef(this);
    const timer = startTimer(() => {
      weak.deref()?.#abort(new DOMException(kTimedOut, "TimeoutError"));
    }, milliseconds);
    unrefTimer(timer);
    this.#timeout = { timer, strong: false };
    observeListeners(this, () => this.#updateLiveness());
  }

  /**
   * While somebody waits for this signal, whatever can abort it holds on to it, and the timer of
   * a timeout keeps the program running.
   */
  #updateLiveness() {
    const awaited =
      this.#reason === undefined &&
      (hasListeners(this, "abort") ||
        (this.#algorithms !== null && this.#algorithms.size > 0) ||
        (this.#dependents !== null && this.#dependents.strong.size > 0));
    if (this.#timeout !== null && awaited !== this.#timeout.strong) {
      this.#timeout.strong = awaited;
      if (awaited) {
        awaitedTimeouts.add(this);
        refTimer(this.#timeout.timer);
      } else {
        awaitedTimeouts.delete(this);
        unrefTimer(this.#timeout.timer);
      }
    }
    if (this.#sources === null) return;
    for (let i = 0; i < this.#sources.length; i++) {
      const source = this.#sources[i];
      const strong = source.#dependents?.strong;
      if (strong === undefined || strong.has(this) === awaited) continue;
      if (awaited) strong.add(this);
      else strong.delete(this);
      source.#updateLiveness();
    }
  }

  static abort(reason = undefined) {
    const signal = new AbortSignal(kConstruct);
    signal.#reason = reason === undefined ? abortError() : reason;
    return signal;
  }

  static timeout(milliseconds) {
    const prefix = "Failed to execute 'AbortSignal.timeout'";
    requiredArguments(arguments.length, 1, prefix);
    milliseconds = unsignedLongLong(milliseconds, prefix, "Argument 1", { enforceRange: true });
    const signal = new AbortSignal(kConstruct);
    signal.#startTimeout(milliseconds);
    return signal;
  }

  static any(signals) {
    const prefix = "Failed to execute 'AbortSignal.any'";
    requiredArguments(arguments.length, 1, prefix);
    return anySignal(toSignals(signals, prefix, "Argument 1"));
  }

  get aborted() {
    if (!(#algorithms in this)) throw illegalInvocation();
    return this.#reason !== undefined;
  }

  get reason() {
    if (!(#algorithms in this)) throw illegalInvocation();
    return this.#reason;
  }

  throwIfAborted() {
    if (!(#algorithms in this)) throw illegalInvocation();
    if (this.#reason !== undefined) throw this.#reason;
  }

  [kInspect](inspect, options) {
    if (!(#algorithms in this)) return inspect({}, options);
    return inspectAs("AbortSignal", this, ["aborted", "reason", "onabort"], inspect, options);
  }
}
configureInterface(AbortSignal);
defineEventHandler(AbortSignal.prototype, "abort");

/** Timeouts somebody waits for: nothing else keeps them from the collector. */
const awaitedTimeouts = new SafeSet();

const isAbortSignal = signalState.isSignal;
const toSignal = interfaceType("AbortSignal", isAbortSignal);
const toSignals = sequence(toSignal);
setAbortHooks({
  isAbortSignal,
  isAborted: signalState.isAborted,
  addAlgorithm: signalState.addAlgorithm,
});

function abortError() {
  return new DOMException("The signal has been aborted", "AbortError");
}

function anySignal(signals) {
  const result = new AbortSignal(kConstruct);
  for (let i = 0; i < signals.length; i++) {
    if (signalState.isAborted(signals[i])) {
      signalState.abort(result, signalState.reason(signals[i]));
      return result;
    }
  }
  for (let i = 0; i < signals.length; i++) signalState.follow(result, signals[i]);
  return result;
}

export class AbortController {
  #signal = new AbortSignal(kConstruct);

  get signal() {
    if (!(#signal in this)) throw illegalInvocation();
    return this.#signal;
  }

  abort(reason = undefined) {
    if (!(#signal in this)) throw illegalInvocation();
    signalState.abort(this.#signal, reason);
  }

  [kInspect](inspect, options) {
    if (!(#signal in this)) return inspect({}, options);
    return inspectAs("AbortController", this, ["signal"], inspect, options);
  }
}
configureInterface(AbortController);

/** Built-in code: a signal without controller; abort it with `abortSignal`. */
export function createAbortSignal() {
  return new AbortSignal(kConstruct);
}

/** Aborts a signal made by `createAbortSignal`. */
export function abortSignal(signal, reason = undefined) {
  signalState.abort(signal, reason);
}

/** A signal that is aborted when the given one is (as `new Request(…, { signal })` needs). */
export function dependentSignal(signals) {
  return anySignal(signals);
}

/** Runs `algorithm` when the signal is aborted, before its event; it must not throw. */
export function addAbortAlgorithm(signal, algorithm) {
  if (!signalState.isAborted(signal)) signalState.addAlgorithm(signal, algorithm);
}

/** Undoes addAbortAlgorithm. */
export function removeAbortAlgorithm(signal, algorithm) {
  signalState.removeAlgorithm(signal, algorithm);
}

/** Whether a signal is aborted, without calling a getter user code may have replaced. */
export function isSignalAborted(signal) {
  return signalState.isAborted(signal);
}

/** The abort reason likewise. */
export function signalReason(signal) {
  return signalState.reason(signal);
}

/** WebIDL converter of AbortSignal. */
export const toAbortSignal = toSignal;
export { isAbortSignal };
