// rt:bootstrap/ring.js for bundles that are loaded later: there is one ring.
/* global __rt_internals */

export const { makeAsyncOp } = __rt_internals;
