// backup(): https://nodejs.org/api/sqlite.html#sqlitebackupsourcedb-path-options. The pages move on
// the thread pool, `rate` at a time; in between the program goes on.

import {
  op_sqlite_backup_end,
  op_sqlite_backup_start,
  op_sqlite_backup_step,
} from "rt:ops/sqlite_backup";
import { primordials } from "rt:bootstrap/primordials.js";
import {
  functionOption,
  integerOption,
  invalidArgType,
  objectArgument,
  outOfRange,
  sqliteError,
  stringOption,
} from "./errors.js";
import { handleOf } from "./database.js";
import { databasePath } from "./path.js";

const { PromiseReject } = primordials;

const SQLITE_OK = 0;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_DONE = 101;

async function copy(rid, rate, progress) {
  try {
    for (;;) {
      const { code, remaining, total, message } = await op_sqlite_backup_step(rid, rate);
      const primary = code & 0xff;
      if (code === SQLITE_DONE) return total;
      if (primary !== SQLITE_OK && primary !== SQLITE_BUSY && primary !== SQLITE_LOCKED) {
        throw sqliteError(code, message);
      }
      if (progress !== undefined) {
        progress({ __proto__: null, totalPages: total, remainingPages: remaining });
      }
    }
  } finally {
    op_sqlite_backup_end(rid, rid);
  }
}

/** Copies a database that is in use; how many pages it has. */
export function backup(sourceDb, path, options = undefined) {
  const handle = handleOf(sourceDb);
  if (handle === undefined) {
    throw invalidArgType('The "sourceDb" argument must be an object.');
  }
  const target = databasePath(path);
  let settings = {};
  if (options !== undefined) settings = objectArgument(options, "options");
  const rate = integerOption(settings, "rate", 100);
  // No page at a time would never end.
  if (rate === 0) throw outOfRange('The "options.rate" argument must not be 0.');
  const source = stringOption(settings, "source", "main");
  const name = stringOption(settings, "target", "main");
  const progress = functionOption(settings, "progress");
  const pages = rate > 0x7fffffff ? 0x7fffffff : rate < 0 ? -1 : rate;
  let rid;
  try {
    rid = op_sqlite_backup_start(handle, target, source, name);
  } catch (error) {
    // What is wrong with the arguments is thrown, what is wrong with the files is the promise's.
    if (error.code === "ERR_INVALID_STATE") throw error;
    return PromiseReject(error);
  }
  return copy(rid, pages, progress);
}
