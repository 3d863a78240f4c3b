// JavaScript that SQLite calls: functions, aggregates, authorizers; and what it must not be able to do.
import { constants, DatabaseSync } from "node:sqlite";
import { assertEquals, assertThrows, test } from "../harness.js";

const open = () => new DatabaseSync(":memory:");
const value = (db, sql) => db.prepare(sql).get().v;
function fails(body, code, text) {
  const error = assertThrows(body, Error, text);
  assertEquals(error.code, code);
}

test("functions take and give values", () => {
  const db = open();
  db.function("same", (x) => x);
  for (const sql of ["NULL", "5", "1.5", "'text'", "9007199254740991"]) {
    assertEquals(value(db, `SELECT same(${sql}) AS v`), value(db, `SELECT ${sql} AS v`));
  }
  assertEquals(value(db, "SELECT same(x'0102') AS v"), new Uint8Array([1, 2]));
  db.function("none_at_all", () => {});
  assertEquals(value(db, "SELECT none_at_all() AS v"), null);
  db.function("count", { varargs: true }, (...all) => all.length);
  assertEquals(value(db, "SELECT count(1, 2, 3) AS v"), 3);
  db.function("kind", { useBigIntArguments: true }, (x) => typeof x);
  assertEquals(value(db, "SELECT kind(1) AS v"), "bigint");
  fails(() => value(db, "SELECT same(1, 2) AS v"), "ERR_SQLITE_ERROR", "wrong number of arguments");
  fails(() => value(db, "SELECT same(9223372036854775807)"), "ERR_OUT_OF_RANGE", "too large");
  db.function("bad", () => ({}));
  fails(() => value(db, "SELECT bad()"), "ERR_SQLITE_ERROR", "cannot be converted");
  db.function("later", async () => 1);
  fails(() => value(db, "SELECT later()"), "ERR_SQLITE_ERROR", "Asynchronous");
  fails(() => db.function("f"), "ERR_INVALID_ARG_TYPE");
  fails(() => db.function(5, () => {}), "ERR_INVALID_ARG_TYPE", '"name"');
  fails(() => db.function("f", { varargs: 1 }, () => {}), "ERR_INVALID_ARG_TYPE", "varargs");
});

test("what a function throws comes out as it is", () => {
  const db = open();
  const mine = new RangeError("mine");
  db.function("fail", () => {
    throw mine;
  });
  const calls = [
    () => db.exec("SELECT fail()"),
    () => db.prepare("SELECT fail()").run(),
    () => db.prepare("SELECT fail()").all(),
    () => [...db.prepare("SELECT fail()").iterate()],
  ];
  for (const call of calls) {
    try {
      call();
      throw new Error("did not throw");
    } catch (error) {
      assertEquals(error === mine, true);
    }
  }
  assertEquals(value(db, "SELECT 1 AS v"), 1);
});

test("closing, finalizing and executing again inside a callback", () => {
  const db = open();
  db.exec("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3)");
  let meddle;
  db.function("meddle", (a) => meddle(a));
  const select = db.prepare("SELECT meddle(a) AS v FROM t");
  const refused = [
    [() => db.close(), "cannot close database"],
    [() => select.all(), "statement is being executed"],
    [() => select.close(), "statement is being executed"],
    [() => select.iterate(), "statement is being executed"],
    [() => db.deserialize(new Uint8Array(0)), "cannot deserialize"],
  ];
  for (const [body, text] of refused) {
    meddle = body;
    fails(() => select.all(), "ERR_INVALID_STATE", text);
    meddle = body;
    fails(() => select.iterate().next(), "ERR_INVALID_STATE", text);
  }
  // Other statements may be used, and functions replaced by themselves are refused by SQLite.
  meddle = (a) => db.prepare("SELECT ? * 10 AS v").get(a).v;
  assertEquals(select.all().length, 3);
  meddle = (a) => {
    db.prepare("INSERT INTO t VALUES (?)").run(a + 100);
    return a;
  };
  assertEquals(select.get().v, 1);
  meddle = () => db.function("meddle", () => 1);
  fails(() => select.all(), "ERR_SQLITE_ERROR", "active statements");
  meddle = (a) => {
    select.expandedSQL;
    return a;
  };
  assertEquals(select.get().v, 1);
});

test("getters of parameters cannot either", () => {
  const db = open();
  const select = db.prepare("SELECT :a AS v");
  const close = {
    get a() {
      db.close();
      return 1;
    },
  };
  fails(() => select.get(close), "ERR_INVALID_STATE", "cannot close database");
  const again = {
    get a() {
      return select.get({ a: 1 }).v;
    },
  };
  fails(() => select.get(again), "ERR_INVALID_STATE", "being executed");
  assertEquals(select.get({ a: 7 }).v, 7);
});

test("aggregates and windows", () => {
  const db = open();
  db.exec("CREATE TABLE t (g, x); INSERT INTO t VALUES ('a', 1), ('a', 2), ('b', 5)");
  db.aggregate("total", { start: 0, step: (sum, x) => sum + x });
  assertEquals(value(db, "SELECT total(x) AS v FROM t"), 8);
  assertEquals(
    db
      .prepare("SELECT g, total(x) AS v FROM t GROUP BY g")
      .all()
      .map((row) => row.v),
    [3, 5],
  );
  assertEquals(value(db, "SELECT total(x) AS v FROM t WHERE 0"), 0);
  db.aggregate("list", {
    start: () => [],
    step: (list, x) => [...list, x],
    result: (list) => list.join(),
  });
  assertEquals(value(db, "SELECT list(x) AS v FROM t"), "1,2,5");
  db.aggregate("moving", {
    start: 0,
    step: (sum, x) => sum + x,
    inverse: (sum, x) => sum - x,
    result: (sum) => sum,
  });
  assertEquals(
    db
      .prepare("SELECT moving(x) OVER (ORDER BY x ROWS 1 PRECEDING) AS v FROM t")
      .all()
      .map((row) => row.v),
    [1, 3, 7],
  );
  for (const name of ["start", "step", "result"]) {
    const parts = { start: () => 0, step: (x) => x, result: (x) => x, varargs: true };
    parts[name] = () => {
      throw new Error(`in ${name}`);
    };
    db.aggregate("broken", parts);
    assertThrows(() => value(db, "SELECT broken(x) AS v FROM t"), Error, `in ${name}`);
  }
  fails(() => db.aggregate("a", { step: () => 0 }), "ERR_INVALID_ARG_TYPE", "options.start");
  fails(() => db.aggregate("a", { start: 0 }), "ERR_INVALID_ARG_TYPE", "options.step");
});

test("an authorizer is asked, and may refuse", () => {
  const db = open();
  db.exec("CREATE TABLE t (a, secret)");
  const asked = [];
  db.setAuthorizer((...details) => {
    asked.push(details);
    if (details[2] === "secret") return constants.SQLITE_IGNORE;
    return details[0] === constants.SQLITE_DELETE ? constants.SQLITE_DENY : constants.SQLITE_OK;
  });
  db.exec("INSERT INTO t VALUES (1, 2)");
  assertEquals(asked[0], [constants.SQLITE_INSERT, "t", null, "main", null]);
  assertEquals(db.prepare("SELECT secret AS v FROM t").get().v, null);
  fails(() => db.exec("DELETE FROM t"), "ERR_SQLITE_ERROR", "not authorized");
  db.setAuthorizer(() => "yes");
  fails(() => db.exec("SELECT 1"), "ERR_INVALID_ARG_TYPE", "integer authorization code");
  db.setAuthorizer(() => 7);
  fails(() => db.exec("SELECT 1"), "ERR_OUT_OF_RANGE", "invalid authorization code");
  db.setAuthorizer(() => {
    throw new Error("mine");
  });
  assertThrows(() => db.exec("SELECT 1"), Error, "mine");
  db.setAuthorizer(() => db.close());
  fails(() => db.exec("SELECT 1"), "ERR_INVALID_STATE", "inside its authorizer");
  db.setAuthorizer(null);
  db.exec("DELETE FROM t");
  fails(() => db.setAuthorizer(1), "ERR_INVALID_ARG_TYPE", "function or null");
});

test("no authorizer allows what is never allowed", () => {
  const db = open();
  db.setAuthorizer(() => constants.SQLITE_OK);
  fails(() => db.exec("SELECT load_extension('x')"), "ERR_SQLITE_ERROR", "not authorized");
  fails(() => db.exec("PRAGMA temp_store_directory = '/'"), "ERR_SQLITE_ERROR", "not authorized");
});
