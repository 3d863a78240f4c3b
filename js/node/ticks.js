// The ticks of process.nextTick (https://nodejs.org/api/process.html#processnexttickcallback-args). C++ runs
// what is here at each end of a task: all ticks, then the microtasks, until neither is left. After ES
// modules the microtasks come first, because Node runs modules in one.

import { op_core_raise_ticks } from "rt:ops/core";
import { primordials } from "rt:bootstrap/primordials.js";
import { reportException } from "rt:ext/web/report.js";
import { enterOrigin, leaveOrigin, originOfCallback } from "rt:ext/web/timers.js";

const { ReflectApply } = primordials;

// A list from the oldest tick to the newest.
let first = null;
let last = null;
let isRaised = false;

/** Runs `callback` with the arguments of the list, without `this`, when the task at hand ends. */
export function addTick(callback, args) {
  const tick = { callback, args, origin: originOfCallback(), next: null };
  if (first === null) first = tick;
  else last.next = tick;
  last = tick;
  if (isRaised) return;
  isRaised = true;
  op_core_raise_ticks(runTicks);
}

/** Until the list is empty: a tick that adds another is followed by it. */
function runTicks() {
  isRaised = false;
  while (first !== null) {
    const { callback, args, origin } = first;
    first = first.next;
    enterOrigin(origin);
    try {
      ReflectApply(callback, undefined, args);
    } catch (error) {
      reportException(error);
    }
    leaveOrigin(origin);
  }
}
