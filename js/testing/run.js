// Runs the tests of one file and says how it went, event by event. An error, wherever it surfaces, becomes the
// failure of the test it came from; what belongs to no running test is the file's.
import {
  op_test_context,
  op_test_format_failure,
  op_test_restore_permissions,
  op_test_restrict_permissions,
  op_test_send,
  op_test_set_context,
  op_test_watch_activity,
} from "rt:ops/testing";
import { callIn, currentScope, followTimers, TestScope } from "./context.js";
import {
  exitCode,
  now,
  primordials,
  setExitCode,
  setExitGuard,
  setUncaught,
  startTimer,
  stopTimer,
} from "./internals.js";
import { findLeaks, hasSlowEnds } from "./leaks.js";
import { permissionRules } from "./permissions.js";
import { hooks, state, tests } from "./register.js";
import { makeFilter, selectTests } from "./select.js";
import { setStepRunner, TestContext } from "./step.js";

const {
  ArrayPrototypePush,
  Error,
  FunctionPrototypeCall,
  JSONParse,
  JSONStringify,
  Promise,
  PromisePrototypeThen,
  PromiseWithResolvers,
} = primordials;

/** How often the loop may turn before what goes on after a test's end counts as a leak. */
const GRACE_TURNS = 4;
/** How long a thread that was told to end may take, in steps of a few milliseconds. */
const GRACE_STEPS = 40;
const GRACE_STEP_MS = 5;

const withResolvers = () => FunctionPrototypeCall(PromiseWithResolvers, Promise);

let current = null; // the scope of the running test
let defaultTimeout = 0;

function send(event) {
  op_test_send(JSONStringify(event));
}

function failureOf(error) {
  return op_test_format_failure(error);
}

let hasRejections = () => false;

/**
 * Before the file is loaded.
 * @param {string} optionsJson as of runTests
 * @param {() => boolean} rejectionsPending whether a rejection waits for the end of the turn to be reported
 * @returns {boolean} false: the options make no sense, as was said
 */
export function prepare(optionsJson, rejectionsPending) {
  const { filter } = JSONParse(optionsJson);
  try {
    makeFilter(filter);
  } catch (error) {
    send({ kind: "usage", message: `--filter: ${error.message}` });
    return false;
  }
  hasRejections = rejectionsPending;
  followTimers();
  op_test_watch_activity();
  setUncaught((error) => onUncaught(error, false, op_test_context()));
  setExitGuard((code) => {
    const scope = currentScope();
    if (scope === null || scope.ended || !scope.description.sanitizeExit) return;
    throw new Error(`Test case attempted to exit with exit code: ${code}`);
  });
  setStepRunner(runScope, send);
  return true;
}

/** An error nobody caught. */
export function onUncaught(error, inPromise, context) {
  let text;
  try {
    text = failureOf(error);
  } catch {
    text = "Error: an error that cannot be shown";
  }
  if (inPromise) text = `(in promise) ${text}`;
  const scope = context instanceof TestScope ? context : null;
  for (let at = scope; at !== null; at = at.parent) {
    if (at.abort === null) continue;
    at.abort({ result: "failed", failure: text });
    return;
  }
  if (scope !== null) {
    let root = scope;
    while (root.parent !== null) root = root.parent;
    send({ kind: "uncaught", failure: text, after: root.description.name, thrown: true });
  } else {
    send({ kind: "uncaught", failure: text, thrown: true });
  }
}

/** The file cannot go on. */
export function onFileFailed(failure) {
  send({ kind: "uncaught", failure });
}

/** The loop has nothing to wait for. */
export function onStalled() {
  if (current === null || current.abort === null) return false;
  // The innermost step is the one that waits.
  let scope = current;
  for (;;) {
    const last = scope.steps.length > 0 ? scope.steps[scope.steps.length - 1] : null;
    if (last === null || last.done || last.scope === undefined) break;
    scope = last.scope;
  }
  scope.abort({
    result: "failed",
    failure: "Promise resolution is still pending but the event loop has already resolved",
  });
  return true;
}

/** One turn of the loop, or more. */
function turn(milliseconds = 0) {
  return new Promise((resolve) => startTimer(resolve, milliseconds));
}

async function leaksAfter(scope, ops, resources) {
  if (!ops && !resources) return "";
  let leaks = findLeaks(scope, ops, resources);
  // What was closed a moment ago may end with the next turn.
  for (let i = 0; leaks !== "" && i < GRACE_TURNS; i++) {
    await turn();
    leaks = findLeaks(scope, ops, resources);
  }
  for (let i = 0; leaks !== "" && i < GRACE_STEPS && hasSlowEnds(scope); i++) {
    await turn(GRACE_STEP_MS);
    leaks = findLeaks(scope, ops, resources);
  }
  return leaks;
}

function incompleteSteps(scope) {
  let count = 0;
  for (let i = 0; i < scope.steps.length; i++) {
    const step = scope.steps[i];
    if (step.done) continue;
    count++;
    send({ kind: "stepEnd", id: step.id, ms: 0, result: "incomplete" });
  }
  return count;
}

/** Calls a test's or step's function and whatever must be so afterwards; says how it went. */
async function runScope(scope, args, before = null, after = null) {
  const { description } = scope;
  scope.steps = [];
  scope.failedSteps = 0;
  scope.ended = false;
  const exitCodeBefore = exitCode();
  // Not in a promise's executor, which would stand in every stack.
  const { promise, resolve } = withResolvers();
  scope.abort = (result) => {
    scope.abort = null;
    resolve(result);
  };
  const { fn } = description;
  const run = async () => {
    if (before !== null) await before();
    await fn(...args);
  };
  PromisePrototypeThen(
    callIn(scope, run, []),
    () => resolve({ result: "ok" }),
    (error) => resolve({ result: "failed", failure: failureOf(error) }),
  );
  let result = await promise;
  if (result.result === "ok" && hasRejections()) {
    // Nobody handled them while the test ran, which may have been for no turn at all.
    scope.abort = (failure) => {
      scope.abort = null;
      result = failure;
    };
    await turn();
  }
  scope.abort = null;
  const incomplete = incompleteSteps(scope);
  if (after !== null) {
    try {
      await callIn(scope, after, []);
    } catch (error) {
      if (result.result === "ok") result = { result: "failed", failure: failureOf(error) };
    }
  }
  if (description.sanitizeExit && exitCode() !== exitCodeBefore) {
    const code = exitCode();
    setExitCode(exitCodeBefore);
    if (result.result === "ok") {
      const failure = `Error: Test case finished with exit code set to ${code}`;
      result = { result: "failed", failure };
    }
  }
  if (result.result === "ok" && incomplete > 0) {
    result = { result: "failed", because: "incomplete" };
  } else if (result.result === "ok" && scope.failedSteps > 0) {
    result = { result: "failed", because: "steps", failedSteps: scope.failedSteps };
  }
  if (result.result === "ok") {
    const { sanitizeOps, sanitizeResources } = description;
    const failure = await leaksAfter(scope, sanitizeOps, sanitizeResources);
    if (failure !== "") result = { result: "failed", failure };
  }
  scope.ended = true;
  return result;
}

/** Runs with a limit of time: `description.timeout`, else that of --timeout. */
async function runTimed(scope, args, before, after) {
  const timeout = scope.description.timeout ?? defaultTimeout;
  if (!timeout) return runScope(scope, args, before, after);
  const timer = startTimer(() => {
    scope.abort?.({ result: "failed", failure: `Error: Test timed out after ${timeout}ms` });
  }, timeout);
  timer.unref(); // a test that can never end fails at once
  try {
    return await runScope(scope, args, before, after);
  } finally {
    stopTimer(timer);
  }
}

async function callHooks(list, reverse) {
  for (let i = 0; i < list.length; i++) {
    const hook = list[reverse ? list.length - 1 - i : i];
    await hook();
  }
}

async function runTest(description, origin) {
  const scope = new TestScope(description, null);
  let rules;
  try {
    rules = permissionRules(description.permissions);
    if (rules !== null) op_test_restrict_permissions(rules);
  } catch (error) {
    return { result: "failed", failure: failureOf(error) };
  }
  current = scope;
  try {
    const before = hooks.beforeEach.length > 0 ? () => callHooks(hooks.beforeEach, false) : null;
    const after = hooks.afterEach.length > 0 ? () => callHooks(hooks.afterEach, true) : null;
    return await runTimed(scope, [new TestContext(scope, origin)], before, after);
  } finally {
    current = null;
    if (rules !== null) op_test_restore_permissions();
  }
}

/** Runs beforeAll or afterAll. False: one failed, which is the file's failure. */
async function runAllHooks(list, reverse) {
  try {
    await callHooks(list, reverse);
    return true;
  } catch (error) {
    send({ kind: "uncaught", failure: failureOf(error) });
    return false;
  }
}

/**
 * Runs what the file registered.
 * @param {string} optionsJson {origin, filter, shuffle, failFast, timeout, noRun}
 */
export async function runTests(optionsJson) {
  const options = JSONParse(optionsJson);
  state.running = true;
  defaultTimeout = options.timeout ?? 0;
  const { selected, filteredOut, usedOnly } = selectTests(tests, options);
  for (let i = 0; i < selected.length; i++) selected[i].id = -1 - i;
  send({ kind: "plan", total: selected.length, filteredOut, usedOnly });
  op_test_set_context(undefined);
  const active = [];
  for (let i = 0; i < selected.length; i++) {
    if (!selected[i].ignore) ArrayPrototypePush(active, selected[i]);
  }
  const ready = active.length === 0 || (await runAllHooks(hooks.beforeAll, false));
  let failed = ready ? 0 : 1;
  for (let i = 0; i < selected.length; i++) {
    const description = selected[i];
    const { id, name, place } = description;
    if (!ready || (options.failFast > 0 && failed >= options.failFast)) break;
    send({ kind: "start", id, name, place, timeout: description.timeout ?? defaultTimeout });
    const start = now();
    const outcome = description.ignore
      ? { result: "ignored" }
      : await runTest(description, options.origin);
    if (outcome.result === "failed") failed++;
    send({ kind: "end", id, ms: description.ignore ? 0 : now() - start, ...outcome });
  }
  if (active.length > 0) await runAllHooks(hooks.afterAll, true);
}
