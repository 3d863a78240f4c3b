// Stack traces of errors that arrive later. An error made by the event loop has no frames; called in the
// catch clause of an async function, this gives it those of whoever awaits that function.

import { primordials } from "rt:bootstrap/primordials.js";

const { ErrorCaptureStackTrace } = primordials;

/**
 * `throw withCaller(error, open)` in the catch clause of `async function open`.
 * @param {unknown} error what an op threw or was rejected with
 * @param {Function} below frames from this function on are left out
 */
export function withCaller(error, below) {
  ErrorCaptureStackTrace(error, below);
  return error;
}
