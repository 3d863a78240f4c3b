// The async context of tests: an object that V8 hands on from a test's function to everything that follows from it
// (promises), and that timers carry (js/ext/web/timers.js). So a leak or an error is known to be that test's, whoever
// runs at the time.
import { op_test_context, op_test_set_context } from "rt:ops/testing";
import { primordials, trackTimers } from "./internals.js";

const { ArrayPrototypePop, ArrayPrototypePush, ErrorCaptureStackTrace, ReflectApply } = primordials;

/** One test or step while it runs. */
export class TestScope {
  /** @type {TestScope | null} the test or step it is a step of */
  parent;
  /** What it was registered with. */
  description;
  /** Settles the run with a failure from elsewhere; null when it is over. */
  abort = null;

  constructor(description, parent) {
    this.description = description;
    this.parent = parent;
  }

  /** Whether this is `scope` or a step somewhere below it. */
  within(scope) {
    for (let at = this; at !== null; at = at.parent) if (at === scope) return true;
    return false;
  }
}

/** The scope of what runs now, or null. */
export function currentScope() {
  const context = op_test_context();
  return context instanceof TestScope ? context : null;
}

/** Calls a function of the user's inside a scope. */
export function callIn(scope, callback, args) {
  const before = op_test_context();
  op_test_set_context(scope);
  try {
    return ReflectApply(callback, undefined, args);
  } finally {
    op_test_set_context(before);
  }
}

const entered = [];

/** From now on timers know their scope and the place they were set at. */
export function followTimers() {
  trackTimers({
    __proto__: null,
    made() {
      const scope = currentScope();
      if (scope === null) return null;
      const origin = { scope, stack: "" };
      ErrorCaptureStackTrace(origin);
      return origin;
    },
    enter(origin) {
      ArrayPrototypePush(entered, op_test_context());
      op_test_set_context(origin.scope);
    },
    leave() {
      op_test_set_context(ArrayPrototypePop(entered));
    },
  });
}
