// The root of the bundle `rt test` and `rt bench` load into each runtime before the file: puts the real Deno.test
// and Deno.bench in place, and returns what C++ calls (src/runtime/test_file.cc). Runs once, before user code.
import { benchFunction, runBenches } from "./bench.js";
import { denoNs } from "./internals.js";
import { testFunction } from "./register.js";
import { onFileFailed, onStalled, onUncaught, prepare, runTests } from "./run.js";

denoNs.test = testFunction;
denoNs.bench = benchFunction;

/* global __rt_hooks */
__rt_hooks.prepare = prepare;
/** (options as JSON): a promise that settles when all that was registered has run. */
__rt_hooks.runTests = runTests;
__rt_hooks.runBenches = runBenches;
/** An error nobody caught: (error, in a promise, async context). */
__rt_hooks.uncaught = onUncaught;
/** The file as a whole failed, in words. */
__rt_hooks.failed = onFileFailed;
/** Nothing is left to wait for, but the promise has not settled. False: it never will. */
__rt_hooks.stalled = onStalled;
