// What the streams share about promises. Inside, an algorithm (pull, write, cancel, …) answers in
// one of three ways, so that the usual case makes no promise: `undefined` for done, a promise, or
// kPending when it will call back itself. Must never call a `then` that a script can replace.

import { primordials } from "rt:bootstrap/primordials.js";

const { ObjectFreeze, PromisePrototypeThen, PromiseReject, PromiseResolve, PromiseWithResolvers } =
  primordials;

const kDone = PromiseResolve(undefined);

/** What an algorithm returns that calls back later. */
export const kPending = ObjectFreeze({ __proto__: null });

function ignore() {}

/** Runs `callback` as a microtask of its own. It must not throw. */
export function soon(callback) {
  PromisePrototypeThen(kDone, callback);
}

/** "React" to what an algorithm returned. The callbacks must not throw. */
export function react(result, onFulfilled, onRejected) {
  if (result === undefined) PromisePrototypeThen(kDone, onFulfilled);
  else if (result !== kPending) PromisePrototypeThen(result, onFulfilled, onRejected);
}

/** What a script's callback returned, as an algorithm's result; its value is dropped. */
export function asResult(value) {
  const isObject = typeof value === "object" ? value !== null : typeof value === "function";
  return isObject ? PromiseResolve(value) : undefined;
}

/**
 * The same for the callbacks that end a stream, where the steps count that WebIDL takes for a
 * promise: whether a start is over before a cancel decides what the latter answers.
 */
export function asFinalResult(value) {
  const result = asResult(value);
  return result === undefined ? undefined : twoStepsLater(result);
}

/** A promise that follows another with two steps in between. */
export function twoStepsLater(promise) {
  return PromisePrototypeThen(PromisePrototypeThen(promise));
}

/** A promise that is rejected and never reported as unhandled. */
export function rejectedQuietly(reason) {
  return quiet(PromiseReject(reason));
}

/** Sets [[PromiseIsHandled]]. */
export function quiet(promise) {
  PromisePrototypeThen(promise, undefined, ignore);
  return promise;
}

function returnUndefined() {}

/** The promise a script gets for an algorithm's result: fulfilled with undefined. */
export function toUndefinedPromise(result) {
  return result === undefined
    ? PromiseResolve(undefined)
    : PromisePrototypeThen(result, returnUndefined);
}

/** {promise, resolve, reject} */
export const newDeferred = PromiseWithResolvers;
