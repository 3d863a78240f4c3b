// How arguments of SQL get to the ops, and what run() tells.

import { op_sqlite_counts } from "rt:ops/sqlite_statement";

/** What op_sqlite_run writes: lastInsertRowid, changes. */
export const counts = op_sqlite_counts();

/**
 * Calls an op with the arguments of SQL: their number, the first four (or undefined), and, if they
 * are more, all. Never reads an index that is not there: Array.prototype may have it.
 */
export function execute(op, handle, p) {
  const n = p.length;
  if (n === 0) return op(handle, 0, undefined, undefined, undefined, undefined, undefined);
  if (n === 1) return op(handle, 1, p[0], undefined, undefined, undefined, undefined);
  if (n === 2) return op(handle, 2, p[0], p[1], undefined, undefined, undefined);
  if (n === 3) return op(handle, 3, p[0], p[1], p[2], undefined, undefined);
  return op(handle, n, p[0], p[1], p[2], p[3], p);
}

/** How rt's own stores prepare statements: rows are arrays. */
export const kArrays = {
  __proto__: null,
  readBigInts: false,
  returnArrays: true,
  allowBare: false,
  allowUnknown: false,
};
