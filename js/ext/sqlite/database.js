// DatabaseSync: https://nodejs.org/api/sqlite.html#class-databasesync

import {
  op_sqlite_aggregate,
  op_sqlite_apply_changeset,
  op_sqlite_close,
  op_sqlite_deserialize,
  op_sqlite_exec,
  op_sqlite_function,
  op_sqlite_is_open,
  op_sqlite_is_transaction,
  op_sqlite_location,
  op_sqlite_new,
  op_sqlite_open,
  op_sqlite_prepare,
  op_sqlite_serialize,
  op_sqlite_session,
  op_sqlite_set_authorizer,
  op_sqlite_set_defensive,
} from "rt:ops/sqlite";
import { primordials } from "rt:bootstrap/primordials.js";
import {
  booleanArgument,
  booleanOption,
  constructCallRequired,
  functionArgument,
  functionOption,
  integerOption,
  invalidArgType,
  invalidState,
  noExtensions,
  objectArgument,
  outOfRange,
  stringArgument,
  stringOption,
} from "./errors.js";
import { applyLimits, limitsOf, makeLimits } from "./limits.js";
import { databasePath } from "./path.js";
import { makeSession } from "./session.js";
import { makeStatement } from "./statement.js";
import { makeTagStore } from "./tag_store.js";

const {
  NumberIsInteger,
  ObjectDefineProperty,
  ReflectConstruct,
  SymbolDispose,
  TypedArrayPrototypeGetSymbolToStringTag,
} = primordials;

const isUint8Array = (value) => TypedArrayPrototypeGetSymbolToStringTag(value) === "Uint8Array";

/** Options of a statement, with the database's where it has none of its own. */
function statementFlags(options, name, inherited) {
  if (options === undefined) return inherited;
  objectArgument(options, name);
  let flags = 0;
  for (let i = 0; i < kFlagNames.length; i++) {
    const bit = 1 << i;
    if (booleanOption(options, kFlagNames[i], (inherited & bit) !== 0)) flags |= bit;
  }
  return flags;
}

// The bits of StatementFlags, in their order.
const kFlagNames = [
  "readBigInts",
  "returnArrays",
  "allowBareNamedParameters",
  "allowUnknownNamedParameters",
];
const kReturnArrays = 2;
const kAllowBare = 4;

/** What function() and aggregate() share. */
function functionFlags(options) {
  return {
    __proto__: null,
    bigInts: booleanOption(options, "useBigIntArguments", false),
    varargs: booleanOption(options, "varargs", false),
    deterministic: booleanOption(options, "deterministic", false),
    directOnly: booleanOption(options, "directOnly", false),
  };
}

/** How many arguments a function takes in SQL; `own` of its parameters are not SQL's. */
function argumentCount(fn, own, varargs) {
  if (varargs) return -1;
  const { length } = fn;
  return typeof length === "number" && length > own ? length - own : 0;
}

/** A connection to a database. */
class Database {
  #handle;
  #flags = kAllowBare;
  #limits = [];
  #limitsObject;

  constructor(path, options) {
    const text = databasePath(path);
    let settings = {};
    if (options !== undefined) settings = objectArgument(options, "options");
    const open = booleanOption(settings, "open", true);
    const made = {
      __proto__: null,
      path: text,
      readOnly: booleanOption(settings, "readOnly", false),
      foreignKeys: booleanOption(settings, "enableForeignKeyConstraints", true),
      doubleQuotedStrings: booleanOption(settings, "enableDoubleQuotedStringLiterals", false),
      defensive: booleanOption(settings, "defensive", true),
      timeout: integerOption(settings, "timeout", 0),
    };
    if (made.timeout > 0x7fffffff) made.timeout = 0x7fffffff;
    if (made.timeout < 0) made.timeout = 0;
    if (booleanOption(settings, "allowExtension", false)) throw noExtensions();
    this.#flags = statementFlags(options, "options", kAllowBare);
    this.#limits = limitsOf(settings);
    this.#handle = op_sqlite_new(made);
    if (open) this.open();
  }

  /** Opens it, if the constructor did not. */
  open() {
    op_sqlite_open(this.#handle);
    applyLimits(this.#handle, this.#limits);
  }

  /** Closes it now, and all that was made from it. */
  close() {
    op_sqlite_close(this.#handle);
  }

  [SymbolDispose]() {
    if (op_sqlite_is_open(this.#handle)) op_sqlite_close(this.#handle);
  }

  /** Executes statements without results. */
  exec(sql) {
    op_sqlite_exec(this.#handle, stringArgument(sql, "sql"));
  }

  /** Compiles a statement. */
  prepare(sql, options = undefined) {
    const text = stringArgument(sql, "sql");
    const flags = statementFlags(options, "options", this.#flags);
    return makeStatement(
      op_sqlite_prepare(this.#handle, text, flags),
      (flags & kReturnArrays) !== 0,
    );
  }

  /** Where its file is; null for one in memory. */
  location(dbName = "main") {
    return op_sqlite_location(this.#handle, stringArgument(dbName, "dbName"));
  }

  get isOpen() {
    return op_sqlite_is_open(this.#handle);
  }

  get isTransaction() {
    return op_sqlite_is_transaction(this.#handle);
  }

  get limits() {
    this.#limitsObject ??= makeLimits(this.#handle);
    return this.#limitsObject;
  }

  /** Makes a function of SQL. */
  function(name, options, fn = undefined) {
    stringArgument(name, "name");
    let settings = {};
    let body = fn;
    if (fn === undefined && typeof options === "function") {
      body = options;
    } else {
      settings = objectArgument(options, "options");
    }
    functionArgument(body, "function");
    const flags = functionFlags(settings);
    op_sqlite_function(this.#handle, name, argumentCount(body, 0, flags.varargs), flags, body);
  }

  /** Makes an aggregate of SQL, with `inverse` also for windows. */
  aggregate(name, options) {
    stringArgument(name, "name");
    objectArgument(options, "options");
    const { start } = options;
    if (start === undefined) {
      throw invalidArgType('The "options.start" argument must be a function or a primitive value.');
    }
    const step = functionArgument(options.step, "options.step");
    const result = functionOption(options, "result");
    const flags = functionFlags(options);
    const inverse = functionOption(options, "inverse");
    let count = argumentCount(step, 1, flags.varargs);
    if (inverse !== undefined && !flags.varargs) {
      const needed = argumentCount(inverse, 1, false);
      if (needed > count) count = needed;
    }
    op_sqlite_aggregate(this.#handle, name, count, flags, start, step, result, inverse);
  }

  /** Who is asked about every statement that is compiled; null: nobody. */
  setAuthorizer(callback) {
    if (callback !== null && typeof callback !== "function") {
      throw invalidArgType('The "callback" argument must be a function or null.');
    }
    op_sqlite_set_authorizer(this.#handle, callback);
  }

  enableDefensive(active) {
    op_sqlite_set_defensive(this.#handle, booleanArgument(active, "active"));
  }

  /** Turning it off is possible, on is not. */
  enableLoadExtension(allow) {
    if (booleanArgument(allow, "allow")) {
      throw invalidState(
        "Cannot enable extension loading because it was disabled at database creation.",
      );
    }
  }

  /** Always refused. */
  loadExtension(path) {
    stringArgument(path, "path");
    throw invalidState("extension loading is not allowed");
  }

  /** Records what changes from now on. */
  createSession(options = undefined) {
    let settings = {};
    if (options !== undefined) settings = objectArgument(options, "options");
    const table = stringOption(settings, "table", undefined);
    const db = stringOption(settings, "db", "main");
    return makeSession(op_sqlite_session(this.#handle, table, db));
  }

  /** Does what a session recorded; false if it was given up because of a conflict. */
  applyChangeset(changeset, options = undefined) {
    if (!isUint8Array(changeset)) {
      throw invalidArgType('The "changeset" argument must be a Uint8Array.');
    }
    let settings = {};
    if (options !== undefined) settings = objectArgument(options, "options");
    const filter = functionOption(settings, "filter");
    const onConflict = functionOption(settings, "onConflict");
    return op_sqlite_apply_changeset(this.#handle, changeset, filter, onConflict);
  }

  /** The database as bytes. */
  serialize(dbName = "main") {
    return op_sqlite_serialize(this.#handle, stringArgument(dbName, "dbName"));
  }

  /** Replaces the database with what serialize() gave. */
  deserialize(buffer, options = undefined) {
    if (!isUint8Array(buffer)) {
      throw invalidArgType('The "buffer" argument must be a Uint8Array.');
    }
    let settings = {};
    if (options !== undefined) settings = objectArgument(options, "options");
    op_sqlite_deserialize(this.#handle, buffer, stringOption(settings, "dbName", "main"));
  }

  /** Prepared statements kept by the text of template literals. */
  createTagStore(maxSize = 1000) {
    if (!NumberIsInteger(maxSize)) {
      throw invalidArgType('The "maxSize" argument must be an integer.');
    }
    if (maxSize < 1) throw outOfRange('The "maxSize" argument must be at least 1.');
    const flags = this.#flags;
    const prepare = (sql) =>
      makeStatement(op_sqlite_prepare(this.#handle, sql, flags), (flags & kReturnArrays) !== 0);
    return makeTagStore(this, prepare, maxSize);
  }

  static handleOf(database) {
    return typeof database === "object" && database !== null && #handle in database
      ? database.#handle
      : undefined;
  }
}

/** The handle of a DatabaseSync, undefined for anything else; not for programs. */
export const { handleOf } = Database;
delete Database.handleOf;

/** The class programs see: Node has a code for a call without `new`. */
export function DatabaseSync(_path, _options) {
  if (new.target === undefined) throw constructCallRequired();
  return ReflectConstruct(Database, arguments, new.target);
}
ObjectDefineProperty(DatabaseSync, "prototype", {
  __proto__: null,
  value: Database.prototype,
  writable: false,
  enumerable: false,
  configurable: false,
});
ObjectDefineProperty(DatabaseSync, "length", { __proto__: null, value: 1, configurable: true });
ObjectDefineProperty(Database.prototype, "constructor", {
  __proto__: null,
  value: DatabaseSync,
  writable: true,
  enumerable: false,
  configurable: true,
});
