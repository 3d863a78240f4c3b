// Sessions and changesets.
import { constants, DatabaseSync, Session } from "node:sqlite";
import { assert, assertEquals, assertThrows, test } from "../harness.js";

function open() {
  const db = new DatabaseSync(":memory:");
  db.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, v); CREATE TABLE u (id INTEGER PRIMARY KEY)");
  return db;
}
const rows = (db) =>
  db
    .prepare("SELECT id, v FROM t ORDER BY id")
    .all()
    .map((r) => [r.id, r.v]);
function fails(body, code, text) {
  const error = assertThrows(body, Error, text);
  assertEquals(error.code, code);
  return error;
}

test("a changeset carries changes over", () => {
  const from = open();
  const to = open();
  const session = from.createSession();
  assert(session instanceof Session);
  from.exec("INSERT INTO t VALUES (1, 'a'), (2, 'b'); UPDATE t SET v = 'c' WHERE id = 2");
  assertEquals(to.applyChangeset(session.changeset()), true);
  assertEquals(rows(to), [
    [1, "a"],
    [2, "c"],
  ]);
  assert(session.patchset().length <= session.changeset().length);
  session.close();
  fails(() => session.close(), "ERR_INVALID_STATE", "session is not open");
  fails(() => session.changeset(), "ERR_INVALID_STATE", "session is not open");
  session[Symbol.dispose]();
});

test("a session of one table sees that table", () => {
  const db = open();
  using session = db.createSession({ table: "u" });
  db.exec("INSERT INTO t VALUES (1, 2)");
  assertEquals(session.changeset().length, 0);
  db.exec("INSERT INTO u VALUES (1)");
  assert(session.changeset().length > 0);
  fails(() => db.createSession({ table: 1 }), "ERR_INVALID_ARG_TYPE", "options.table");
  fails(() => db.createSession({ db: 1 }), "ERR_INVALID_ARG_TYPE", "options.db");
});

test("conflicts", () => {
  const from = open();
  const session = from.createSession();
  from.exec("INSERT INTO t VALUES (1, 'new'), (2, 'two')");
  const changes = session.changeset();
  const conflicted = (options) => {
    const to = open();
    to.exec("INSERT INTO t VALUES (1, 'old')");
    return [to.applyChangeset(changes, options), rows(to)];
  };
  const old = [[1, "old"]];
  assertEquals(conflicted(), [false, old]);
  const kinds = [];
  const omit = (kind) => {
    kinds.push(kind);
    return constants.SQLITE_CHANGESET_OMIT;
  };
  assertEquals(conflicted({ onConflict: omit }), [true, [...old, [2, "two"]]]);
  assertEquals(kinds, [constants.SQLITE_CHANGESET_CONFLICT]);
  const replace = () => constants.SQLITE_CHANGESET_REPLACE;
  assertEquals(conflicted({ onConflict: replace })[1][0], [1, "new"]);
  fails(() => conflicted({ onConflict: () => 99 }), "ERR_SQLITE_ERROR", "misuse");
  fails(() => conflicted({ onConflict: () => "x" }), "ERR_SQLITE_ERROR", "misuse");
  assertEquals(conflicted({ filter: (table) => table !== "t" }), [true, old]);
  const fail = () => {
    throw new Error("mine");
  };
  assertThrows(() => conflicted({ onConflict: fail }), Error, "mine");
  assertThrows(() => conflicted({ filter: fail }), Error, "mine");
});

test("a handler cannot close the database", () => {
  const from = open();
  const session = from.createSession();
  from.exec("INSERT INTO t VALUES (1, 1)");
  const to = open();
  const filter = () => to.close();
  fails(() => to.applyChangeset(session.changeset(), { filter }), "ERR_INVALID_STATE", "close");
  assertEquals(to.isOpen, true);
});

test("a damaged changeset is an error, wherever it is damaged", () => {
  const from = open();
  from.exec("INSERT INTO t VALUES (1, 'one'), (2, x'00ff')");
  const session = from.createSession();
  from.exec(
    "INSERT INTO t VALUES (3, 1.5); UPDATE t SET v = 'uno' WHERE id = 1; DELETE FROM t WHERE id = 2",
  );
  for (const bytes of [session.changeset(), session.patchset()]) {
    const attempt = (damaged) => {
      const to = open();
      try {
        return to.applyChangeset(damaged, { onConflict: () => 0 });
      } catch (error) {
        assertEquals(error.code, "ERR_SQLITE_ERROR");
        return error.message;
      } finally {
        to.close();
      }
    };
    assertEquals(attempt(bytes), true);
    // Without the end of the table's name SQLite 3.40 would look for it for ever.
    assertEquals(attempt(bytes.slice(0, 5)), "database disk image is malformed");
    for (let i = 1; i < bytes.length; i++) {
      attempt(bytes.slice(0, i));
      for (const value of [0, 1, 36, 0x50, 0x54, 0x80, 0xff]) {
        const damaged = bytes.slice();
        damaged[i] = value;
        attempt(damaged);
      }
    }
  }
  assertEquals(open().applyChangeset(new Uint8Array(0)), true);
});

test("garbage is no changeset", () => {
  const db = open();
  fails(() => db.applyChangeset(new Uint8Array([1, 2, 3])), "ERR_SQLITE_ERROR");
  fails(() => db.applyChangeset("x"), "ERR_INVALID_ARG_TYPE", '"changeset"');
});
