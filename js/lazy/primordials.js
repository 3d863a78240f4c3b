// rt:bootstrap/primordials.js for bundles that are loaded later: what the snapshot captured, not what
// globals are by then.
/* global __rt_internals */

export const { primordials } = __rt_internals;
