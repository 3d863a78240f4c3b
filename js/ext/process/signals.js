// The names of signals, and what a script does when one arrives.

import { op_core_try_close } from "rt:ops/core";
import { op_signal_bind, op_signal_next } from "rt:ops/signal";
import { primordials } from "rt:bootstrap/primordials.js";
import { lastPromiseId, setOpReferenced } from "rt:bootstrap/ring.js";
import { reportException } from "../web/report.js";

const { ObjectHasOwn, ObjectKeys, SafeMap, SafeSet, SetPrototypeForEach, String, TypeError } =
  primordials;

// Linux, all architectures rt is built for.
const kNumbers = {
  __proto__: null,
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGSTKFLT: 16,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPWR: 30,
  SIGSYS: 31,
};
const kAliases = { __proto__: null, SIGIOT: 6, SIGPOLL: 29, SIGUNUSED: 31 };
const kNames = { __proto__: null };
{
  const names = ObjectKeys(kNumbers);
  for (let i = 0; i < names.length; i++) kNames[kNumbers[names[i]]] = names[i];
}

// They end or stop a process without asking it, or come from its own faults.
const kNotForListeners = {
  __proto__: null,
  SIGKILL: true,
  SIGSTOP: true,
  SIGILL: true,
  SIGFPE: true,
  SIGSEGV: true,
};

/** The number of a signal's name. */
export function signalNumber(name) {
  const number = typeof name === "string" ? (kNumbers[name] ?? kAliases[name]) : undefined;
  if (number === undefined) throw new TypeError(`Invalid signal: ${String(name)}`);
  return number;
}

/** The number of a signal named or numbered, for sending it. */
export function toSignal(signal) {
  if (typeof signal !== "number") return signalNumber(signal);
  if ((signal | 0) !== signal) throw new TypeError(`Invalid signal: ${signal}`);
  return signal;
}

/** The name of a signal's number, null for 0. */
export function signalName(number) {
  if (number === 0) return null;
  return ObjectHasOwn(kNames, number) ? kNames[number] : `SIG${number}`;
}

/** By number: the resource that waits for the signal, and who wants to know. */
const bound = new SafeMap();

async function listen(number, entry) {
  // A listener may have taken itself back, and with it the resource.
  while (bound.get(number) === entry) {
    const answer = op_signal_next(entry.rid);
    // Somebody who only listens does not keep the program alive. (No promise: it arrived already.)
    if (typeof answer !== "boolean") setOpReferenced(lastPromiseId(), false);
    if (!(await answer)) return;
    // A copy: listeners may come and go meanwhile.
    const listeners = [];
    SetPrototypeForEach(entry.listeners, (listener) => {
      listeners[listeners.length] = listener;
    });
    for (let i = 0; i < listeners.length; i++) {
      const listener = listeners[i];
      try {
        listener();
      } catch (error) {
        reportException(error);
      }
    }
  }
}

function checkListener(signal, listener) {
  if (kNotForListeners[signal]) {
    throw new TypeError(`Binding to signal '${signal}' is not allowed`);
  }
  const number = signalNumber(signal);
  if (typeof listener !== "function") {
    throw new TypeError(`Signal listener must be a function. "${typeof listener}" is given.`);
  }
  return number;
}

/**
 * Calls `listener` when the process gets a signal, instead of what would happen otherwise. It does
 * not keep the program alive.
 * @param {string} signal
 * @param {() => void} listener
 */
export function addSignalListener(signal, listener) {
  const number = checkListener(signal, listener);
  let entry = bound.get(number);
  if (entry === undefined) {
    entry = { __proto__: null, rid: op_signal_bind(number), listeners: new SafeSet() };
    bound.set(number, entry);
    listen(number, entry);
  }
  entry.listeners.add(listener);
}

/** Takes a listener of addSignalListener back; without any left the signal does what it would. */
export function removeSignalListener(signal, listener) {
  const number = checkListener(signal, listener);
  const entry = bound.get(number);
  if (entry === undefined) return;
  entry.listeners.delete(listener);
  if (entry.listeners.size > 0) return;
  bound.delete(number);
  op_core_try_close(entry.rid);
}
