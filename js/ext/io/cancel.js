// AbortSignal for calls that run on the thread pool: the promise is rejected at once, the job stops at its
// next step. Never calls anything a script could have replaced.

import { op_core_try_close } from "rt:ops/core";
import { op_io_cancellation } from "rt:ops/io";
import { primordials } from "rt:bootstrap/primordials.js";
import { lastPromiseId, setOpReferenced } from "rt:bootstrap/ring.js";
import {
  addAbortAlgorithm,
  isAbortSignal,
  isSignalAborted,
  removeAbortAlgorithm,
  signalReason,
  toAbortSignal,
} from "../web/abort.js";
import { withCaller } from "./async_error.js";

const { Promise, PromisePrototypeThen } = primordials;

/**
 * Starts a pool op that can be cancelled. `start(rid)` calls the op and returns its promise; `rid` is the
 * cancellation it passes on, or undefined without a signal.
 * @param {AbortSignal | undefined | null} signal
 * @param {(rid: number | undefined) => unknown} start
 */
export function startAbortable(signal, start) {
  if (signal === undefined || signal === null) return start(undefined);
  throwIfAborted(signal);
  const rid = op_io_cancellation();
  let pending;
  try {
    pending = start(rid);
  } catch (error) {
    op_core_try_close(rid);
    throw error;
  }
  const id = lastPromiseId();
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      op_core_try_close(rid);
      // Nobody waits for the rest of it any more.
      setOpReferenced(id, false);
      reject(signalReason(signal));
    };
    const settle = (answer) => (value) => {
      removeAbortAlgorithm(signal, onAbort);
      op_core_try_close(rid);
      answer(value);
    };
    addAbortAlgorithm(signal, onAbort);
    PromisePrototypeThen(pending, settle(resolve), settle(reject));
  });
}

/** Throws the reason of a signal that is aborted already; a signal may be missing. */
export function throwIfAborted(signal) {
  if (signal === undefined || signal === null) return;
  toAbortSignal(signal, "", "'signal'");
  if (isSignalAborted(signal)) throw signalReason(signal);
}

/** withCaller for a call with a signal: an abort reason is the script's own and stays as it is. */
export function withCallerUnlessReason(error, signal, below) {
  const isReason =
    isAbortSignal(signal) && isSignalAborted(signal) && error === signalReason(signal);
  return isReason ? error : withCaller(error, below);
}
