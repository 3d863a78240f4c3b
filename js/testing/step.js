// t.step: the context a test function gets, and how a step runs inside its test.
import { TestScope } from "./context.js";
import { now, primordials } from "./internals.js";
import { callerPlace } from "./place.js";
import { readArguments } from "./register.js";

const { ArrayPrototypePush, Error, ObjectAssign } = primordials;

let nextStepId = 1;

/** Runs `description` in `scope`; set by run.js, which needs this file. */
let runScope;
let report;

export function setStepRunner(run, send) {
  runScope = run;
  report = send;
}

/** The `t` of a test function. */
export class TestContext {
  #scope;
  /** The test's or step's name. */
  name;
  /** The URL of its file. */
  origin;
  /** The context of the test a step belongs to. */
  parent;

  constructor(scope, origin, parent = undefined) {
    this.#scope = scope;
    this.name = scope.description.name;
    this.origin = origin;
    this.parent = parent;
  }

  /**
   * Runs a step. Settles with whether it passed; does not reject when it failed.
   * @returns {Promise<boolean>}
   */
  step(nameOrFnOrOptions, optionsOrFn = undefined, maybeFn = undefined) {
    return this.#step(nameOrFnOrOptions, optionsOrFn, maybeFn);
  }

  async #step(nameOrFnOrOptions, optionsOrFn, maybeFn) {
    const parentScope = this.#scope;
    if (parentScope.ended) {
      throw new Error(
        "Cannot run test step after parent scope has finished execution. " +
          "Ensure any `.step(...)` calls are executed before their parent scope completes execution.",
      );
    }
    const given = readArguments(nameOrFnOrOptions, optionsOrFn, maybeFn, "TestContext.step()");
    const { sanitizeOps, sanitizeResources, sanitizeExit } = parentScope.description;
    const description = ObjectAssign(
      { __proto__: null, ignore: false, sanitizeOps, sanitizeResources, sanitizeExit },
      given,
    );
    description.place = callerPlace();
    description.id = nextStepId++;
    const scope = new TestScope(description, parentScope);
    scope.ended = false;
    const entry = { id: description.id, scope, done: false };
    ArrayPrototypePush(parentScope.steps, entry);
    report({
      kind: "stepStart",
      id: description.id,
      parent: parentScope.description.id,
      level: levelOf(scope),
      name: description.name,
      place: description.place,
    });
    const start = now();
    const outcome = description.ignore
      ? { result: "ignored" }
      : await runScope(scope, [new TestContext(scope, this.origin, this)]);
    entry.done = true;
    if (parentScope.ended) return false; // reported as incomplete
    if (outcome.result === "failed") parentScope.failedSteps++;
    report({
      kind: "stepEnd",
      id: description.id,
      ms: description.ignore ? 0 : now() - start,
      ...outcome,
    });
    return outcome.result !== "failed";
  }
}

function levelOf(scope) {
  let level = 0;
  for (let at = scope.parent; at !== null; at = at.parent) level++;
  return level;
}
