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

const { IteratorPrototype, ObjectSetPrototypeOf, SymbolDispose } = primordials;

/** What only this bundle can pass to a constructor. */
const kMake = {};

/** Rows one at a time. Begins again when the statement is executed again. */
class StatementSyncIterator {
  #handle;

  constructor(handle) {
    this.#handle = handle;
  }

  next() {
    const row = op_sqlite_next(this.#handle);
    return row === undefined
      ? { __proto__: null, done: true, value: null }
      : { __proto__: null, done: false, value: row };
  }

  return() {
    op_sqlite_return(this.#handle);
    return { __proto__: null, done: true, value: null };
  }
}
delete StatementSyncIterator.prototype.constructor;
ObjectSetPrototypeOf(StatementSyncIterator.prototype, IteratorPrototype);

/** A prepared statement. Made by `database.prepare()`. */
export class StatementSync {
  #handle;

  constructor(token, handle) {
    if (token !== kMake) throw illegalConstructor();
    this.#handle = handle;
  }

  /** Executes it; what changed. */
  run(...parameters) {
    return op_sqlite_run(this.#handle, parameters);
  }

  /** Executes it; the first row, or undefined. */
  get(...parameters) {
    return op_sqlite_get(this.#handle, parameters);
  }

  /** Executes it; all rows. */
  all(...parameters) {
    return op_sqlite_all(this.#handle, parameters);
  }

  /** Executes it; an iterator over the rows. */
  iterate(...parameters) {
    return new StatementSyncIterator(op_sqlite_iterate(this.#handle, parameters));
  }

  /** What the columns of the rows are. */
  columns() {
    const flat = op_sqlite_columns(this.#handle);
    const columns = [];
    for (let i = 0, at = 0; i < flat.length; i += 5) {
      columns[at++] = {
        __proto__: null,
        column: flat[i],
        database: flat[i + 1],
        name: flat[i + 2],
        table: flat[i + 3],
        type: flat[i + 4],
      };
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
export function makeStatement(handle) {
  return new StatementSync(kMake, handle);
}
