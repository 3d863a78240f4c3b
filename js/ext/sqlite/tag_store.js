// SQLTagStore: prepared statements by the text of a template literal, the least recently used leave.
// https://nodejs.org/api/sqlite.html#class-sqltagstore

import { primordials } from "rt:bootstrap/primordials.js";
import { illegalConstructor, invalidArgType } from "./errors.js";
import { isFinalized, StatementSync } from "./statement.js";

const {
  ArrayIsArray,
  MapPrototypeClear,
  MapPrototypeDelete,
  MapPrototypeGet,
  MapPrototypeGetSize,
  MapPrototypeKeys,
  MapPrototypeSet,
  MapIteratorPrototypeNext,
  applyBind,
  SafeMap,
} = primordials;

const { prototype } = StatementSync;
const all = applyBind(prototype.all);
const get = applyBind(prototype.get);
const iterate = applyBind(prototype.iterate);
const run = applyBind(prototype.run);

const kMake = {};

/** Made by `database.createTagStore()`. */
export class SQLTagStore {
  #database;
  #prepare;
  #capacity;
  #statements = new SafeMap();

  constructor(token, database, prepare, capacity) {
    if (token !== kMake) throw illegalConstructor();
    this.#database = database;
    this.#prepare = prepare;
    this.#capacity = capacity;
  }

  #statement(strings) {
    if (!ArrayIsArray(strings)) {
      throw invalidArgType("First argument must be an array of strings (template literal).");
    }
    let sql = "";
    for (let i = 0; i < strings.length; i++) {
      if (typeof strings[i] !== "string") {
        throw invalidArgType("Template literal parts must be strings.");
      }
      if (i > 0) sql += "?";
      sql += strings[i];
    }
    let statement = MapPrototypeGet(this.#statements, sql);
    if (statement !== undefined) {
      MapPrototypeDelete(this.#statements, sql);
      if (isFinalized(statement)) statement = undefined;
    }
    statement ??= this.#prepare(sql);
    MapPrototypeSet(this.#statements, sql, statement);
    if (MapPrototypeGetSize(this.#statements) > this.#capacity) {
      const oldest = MapIteratorPrototypeNext(MapPrototypeKeys(this.#statements));
      MapPrototypeDelete(this.#statements, oldest.value);
    }
    return statement;
  }

  /** All rows. */
  all(strings, ...parameters) {
    return all(this.#statement(strings), parameters);
  }

  /** The first row, or undefined. */
  get(strings, ...parameters) {
    return get(this.#statement(strings), parameters);
  }

  /** An iterator over the rows. */
  iterate(strings, ...parameters) {
    return iterate(this.#statement(strings), parameters);
  }

  /** What changed. */
  run(strings, ...parameters) {
    return run(this.#statement(strings), parameters);
  }

  /** How many statements are kept. */
  get size() {
    return MapPrototypeGetSize(this.#statements);
  }

  /** How many may be. */
  get capacity() {
    return this.#capacity;
  }

  /** The database. */
  get db() {
    return this.#database;
  }

  /** Forgets all. */
  clear() {
    MapPrototypeClear(this.#statements);
  }
}

/** A store for a database. */
export function makeTagStore(database, prepare, capacity) {
  return new SQLTagStore(kMake, database, prepare, capacity);
}
