// Where errors nobody can catch go: those of listeners, timers, microtasks and reportError().
// Must never throw, whatever a script did to the error it reports.

import { primordials } from "rt:bootstrap/primordials.js";

const { PromiseReject } = primordials;

/** Until bootstrap says otherwise an error surfaces as an unhandled rejection. */
let report = (error) => {
  PromiseReject(error);
};

/** Sets what becomes of such an error. Called once, by bootstrap. */
export function setReportExceptionHook(hook) {
  report = hook;
}

/**
 * "Report an exception" (https://html.spec.whatwg.org/#report-an-exception). `isCall`: the program
 * called for it, so that what says not where it is from is from there.
 */
export function reportException(error, isCall = false) {
  report(error, isCall);
}
