// What js/testing uses of the built-ins. It is a bundle of its own, compiled only by `rt test` and `rt bench`, so it
// gets at theirs through this object (`internals` in js/bootstrap/main.js) instead of importing copies.
/* global __rt_internals */

export const {
  activeTimers,
  denoNs,
  exitCode,
  inspect,
  now,
  print,
  primordials,
  setExitCode,
  setExitGuard,
  setUncaught,
  startTimer,
  stdoutTakesColors,
  stopTimer,
  trackTimers,
} = __rt_internals;
