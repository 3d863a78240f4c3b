// Where the Cache API (js/ext/cache) keeps what it has: one database for all caches of a program,
// which any number of processes use at the same time, and files beside it with the bodies that are
// too large for a row. What SQL does here is short, and done at once; bodies are the caller's to
// move. A file belongs to the row that names it: who removes the row removes the file afterwards,
// and what a process that died left over is swept away by a later one.

import { op_sqlite_exec, op_sqlite_prepare } from "rt:ops/sqlite";
import { op_sqlite_all, op_sqlite_get, op_sqlite_run } from "rt:ops/sqlite_statement";
import {
  op_sqlite_body_create,
  op_sqlite_body_exists,
  op_sqlite_body_list,
  op_sqlite_body_open,
  op_sqlite_body_remove,
  op_sqlite_has_bodies,
  op_sqlite_storage,
} from "rt:ops/sqlite_storage";
import { primordials } from "rt:bootstrap/primordials.js";
import { execute as executeSql, kArrays, onStore } from "./execute.js";

const { ArrayPrototypePush, DateNow, MathFloor } = primordials;

// A cache that was deleted while somebody has it open lives on without a name, as the specification
// wants it, and no longer counts. `total` is kept by triggers.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS cache (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, ended INTEGER);
  CREATE TABLE IF NOT EXISTS entry (number INTEGER PRIMARY KEY AUTOINCREMENT, cache INTEGER, url TEXT,
    path TEXT, request TEXT, response TEXT, body BLOB, file TEXT, size INTEGER, weight INTEGER);
  CREATE INDEX IF NOT EXISTS entries ON entry (cache, path);
  CREATE INDEX IF NOT EXISTS files ON entry (file) WHERE file IS NOT NULL;
  CREATE TABLE IF NOT EXISTS usage (total INTEGER, swept INTEGER);
  INSERT INTO usage SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM usage);
  CREATE TRIGGER IF NOT EXISTS entry_added AFTER INSERT ON entry
    WHEN (SELECT name FROM cache WHERE id = new.cache) IS NOT NULL
    BEGIN UPDATE usage SET total = total + new.weight; END;
  CREATE TRIGGER IF NOT EXISTS entry_removed AFTER DELETE ON entry
    WHEN (SELECT name FROM cache WHERE id = old.cache) IS NOT NULL
    BEGIN UPDATE usage SET total = total - old.weight; END;
  CREATE TRIGGER IF NOT EXISTS cache_ended AFTER UPDATE OF name ON cache WHEN new.name IS NULL
    BEGIN UPDATE usage SET total = total -
      (SELECT coalesce(sum(weight), 0) FROM entry WHERE cache = new.id); END;`;

const STATEMENTS = {
  __proto__: null,
  begin: "BEGIN IMMEDIATE",
  commit: "COMMIT",
  rollback: "ROLLBACK",
  findCache: "SELECT id FROM cache WHERE name = ?",
  addCache: "INSERT INTO cache (name) VALUES (?) ON CONFLICT DO NOTHING",
  cacheNames: "SELECT name, id FROM cache WHERE name IS NOT NULL ORDER BY id",
  cacheThere: "SELECT 1 FROM cache WHERE id = ?",
  endCache: "UPDATE cache SET name = NULL, ended = ? WHERE name = ?",
  isEnded: "SELECT 1 FROM cache WHERE id = ? AND name IS NULL",
  removeCache: "DELETE FROM cache WHERE id = ?",
  endedCaches: "SELECT id FROM cache WHERE name IS NULL AND ended <= ?",
  ofCache: "SELECT number, url, request, response FROM entry WHERE cache = ? ORDER BY number",
  ofPath:
    "SELECT number, url, request, response FROM entry WHERE cache = ? AND path = ? ORDER BY number",
  body: "SELECT body, file, size FROM entry WHERE number = ?",
  add:
    "INSERT INTO entry (cache, url, path, request, response, body, file, size, weight) " +
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
  remove: "DELETE FROM entry WHERE number = ? RETURNING file",
  removeAll: "DELETE FROM entry WHERE cache = ? RETURNING file",
  isNamed: "SELECT 1 FROM entry WHERE file = ?",
  total: "SELECT total FROM usage",
  swept: "SELECT swept FROM usage",
  sweep: "UPDATE usage SET swept = ? WHERE swept <= ?",
};

/** Seconds after which what nobody owns is what somebody left over. */
const LEFT_OVER = 3600;
/** Seconds between looks for that. */
const SWEEP_EVERY = 24 * 3600;

const seconds = () => MathFloor(DateNow() / 1000);

const execute = (op, statement, values) =>
  onStore("caches", () => executeSql(op, statement, values));

/** The caches of the program. */
export class CacheStore {
  /** Whether large bodies go into files; without a cache folder everything is memory. */
  hasFiles;
  #statements = { __proto__: null };

  constructor() {
    const handle = onStore("caches", () => {
      const opened = op_sqlite_storage(true);
      op_sqlite_exec(opened, SCHEMA);
      return opened;
    });
    this.hasFiles = op_sqlite_has_bodies();
    for (const name in STATEMENTS) {
      this.#statements[name] = op_sqlite_prepare(handle, STATEMENTS[name], kArrays);
    }
    if (this.#get("swept")[0] <= seconds() - SWEEP_EVERY) this.#sweep();
  }

  #get(name, ...values) {
    return execute(op_sqlite_get, this.#statements[name], values);
  }

  #all(name, ...values) {
    return execute(op_sqlite_all, this.#statements[name], values);
  }

  #run(name, ...values) {
    execute(op_sqlite_run, this.#statements[name], values);
  }

  /** Runs `change` as one transaction; what it throws undoes it. */
  transact(change) {
    this.#run("begin");
    let done = false;
    try {
      const result = change();
      this.#run("commit");
      done = true;
      return result;
    } finally {
      if (!done) this.#rollBack();
    }
  }

  #rollBack() {
    try {
      this.#run("rollback");
    } catch {
      // SQLite did so itself, as it does when the disk is full: what it said then is to be seen.
    }
  }

  /** The id of the cache of this name; undefined if there is none and it is not to be made. */
  cacheId(name, make) {
    let row = this.#get("findCache", name);
    if (row === undefined && make) {
      this.#run("addCache", name);
      row = this.#get("findCache", name);
    }
    return row?.[0];
  }

  /** [name, id] of each, in the order in which they were made. */
  caches() {
    return this.#all("cacheNames");
  }

  hasCache(id) {
    return this.#get("cacheThere", id) !== undefined;
  }

  /** Takes the name from a cache. Returns its id, undefined if there was none. */
  endCache(name) {
    return this.transact(() => {
      const row = this.#get("findCache", name);
      if (row !== undefined) this.#run("endCache", seconds(), name);
      return row?.[0];
    });
  }

  /** Removes a cache that has no name any more and nobody uses. */
  removeEnded(id) {
    let files;
    this.transact(() => {
      if (this.#get("isEnded", id) === undefined) return;
      files = this.#all("removeAll", id);
      this.#run("removeCache", id);
    });
    if (files !== undefined) for (let i = 0; i < files.length; i++) this.removeBody(files[i][0]);
  }

  /** [number, url, request, response] of a cache's entries; those of one path, or all for null. */
  entries(id, path) {
    return path === null ? this.#all("ofCache", id) : this.#all("ofPath", id, path);
  }

  /** [bytes, file, size] of an entry's body; undefined if the entry is gone. */
  body(number) {
    return this.#get("body", number);
  }

  /** Within a transaction; see the schema for what an entry has. */
  add(id, { url, path, request, response, body, file, size }) {
    const weight = size + url.length + request.length + response.length;
    this.#run("add", id, url, path, request, response, body, file, size, weight);
  }

  /** Removes an entry and returns the name of the file that is to be removed then, or null. */
  remove(number) {
    return this.#get("remove", number)?.[0] ?? null;
  }

  /** Bytes of all entries. */
  total() {
    return this.#get("total")[0];
  }

  /** [rid, name] of a new file for a body. */
  createBody() {
    return op_sqlite_body_create();
  }

  /** The rid of a file to read; throws NotFound if it is not there or not whole. */
  openBody(name, size) {
    return op_sqlite_body_open(name, size);
  }

  hasBody(name) {
    return op_sqlite_body_exists(name);
  }

  removeBody(name) {
    if (name !== null) op_sqlite_body_remove(name);
  }

  #sweep() {
    const now = seconds();
    const ended = this.#all("endedCaches", now - LEFT_OVER);
    for (let i = 0; i < ended.length; i++) this.removeEnded(ended[i][0]);
    const left = [];
    // Others name files of theirs in transactions, too: none can be in between.
    this.transact(() => {
      this.#run("sweep", now, now);
      const names = op_sqlite_body_list(LEFT_OVER);
      for (let i = 0; i < names.length; i++) {
        if (this.#get("isNamed", names[i]) === undefined) ArrayPrototypePush(left, names[i]);
      }
      for (let i = 0; i < left.length; i++) op_sqlite_body_remove(left[i]);
    });
  }
}
