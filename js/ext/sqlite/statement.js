// StatementSync: https://nodejs.org/api/sqlite.html#class-statementsync

import {
  op_sqlite_all,
  op_sqlite_columns,
  op_sqlite_finalize,
  op_sqlite_get,
  op_sqlite_is_finalized,
  op_sqlite_iterate,
  op_sqlite_next,
  op_sqlite_return,
  op_sqlite_run,
  op_sqlite_set_flag,
  op_sqlite_sql,
} from "rt:ops/sqlite_statement";
import { primordials } from "rt:bootstrap/primordials.js";
import { booleanArgument, illegalConstructor } from "./errors.js";
import { counts, execute } from "./execute.js";

const { ArrayIsArray, ArrayPrototypePush, IteratorPrototype, ObjectSetPrototypeOf, SymbolDispose } =
  primordials;

/** What only this bundle can pass to a constructor. */
const kMake = {};

/** A row that C++ may have left unfinished: [finish, …], see src/ext/sqlite/rows.h. */
function finished(row) {
  return ArrayIsArray(row) ? row[0](row) : row;
}

/** The same for batches of rows. */
function finishedAll(rows) {
  if (rows.length === 0 || !ArrayIsArray(rows[0])) return rows;
  const all = rows[0][0](rows[0]);
  for (let i = 1; i < rows.length; i++) {
    const more = rows[i][0](rows[i]);
    for (let j = 0; j < more.length; j++) ArrayPrototypePush(all, more[j]);
  }
  return all;
}

/** Rows one at a time. Begins again when the statement is executed again. */
class StatementSyncIterator {
  #handle;
  #isArrays;

  constructor(handle, isArrays) {
    this.#handle = handle;
    this.#isArrays = isArrays;
  }

  next() {
    // As it is before SQLite calls a function that may change it: the op looks then, too.
    const isArrays = this.#isArrays();
    const row = op_sqlite_next(this.#handle);
    if (row === undefined) return { done: true, value: null };
    // Ordinary objects: those without a prototype are several times slower to make and to read.
    return { done: false, value: isArrays ? row : finished(row) };
  }

  return() {
    op_sqlite_return(this.#handle);
    return { done: true, value: null };
  }
}
delete StatementSyncIterator.prototype.constructor;
ObjectSetPrototypeOf(StatementSyncIterator.prototype, IteratorPrototype);

/** A prepared statement. Made by `database.prepare()`. */
export class StatementSync {
  #handle;
  #arrays;

  constructor(token, handle, arrays) {
    if (token !== kMake) throw illegalConstructor();
    this.#handle = handle;
    this.#arrays = arrays;
  }

  /** Executes it; what changed. */
  run(...parameters) {
    const bigInts = execute(op_sqlite_run, this.#handle, parameters);
    if (bigInts !== undefined) return bigInts;
    return { lastInsertRowid: counts[0], changes: counts[1] };
  }

  /** Executes it; the first row, or undefined. */
  get(...parameters) {
    const isArrays = this.#arrays;
    const row = execute(op_sqlite_get, this.#handle, parameters);
    return isArrays ? row : finished(row);
  }

  /** Executes it; all rows. */
  all(...parameters) {
    const isArrays = this.#arrays;
    const rows = execute(op_sqlite_all, this.#handle, parameters);
    return isArrays ? rows : finishedAll(rows);
  }

  /** Executes it; an iterator over the rows. */
  iterate(...parameters) {
    const rows = execute(op_sqlite_iterate, this.#handle, parameters);
    return new StatementSyncIterator(rows, () => this.#arrays);
  }

  /** What the columns of the rows are. */
  columns() {
    const flat = op_sqlite_columns(this.#handle);
    const columns = [];
    for (let i = 0; i < flat.length; i += 5) {
      ArrayPrototypePush(columns, {
        __proto__: null,
        column: flat[i],
        database: flat[i + 1],
        name: flat[i + 2],
        table: flat[i + 3],
        type: flat[i + 4],
      });
    }
    return columns;
  }

  /** The SQL it was made from. */
  get sourceSQL() {
    return op_sqlite_sql(this.#handle, false);
  }

  /** The same with the values that are bound. */
  get expandedSQL() {
    return op_sqlite_sql(this.#handle, true);
  }

  setReadBigInts(enabled) {
    op_sqlite_set_flag(this.#handle, 0, booleanArgument(enabled, "readBigInts"));
  }

  setReturnArrays(enabled) {
    op_sqlite_set_flag(this.#handle, 1, booleanArgument(enabled, "returnArrays"));
    this.#arrays = enabled;
  }

  setAllowBareNamedParameters(enabled) {
    op_sqlite_set_flag(this.#handle, 2, booleanArgument(enabled, "allowBareNamedParameters"));
  }

  setAllowUnknownNamedParameters(enabled) {
    op_sqlite_set_flag(this.#handle, 3, booleanArgument(enabled, "enabled"));
  }

  /** Ends it; an error if it has ended. */
  close() {
    op_sqlite_finalize(this.#handle);
  }

  [SymbolDispose]() {
    if (!op_sqlite_is_finalized(this.#handle)) op_sqlite_finalize(this.#handle);
  }

  static isFinalized(statement) {
    return op_sqlite_is_finalized(statement.#handle);
  }
}

/** Whether it has ended; not for programs. */
export const isFinalized = StatementSync.isFinalized;
delete StatementSync.isFinalized;

/** A StatementSync for the handle C++ made. */
export function makeStatement(handle, arrays) {
  return new StatementSync(kMake, handle, arrays);
}
