// DatabaseSync: options, opening and closing, errors as Node makes them.
import { DatabaseSync, StatementSync } from "node:sqlite";
import { assert, assertEquals, assertThrows, test } from "../harness.js";

const memory = (options) => new DatabaseSync(":memory:", options);

/** The error of `body`, which must have this code and text. */
function fails(body, code, text) {
  const error = assertThrows(body, Error, text);
  assertEquals(error.code, code);
  return error;
}

function inFolder(body) {
  const folder = Deno.makeTempDirSync();
  try {
    return body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

test("a path is a string, bytes or a file URL", () => {
  inFolder((folder) => {
    for (const path of [
      `${folder}/text.db`,
      new TextEncoder().encode(`${folder}/byt\u00e9s.db`),
      new URL(`file://${folder}/url.db`),
    ]) {
      using db = new DatabaseSync(path);
      db.exec("CREATE TABLE t (a)");
    }
    const names = [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
    assertEquals(names, ["byt\u00e9s.db", "text.db", "url.db"]);
  });
  for (const path of [undefined, 5, {}, "a\0b", new Uint8Array([0])]) {
    fails(() => new DatabaseSync(path), "ERR_INVALID_ARG_TYPE", '"path" argument');
  }
  fails(() => new DatabaseSync(new URL("http://h/x")), "ERR_INVALID_URL_SCHEME", "scheme file:");
});

test("the constructor needs new and can be extended", () => {
  fails(() => DatabaseSync(":memory:"), "ERR_CONSTRUCT_CALL_REQUIRED", "without `new`");
  class Mine extends DatabaseSync {
    twice() {
      return this.prepare("SELECT 2 AS n").get().n;
    }
  }
  const db = new Mine(":memory:");
  assertEquals(db.twice(), 2);
  assert(db instanceof DatabaseSync && db.constructor === Mine);
  fails(() => new StatementSync(), "ERR_ILLEGAL_CONSTRUCTOR", "Illegal constructor");
});

test("options are checked", () => {
  fails(() => memory(5), "ERR_INVALID_ARG_TYPE", '"options" argument must be an object');
  for (const name of [
    "open",
    "readOnly",
    "enableForeignKeyConstraints",
    "enableDoubleQuotedStringLiterals",
    "allowExtension",
    "readBigInts",
    "returnArrays",
    "allowBareNamedParameters",
    "allowUnknownNamedParameters",
    "defensive",
  ]) {
    fails(() => memory({ [name]: 1 }), "ERR_INVALID_ARG_TYPE", `"options.${name}" argument`);
  }
  fails(() => memory({ timeout: 1.5 }), "ERR_INVALID_ARG_TYPE", '"options.timeout"');
});

test("open: false waits for open()", () => {
  const db = memory({ open: false });
  assertEquals(db.isOpen, false);
  fails(() => db.exec("SELECT 1"), "ERR_INVALID_STATE", "database is not open");
  db.open();
  assertEquals(db.isOpen, true);
  fails(() => db.open(), "ERR_INVALID_STATE", "database is already open");
  db.close();
  fails(() => db.close(), "ERR_INVALID_STATE", "database is not open");
  db[Symbol.dispose]();
  db.open();
  db.close();
});

test("readOnly creates nothing and writes nothing", () => {
  inFolder((folder) => {
    const path = `${folder}/x.db`;
    const error = fails(
      () => new DatabaseSync(path, { readOnly: true }),
      "ERR_SQLITE_ERROR",
      "unable to open database file",
    );
    assertEquals([error.errcode, error.errstr], [14, "unable to open database file"]);
    new DatabaseSync(path).exec("CREATE TABLE t (a)");
    const db = new DatabaseSync(path, { readOnly: true });
    fails(() => db.exec("INSERT INTO t VALUES (1)"), "ERR_SQLITE_ERROR", "readonly database");
    db.close();
  });
});

test("foreign keys, quotes, defensive", () => {
  const foreign = "CREATE TABLE a (i INTEGER PRIMARY KEY); CREATE TABLE b (i REFERENCES a (i))";
  const strict = memory();
  strict.exec(foreign);
  fails(() => strict.exec("INSERT INTO b VALUES (1)"), "ERR_SQLITE_ERROR", "FOREIGN KEY");
  const lax = memory({ enableForeignKeyConstraints: false });
  lax.exec(foreign);
  lax.exec("INSERT INTO b VALUES (1)");
  fails(() => strict.exec('SELECT "x"'), "ERR_SQLITE_ERROR", "no such column");
  memory({ enableDoubleQuotedStringLiterals: true }).exec('SELECT "x"');
  const schema = "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema";
  fails(() => strict.exec(schema), "ERR_SQLITE_ERROR", "may not be modified");
  strict.enableDefensive(false);
  strict.exec(schema);
});

test("extensions are refused", () => {
  fails(() => memory({ allowExtension: true }), "ERR_LOAD_SQLITE_EXTENSION", "extensions");
  const db = memory();
  db.enableLoadExtension(false);
  fails(() => db.enableLoadExtension(true), "ERR_INVALID_STATE", "Cannot enable");
  fails(() => db.loadExtension("x"), "ERR_INVALID_STATE", "not allowed");
  fails(() => db.exec("SELECT load_extension('x')"), "ERR_SQLITE_ERROR", "not authorized");
});

test("errors have SQLite's code and words", () => {
  const db = memory();
  const error = fails(() => db.exec("nonsense"), "ERR_SQLITE_ERROR", "syntax error");
  assertEquals([error.errcode, error.errstr], [1, "SQL logic error"]);
  db.exec("CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1)");
  assertEquals(fails(() => db.exec("INSERT INTO t VALUES (1)"), "ERR_SQLITE_ERROR").errcode, 2067);
  fails(() => db.exec(), "ERR_INVALID_ARG_TYPE", '"sql" argument must be a string');
  fails(() => db.prepare(1), "ERR_INVALID_ARG_TYPE", '"sql" argument must be a string');
});

test("isTransaction, location", () => {
  inFolder((folder) => {
    const db = new DatabaseSync(`${folder}/x.db`);
    assertEquals(db.isTransaction, false);
    db.exec("BEGIN");
    assertEquals(db.isTransaction, true);
    db.exec("COMMIT");
    assertEquals(db.location(), `${Deno.realPathSync(folder)}/x.db`);
    db.exec("ATTACH ':memory:' AS m");
    assertEquals(db.location("m"), null);
    assertEquals(db.location("nothing"), null);
    db.close();
  });
});

test("close ends everything at once", () => {
  const db = memory();
  const statement = db.prepare("SELECT 1 AS a");
  const rows = statement.iterate();
  const session = db.createSession();
  db.close();
  fails(() => statement.get(), "ERR_INVALID_STATE", "statement has been finalized");
  fails(() => rows.next(), "ERR_INVALID_STATE", "statement has been finalized");
  fails(() => session.changeset(), "ERR_INVALID_STATE", "database is not open");
  db.open();
  fails(() => statement.get(), "ERR_INVALID_STATE", "statement has been finalized");
  fails(() => session.changeset(), "ERR_INVALID_STATE", "session is not open");
});

test("two connections wait for each other, or do not", () => {
  inFolder((folder) => {
    const path = `${folder}/x.db`;
    const one = new DatabaseSync(path);
    const two = new DatabaseSync(path, { timeout: 30 });
    one.exec("CREATE TABLE t (a); BEGIN EXCLUSIVE");
    const start = performance.now();
    const error = fails(() => two.exec("INSERT INTO t VALUES (1)"), "ERR_SQLITE_ERROR", "locked");
    assertEquals(error.errcode, 5);
    assert(performance.now() - start > 20, "it did not wait");
    one.exec("COMMIT");
    two.exec("INSERT INTO t VALUES (1)");
    // Reading the file closes a descriptor of it, which must not drop the locks.
    one.exec("BEGIN EXCLUSIVE");
    Deno.readFileSync(path);
    fails(() => two.exec("INSERT INTO t VALUES (1)"), "ERR_SQLITE_ERROR", "locked");
    one.close();
    two.close();
  });
});

test("a write-ahead log is shared, and gone after the last one", () => {
  inFolder((folder) => {
    const path = `${folder}/x.db`;
    const one = new DatabaseSync(path);
    const two = new DatabaseSync(path);
    one.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (a)");
    const count = two.prepare("SELECT count(*) AS n FROM t");
    one.exec("BEGIN; INSERT INTO t VALUES (1)");
    assertEquals(count.get().n, 0);
    one.exec("COMMIT");
    assertEquals(count.get().n, 1);
    const readOnly = new DatabaseSync(path, { readOnly: true });
    assertEquals(readOnly.prepare("SELECT count(*) AS n FROM t").get().n, 1);
    readOnly.close();
    one.close();
    two.close();
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  });
});

test("limits", () => {
  const db = memory({ limits: { attach: 0 } });
  assertEquals(db.limits.attach, 0);
  fails(() => db.exec("ATTACH ':memory:' AS m"), "ERR_SQLITE_ERROR", "too many attached");
  db.limits.attach = Infinity;
  assertEquals(db.limits.attach, 10);
  db.exec("ATTACH ':memory:' AS m");
  assertThrows(() => (db.limits.length = -1), RangeError, "non-negative");
  assertThrows(() => (db.limits.length = "1"), TypeError, "non-negative integer or Infinity");
  assertThrows(() => memory({ limits: { column: 1.5 } }), TypeError, "options.limits.column");
  assertEquals(Object.keys(db.limits).length, 11);
});

test("serialize and deserialize", () => {
  const one = memory();
  assertEquals(one.serialize().length, 0);
  one.exec("CREATE TABLE t (a); INSERT INTO t VALUES (42)");
  const bytes = one.serialize();
  assertEquals(new TextDecoder().decode(bytes.subarray(0, 15)), "SQLite format 3");
  const two = memory();
  const old = two.prepare("SELECT 1");
  two.deserialize(bytes);
  fails(() => old.get(), "ERR_INVALID_STATE", "finalized");
  two.exec("INSERT INTO t VALUES (43)");
  assertEquals(two.prepare("SELECT count(*) AS n FROM t").get().n, 2);
  assertEquals(one.prepare("SELECT count(*) AS n FROM t").get().n, 1);
  fails(() => two.deserialize(new Uint8Array(5000).fill(65)), "ERR_SQLITE_ERROR", "not a database");
  fails(() => two.deserialize("x"), "ERR_INVALID_ARG_TYPE", '"buffer"');
});
