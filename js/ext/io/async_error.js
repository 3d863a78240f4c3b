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

/**
 * withCaller for a function that returns an op's promise itself: what to give to onLastFailure. When the
 * error comes, nothing awaits on the stack; who waits for the promise is found once that follows this one.
 */
export async function failWithCaller(error) {
  await undefined;
  await undefined;
  throw withCaller(error, failWithCaller);
}
