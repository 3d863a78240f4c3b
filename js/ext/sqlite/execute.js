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

/** Does `work` on one of rt's own stores; an error about the file says what is to be done. */
export function onStore(name, work) {
  try {
    return work();
  } catch (error) {
    const kind = error.errcode & 0xff;
    if (kind === kSqliteCorrupt || kind === kSqliteNotADatabase) {
      error.message = `${name}: the program's store is damaged (${error.message}); "rt clean" removes it`;
    } else if (kind === kSqliteCannotOpen || kind === kSqliteReadOnly) {
      error.message = `${name}: the program's store in rt's cache folder cannot be written (${error.message})`;
    }
    throw error;
  }
}

const kSqliteReadOnly = 8;
const kSqliteCorrupt = 11;
const kSqliteCannotOpen = 14;
const kSqliteNotADatabase = 26;

/** How rt's own stores prepare statements: rows are arrays. Of the bits of StatementFlags. */
export const kArrays = 2;
