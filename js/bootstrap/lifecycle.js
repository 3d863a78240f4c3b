// The events of a program's life on the global object: load, beforeunload, unload, error,
// unhandledrejection. Called by the event loop through the hooks.
import { op_core_report_exception } from "rt:ops/core";
import { op_error_place } from "rt:ops/web";
import {
  ErrorEvent,
  Event,
  fireEvent,
  hasListeners,
  PromiseRejectionEvent,
} from "rt:ext/web/events.js";
import { primordials } from "./primordials.js";
import { setReportExceptionHook } from "rt:ext/web/report.js";

const { globalThis } = primordials;

/** Runs the listeners of `type`; cheap when there are none. False: one prevented the default. */
function fire(type, makeEvent) {
  if (!hasListeners(globalThis, type)) return true;
  return fireEvent(globalThis, makeEvent());
}

export function dispatchLoad() {
  fire("load", () => new Event("load"));
}

/**
 * True when a listener prevented the end: the loop runs on as long as there is something to wait
 * for.
 */
export function dispatchBeforeUnload() {
  return !fire("beforeunload", () => new Event("beforeunload", { cancelable: true }));
}

let unloaded = false;

/** Once: a listener may end the program itself. */
export function dispatchUnload() {
  if (unloaded) return;
  unloaded = true;
  fire("unload", () => new Event("unload"));
}

/** https://html.spec.whatwg.org/#unhandled-promise-rejections */
export function onUnhandledRejection(promise, reason) {
  return !fire(
    "unhandledrejection",
    () => new PromiseRejectionEvent("unhandledrejection", { promise, reason, cancelable: true }),
  );
}

/** A promise that `unhandledrejection` told of got a handler. */
export function onRejectionHandled(promise, reason) {
  fire(
    "rejectionhandled",
    () => new PromiseRejectionEvent("rejectionhandled", { promise, reason }),
  );
}

let reporting = false;
let uncaught = op_core_report_exception;

/** What becomes of an error no listener took: it ends the program, unless the test runner has it. */
export function setUncaught(action) {
  uncaught = action;
}

/** Makes errors of listeners, timers and microtasks uncaught errors of the program. */
export function setReporter() {
  setReportExceptionHook((error, isCall) => {
    // An error in an `error` listener is not given to the listeners again.
    if (!reporting) {
      reporting = true;
      try {
        const proceed = fire("error", () => {
          const place = op_error_place(error, isCall);
          return new ErrorEvent("error", {
            error,
            message: place[0],
            filename: place[1],
            lineno: place[2],
            colno: place[3],
            cancelable: true,
          });
        });
        if (!proceed) return;
      } finally {
        reporting = false;
      }
    }
    uncaught(error);
  });
}
