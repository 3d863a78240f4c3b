// `close()` and `closed` of the main program's global, as Deno has them: closing is exiting.

import { primordials } from "rt:bootstrap/primordials.js";
import { startTimer } from "../web/timers.js";
import { exit } from "./os.js";

const { PromisePrototypeThen, PromiseResolve } = primordials;

let closing = false;

/** Ends the program with code 0 once what runs now, and what is due already, is done. */
export function close() {
  if (closing) return;
  closing = true;
  // A timer (of 1 ms, as the shortest that setTimeout makes) behind the promise jobs: what was due
  // before has run by then.
  PromisePrototypeThen(PromiseResolve(undefined), () => {
    startTimer(() => exit(0), 1);
  });
}

/** Whether `close` was called. */
export function getClosed() {
  return closing;
}
