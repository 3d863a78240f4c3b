// The events of a program's life on the global object: load, beforeunload, unload, error,
// unhandledrejection. Called by the event loop through the hooks.
import { op_core_report_exception } from "rt:ops/core";
import { ErrorEvent, Event, fireEvent, hasListeners, PromiseRejectionEvent } from "rt:ext/web/events.js";
import { setReportExceptionHook } from "rt:ext/web/report.js";

/** Runs the listeners of `type`; cheap when there are none. False: one prevented the default. */
function fire(type, makeEvent) {
  if (!hasListeners(globalThis, type)) return true;
  return fireEvent(globalThis, makeEvent());
}

export function dispatchLoad() {
  fire("load", () => new Event("load"));
}

/** True when a listener prevented the end: the loop runs on as long as there is something to wait for. */
export function dispatchBeforeUnload() {
  return !fire("beforeunload", () => new Event("beforeunload", { cancelable: true }));
}

export function dispatchUnload() {
  fire("unload", () => new Event("unload"));
}

/** https://html.spec.whatwg.org/#unhandled-promise-rejections */
export function onUnhandledRejection(promise, reason) {
  return !fire(
    "unhandledrejection",
    () => new PromiseRejectionEvent("unhandledrejection", { promise, reason, cancelable: true }),
  );
}

let reporting = false;

/** Makes errors of listeners, timers and microtasks uncaught errors of the program. */
export function setReporter() {
  setReportExceptionHook((error) => {
    // An error in an `error` listener is not given to the listeners again.
    if (!reporting) {
      reporting = true;
      try {
        const proceed = fire("error", () =>
          new ErrorEvent("error", { error, message: messageOf(error), cancelable: true }));
        if (!proceed) return;
      } finally {
        reporting = false;
      }
    }
    op_core_report_exception(error);
  });
}

function messageOf(error) {
  try {
    return `Uncaught ${error}`;
  } catch {
    return "Uncaught exception";
  }
}
