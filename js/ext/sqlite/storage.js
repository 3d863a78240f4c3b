// localStorage and sessionStorage: https://html.spec.whatwg.org/multipage/webstorage.html. The first is a
// database of the program's own (its --location, or its main module) in rt's cache folder, and
// several processes may use it at once; the second is this process's memory.

import { op_sqlite_exec, op_sqlite_new, op_sqlite_open, op_sqlite_prepare } from "rt:ops/sqlite";
import { op_sqlite_get, op_sqlite_all, op_sqlite_run } from "rt:ops/sqlite_statement";
import { op_sqlite_storage } from "rt:ops/sqlite_storage";
import { primordials } from "rt:bootstrap/primordials.js";
import { execute as executeSql, kArrays, onStore } from "./execute.js";

/* global __rt_internals */
const { inspectFields, QuotaExceededError, webidl } = __rt_internals;
const { configureInterface, domString, requiredArguments, unsignedLong } = webidl;
const {
  ObjectCreate,
  ObjectDefineProperty,
  ObjectHasOwn,
  Proxy,
  ReflectDefineProperty,
  ReflectDeleteProperty,
  ReflectGet,
  ReflectGetOwnPropertyDescriptor,
  ReflectHas,
  ReflectOwnKeys,
  ReflectSet,
  SafeWeakMap,
  StringFromCharCode,
  StringPrototypeCharCodeAt,
  StringPrototypeIncludes,
  StringPrototypeIsWellFormed,
  SymbolFor,
  TypedArrayPrototypeGetBuffer,
  TypedArrayPrototypeGetByteLength,
  TypeError,
  Uint16Array,
  Uint8Array,
  WeakMapPrototypeGet,
  WeakMapPrototypeHas,
  WeakMapPrototypeSet,
} = primordials;

/** Characters of keys and values together. */
const MOST = 10 * 1024 * 1024;

// The disk is full, or the file may not grow (https://www.sqlite.org/rescode.html).
const kSqliteFull = 13;
const kSqliteIoErrorWrite = 778;

const sizeOf = (column) =>
  `length(${column}) / CASE typeof(${column}) WHEN 'blob' THEN 2 ELSE 1 END`;

// `total` is kept by triggers: who sets a value need not look at all of them. (The ones that go are of
// rt 0.1.0's first stores, which knew no blobs.)
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS item (number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE, value TEXT);
  CREATE TABLE IF NOT EXISTS size (total INTEGER);
  INSERT INTO size SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM size);
  DROP TRIGGER IF EXISTS added;
  DROP TRIGGER IF EXISTS changed;
  DROP TRIGGER IF EXISTS removed;
  CREATE TRIGGER IF NOT EXISTS item_added AFTER INSERT ON item BEGIN
    UPDATE size SET total = total + ${sizeOf("new.key")} + ${sizeOf("new.value")}; END;
  CREATE TRIGGER IF NOT EXISTS item_changed AFTER UPDATE ON item BEGIN
    UPDATE size SET total = total + ${sizeOf("new.value")} - ${sizeOf("old.value")}; END;
  CREATE TRIGGER IF NOT EXISTS item_removed AFTER DELETE ON item BEGIN
    UPDATE size SET total = total - ${sizeOf("old.key")} - ${sizeOf("old.value")}; END;`;

/**
 * What stands for a text in the database: itself, or its UTF-16 as a blob. SQLite's text is UTF-8,
 * which has nothing for half a surrogate pair, and its length ends at a NUL.
 */
function pack(text) {
  if (StringPrototypeIsWellFormed(text) && !StringPrototypeIncludes(text, "\0")) return text;
  const units = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) units[i] = StringPrototypeCharCodeAt(text, i);
  return new Uint8Array(TypedArrayPrototypeGetBuffer(units));
}

function unpack(value) {
  if (typeof value === "string") return value;
  const length = TypedArrayPrototypeGetByteLength(value);
  let text = "";
  for (let i = 0; i + 1 < length; i += 2)
    text += StringFromCharCode(value[i] | (value[i + 1] << 8));
  return text;
}

const execute = (op, statement, values) =>
  onStore("localStorage", () => executeSql(op, statement, values));

/** The items of one storage area, in a database that is opened when it is first needed. */
class Area {
  #open;
  #statements;

  constructor(open) {
    this.#open = open;
  }

  #prepared() {
    if (this.#statements !== undefined) return this.#statements;
    const handle = onStore("localStorage", () => {
      const opened = this.#open();
      op_sqlite_exec(opened, SCHEMA);
      return opened;
    });
    const prepare = (sql) => op_sqlite_prepare(handle, sql, kArrays);
    this.#statements = {
      __proto__: null,
      begin: prepare("BEGIN IMMEDIATE"),
      clear: prepare("DELETE FROM item"),
      commit: prepare("COMMIT"),
      count: prepare("SELECT count(*) FROM item"),
      get: prepare("SELECT value FROM item WHERE key = ?"),
      key: prepare("SELECT key FROM item ORDER BY number LIMIT 1 OFFSET ?"),
      keys: prepare("SELECT key FROM item ORDER BY number"),
      remove: prepare("DELETE FROM item WHERE key = ?"),
      rollback: prepare("ROLLBACK"),
      set: prepare(
        "INSERT INTO item (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
      ),
      total: prepare("SELECT total FROM size"),
    };
    return this.#statements;
  }

  count() {
    return execute(op_sqlite_get, this.#prepared().count, [])[0];
  }

  key(index) {
    const row = execute(op_sqlite_get, this.#prepared().key, [index]);
    return row === undefined ? null : unpack(row[0]);
  }

  keys() {
    const rows = execute(op_sqlite_all, this.#prepared().keys, []);
    for (let i = 0; i < rows.length; i++) rows[i] = unpack(rows[i][0]);
    return rows;
  }

  get(key) {
    const row = execute(op_sqlite_get, this.#prepared().get, [pack(key)]);
    return row === undefined ? null : unpack(row[0]);
  }

  set(key, value) {
    if (key.length + value.length > MOST) throw tooMuch();
    const { begin, commit, rollback, set, total } = this.#prepared();
    execute(op_sqlite_run, begin, []);
    let done = false;
    try {
      execute(op_sqlite_run, set, [pack(key), pack(value)]);
      if (execute(op_sqlite_get, total, [])[0] > MOST) throw tooMuch();
      execute(op_sqlite_run, commit, []);
      done = true;
    } catch (error) {
      const { errcode } = error;
      throw errcode === kSqliteFull || errcode === kSqliteIoErrorWrite ? tooMuch() : error;
    } finally {
      if (!done) rollBack(rollback);
    }
  }

  remove(key) {
    execute(op_sqlite_run, this.#prepared().remove, [pack(key)]);
  }

  clear() {
    execute(op_sqlite_run, this.#prepared().clear, []);
  }
}

function rollBack(statement) {
  try {
    execute(op_sqlite_run, statement, []);
  } catch {
    // SQLite did so itself, as it does when the disk is full.
  }
}

const tooMuch = () => new QuotaExceededError("Exceeded maximum storage size");

/** Storage objects to their areas. */
const areas = new SafeWeakMap();
// The same by what console.log gets to see: what is behind the proxy.
const shownAreas = new SafeWeakMap();

export const isStorage = (value) => WeakMapPrototypeHas(areas, value);

function areaOf(storage) {
  const area = WeakMapPrototypeGet(areas, storage);
  if (area === undefined) throw new TypeError("Illegal invocation");
  return area;
}

// An assignment would run the setter a script put on a prototype.
function define(object, key, value) {
  ObjectDefineProperty(object, key, {
    __proto__: null,
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** What programs see of a storage area, besides its items as properties. */
export class Storage {
  constructor() {
    throw new TypeError("Illegal constructor");
  }

  /** How many items there are. */
  get length() {
    return areaOf(this).count();
  }

  /** The name of the item with this number, or null. */
  key(index) {
    const area = areaOf(this);
    const prefix = "Failed to execute 'key' on 'Storage'";
    requiredArguments(arguments.length, 1, prefix);
    return area.key(unsignedLong(index, prefix, "Argument 1"));
  }

  /** The value of an item, or null. */
  getItem(key) {
    const area = areaOf(this);
    const prefix = "Failed to execute 'getItem' on 'Storage'";
    requiredArguments(arguments.length, 1, prefix);
    return area.get(domString(key, prefix, "Argument 1"));
  }

  /** Sets an item; a QuotaExceededError if that were too much. */
  setItem(key, value) {
    const area = areaOf(this);
    const prefix = "Failed to execute 'setItem' on 'Storage'";
    requiredArguments(arguments.length, 2, prefix);
    const name = domString(key, prefix, "Argument 1");
    area.set(name, domString(value, prefix, "Argument 2"));
  }

  /** Takes an item away. */
  removeItem(key) {
    const area = areaOf(this);
    const prefix = "Failed to execute 'removeItem' on 'Storage'";
    requiredArguments(arguments.length, 1, prefix);
    area.remove(domString(key, prefix, "Argument 1"));
  }

  /** Takes all away. */
  clear() {
    areaOf(this).clear();
  }

  /** What console.log shows: the items, and how many there are. */
  [SymbolFor("Deno.privateCustomInspect")](inspect, options) {
    const area = WeakMapPrototypeGet(shownAreas, this);
    const items = { __proto__: null };
    const keys = [];
    const put = (key, value) => {
      define(keys, keys.length, key);
      define(items, key, value);
    };
    try {
      const names = area === undefined ? [] : area.keys();
      for (let i = 0; i < names.length; i++) put(names[i], area.get(names[i]));
      if (area !== undefined && !ObjectHasOwn(items, "length")) put("length", names.length);
    } catch {
      // A store that cannot be read is no reason why console.log(globalThis) should fail.
    }
    return inspect(inspectFields(items, keys, "Storage"), options);
  }
}
configureInterface(Storage);

/** The items as properties (https://webidl.spec.whatwg.org/#legacy-platform-objects). */
class Items {
  #area;

  constructor(area) {
    this.#area = area;
  }

  /** The value behind a property, null if it is none; what the prototype has comes first. */
  #item(target, name) {
    if (typeof name === "symbol" || ReflectHas(target, name)) return null;
    return this.#area.get(name);
  }

  get(target, name, receiver) {
    const value = this.#item(target, name);
    return value === null ? ReflectGet(target, name, receiver) : value;
  }

  set(target, name, value, receiver) {
    if (typeof name === "symbol") return ReflectSet(target, name, value, receiver);
    this.#area.set(name, `${value}`);
    return true;
  }

  has(target, name) {
    return this.#item(target, name) !== null || ReflectHas(target, name);
  }

  deleteProperty(target, name) {
    if (this.#item(target, name) === null) return ReflectDeleteProperty(target, name);
    this.#area.remove(name);
    return true;
  }

  defineProperty(target, name, descriptor) {
    if (typeof name === "symbol") return ReflectDefineProperty(target, name, descriptor);
    if (!ObjectHasOwn(descriptor, "value")) return false;
    this.#area.set(name, `${descriptor.value}`);
    return true;
  }

  getOwnPropertyDescriptor(target, name) {
    const value = this.#item(target, name);
    if (value === null) return ReflectGetOwnPropertyDescriptor(target, name);
    return { value, writable: true, enumerable: true, configurable: true };
  }

  ownKeys(target) {
    const names = this.#area.keys();
    const keys = [];
    const put = (key) => define(keys, keys.length, key);
    for (let i = 0; i < names.length; i++) {
      if (!ReflectHas(target, names[i])) put(names[i]);
    }
    const own = ReflectOwnKeys(target);
    for (let i = 0; i < own.length; i++) put(own[i]);
    return keys;
  }

  preventExtensions() {
    return false;
  }
}

function makeStorage(open) {
  const area = new Area(open);
  const target = ObjectCreate(Storage.prototype);
  const storage = new Proxy(target, new Items(area));
  WeakMapPrototypeSet(shownAreas, target, area);
  WeakMapPrototypeSet(areas, storage, area);
  return storage;
}

/** A database in memory. */
function openMemory() {
  const handle = op_sqlite_new({
    __proto__: null,
    path: ":memory:",
    readOnly: false,
    foreignKeys: false,
    doubleQuotedStrings: false,
    defensive: true,
    timeout: 0,
  });
  op_sqlite_open(handle);
  return handle;
}

let local;
let session;

/** What the global object gets, each made when it is first asked for. */
export const storage = {
  __proto__: null,
  Storage,
  get localStorage() {
    local ??= makeStorage(() => op_sqlite_storage(false));
    return local;
  },
  get sessionStorage() {
    session ??= makeStorage(openMemory);
    return session;
  },
};
