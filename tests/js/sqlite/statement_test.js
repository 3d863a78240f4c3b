// StatementSync: values in and out, parameters, iterators.
import { DatabaseSync } from "node:sqlite";
import { assert, assertEquals, assertThrows, test } from "../harness.js";

const database = (options) => {
  const db = new DatabaseSync(":memory:", options);
  db.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, v)");
  return db;
};
const row = (properties) => Object.assign({ __proto__: null }, properties);
function fails(body, code, text) {
  const error = assertThrows(body, Error, text);
  assertEquals(error.code, code);
}

test("run tells what changed", () => {
  const db = database();
  const insert = db.prepare("INSERT INTO t (v) VALUES (?), (?)");
  assertEquals(insert.run(1, 2), { lastInsertRowid: 2, changes: 2 });
  insert.setReadBigInts(true);
  assertEquals(insert.run(1, 2), { lastInsertRowid: 4n, changes: 2n });
  assertEquals(db.prepare("SELECT 1").run().changes, 2);
});

test("values come back as they went in", () => {
  const db = database();
  const echo = db.prepare("SELECT ? AS v");
  for (const value of [
    null,
    0,
    -1,
    1.5,
    2 ** 53 - 1,
    1e300,
    "",
    "text",
    "h\u00e9\u{1F600}",
    "a\0b",
    "x".repeat(10_000),
    new Uint8Array([1, 2, 3]),
    new Uint8Array(0),
    new Uint8Array(1000).fill(7),
  ]) {
    assertEquals(echo.get(value), row({ v: value }));
  }
  assertEquals(echo.get(5n).v, 5);
  assertEquals(echo.get(new Uint16Array([1, 2])).v, new Uint8Array([1, 0, 2, 0]));
  assertEquals(echo.get(new DataView(new ArrayBuffer(3), 1)).v, new Uint8Array(2));
  assertEquals(echo.get(NaN).v, null);
  assertEquals(echo.get(Infinity).v, Infinity);
});

test("what cannot be bound is refused", () => {
  const db = database();
  const echo = db.prepare("SELECT ?");
  for (const value of [undefined, true, Symbol("s")]) {
    fails(() => echo.get(value), "ERR_INVALID_ARG_TYPE", "cannot be bound to SQLite parameter 1");
  }
  fails(() => echo.get(2n ** 64n), "ERR_INVALID_ARG_VALUE", "too large to bind");
  fails(() => echo.get(1, 2), "ERR_SQLITE_ERROR", "out of range");
  fails(() => db.prepare("SELECT 1").get("x"), "ERR_SQLITE_ERROR", "out of range");
});

test("integers no number can hold", () => {
  const db = database();
  const big = db.prepare("SELECT 9223372036854775807 AS v");
  fails(() => big.get(), "ERR_OUT_OF_RANGE", "column 0 is too large");
  big.setReadBigInts(true);
  assertEquals(big.get().v, 9223372036854775807n);
  const all = new DatabaseSync(":memory:", { readBigInts: true });
  assertEquals(all.prepare("SELECT 1 AS v").get().v, 1n);
  assertEquals(all.prepare("SELECT 1 AS v", { readBigInts: false }).get().v, 1);
});

test("rows have no prototype, in whatever way they are read", () => {
  const db = database();
  db.exec("INSERT INTO t (v) VALUES (10), (20), (30)");
  const select = db.prepare("SELECT id, v FROM t ORDER BY id");
  const rows = [row({ id: 1, v: 10 }), row({ id: 2, v: 20 }), row({ id: 3, v: 30 })];
  assertEquals(select.all(), rows);
  assertEquals(select.get(), rows[0]);
  assertEquals([...select.iterate()], rows);
  assertEquals(select.all(), rows);
  select.setReturnArrays(true);
  assertEquals(select.all(), [
    [1, 10],
    [2, 20],
    [3, 30],
  ]);
  assertEquals(select.get(), [1, 10]);
  assertEquals(db.prepare("SELECT 1 WHERE 0").get(), undefined);
  assertEquals(db.prepare("SELECT 1 WHERE 0").all(), []);
});

test("many rows are like few", () => {
  const db = database();
  const insert = db.prepare("INSERT INTO t (v) VALUES (?)");
  for (let i = 1; i <= 1000; i++) insert.run(i % 3 === 0 ? `text ${i}` : i % 3 === 1 ? i : i / 2);
  const select = db.prepare("SELECT id, v FROM t ORDER BY id");
  for (const rows of [select.all(), [...select.iterate()]]) {
    assertEquals(rows.length, 1000);
    rows.forEach((each, index) => {
      const i = index + 1;
      const v = i % 3 === 0 ? `text ${i}` : i % 3 === 1 ? i : i / 2;
      assertEquals(each, row({ id: i, v }));
    });
  }
  // Rows are the script's own: changing one changes no other.
  const rows = select.all();
  rows[0].v = "mine";
  rows[1].more = 1;
  delete rows[2].v;
  assertEquals(select.all()[0], row({ id: 1, v: 1 }));
  assertEquals(rows[3], row({ id: 4, v: 4 }));
});

test("unusual names of columns", () => {
  const db = database();
  const odd = db.prepare('SELECT 1 AS "__proto__", 2 AS "0", 3 AS "a b", 4 AS "a""b\'\\\n"');
  for (let i = 0; i < 200; i++) {
    const got = odd.get();
    assertEquals(Object.getPrototypeOf(got), null);
    assertEquals(Object.keys(got).sort(), ["0", "__proto__", "a b", "a\"b'\\\n"].sort());
    assertEquals(Object.getOwnPropertyDescriptor(got, "__proto__").value, 1);
  }
  assertEquals(db.prepare("SELECT 1 AS a, 2 AS a").get(), row({ a: 2 }));
});

test("a schema that changes changes the rows", () => {
  const db = database();
  db.exec("INSERT INTO t (v) VALUES (1)");
  const select = db.prepare("SELECT * FROM t");
  for (let i = 0; i < 100; i++) assertEquals(select.get(), row({ id: 1, v: 1 }));
  db.exec("ALTER TABLE t ADD COLUMN w DEFAULT 5");
  for (let i = 0; i < 100; i++) assertEquals(select.get(), row({ id: 1, v: 1, w: 5 }));
  assertEquals(select.all(), [row({ id: 1, v: 1, w: 5 })]);
});

test("parameters by name and by place", () => {
  const db = database();
  const select = db.prepare("SELECT :a AS a, $b AS b, @c AS c, ? AS d");
  const expected = row({ a: 1, b: 2, c: 3, d: 4 });
  assertEquals(select.get({ ":a": 1, $b: 2, "@c": 3 }, 4), expected);
  assertEquals(select.get({ a: 1, b: 2, c: 3 }, 4), expected);
  assertEquals(select.get({ a: 1 }), row({ a: 1, b: null, c: null, d: null }));
  assertEquals(db.prepare("SELECT ?2 AS x, ?1 AS y").get(1, 2), row({ x: 2, y: 1 }));
  fails(() => select.get({ z: 1 }), "ERR_INVALID_STATE", "Unknown named parameter 'z'");
  select.setAllowUnknownNamedParameters(true);
  assertEquals(select.get({ z: 1, a: 5 }).a, 5);
  select.setAllowBareNamedParameters(false);
  assertEquals(select.get({ a: 5, $b: 6 }), row({ a: null, b: 6, c: null, d: null }));
  const both = db.prepare("SELECT $k AS x, @k AS y");
  fails(() => both.get({ k: 1 }), "ERR_INVALID_STATE", "conflicting names '$k' and '@k'");
  assertEquals(db.prepare("SELECT ? AS a, ? AS b").get(1), row({ a: 1, b: null }));
});

test("what was bound before is not bound now", () => {
  const select = database().prepare("SELECT ? AS a, ? AS b");
  select.get("one", "two");
  assertEquals(select.get(), row({ a: null, b: null }));
});

test("an iterator is invalid once the statement was executed again", () => {
  const db = database();
  db.exec("INSERT INTO t (v) VALUES (1), (2), (3)");
  const select = db.prepare("SELECT v FROM t");
  const rows = select.iterate();
  assertEquals(rows.next(), { done: false, value: row({ v: 1 }) });
  assert(rows[Symbol.iterator]() === rows && rows instanceof Iterator);
  select.get();
  fails(() => rows.next(), "ERR_INVALID_STATE", "iterator was invalidated");
  assertEquals(
    select
      .iterate()
      .map((each) => each.v * 2)
      .toArray(),
    [2, 4, 6],
  );
  for (const each of select.iterate()) {
    assertEquals(each.v, 1);
    break;
  }
  // The break ended it: nothing is read any more, so the table can go.
  db.exec("DROP TABLE t");
});

test("columns, sourceSQL, expandedSQL", () => {
  const db = database();
  db.exec("CREATE TABLE u (x TEXT)");
  const select = db.prepare("SELECT x AS y, 1 + 1 FROM u WHERE x = ?");
  assertEquals(select.columns()[0], {
    __proto__: null,
    column: "x",
    database: "main",
    name: "y",
    table: "u",
    type: "TEXT",
  });
  assertEquals(select.columns()[1].column, null);
  select.all("it's");
  assertEquals(select.sourceSQL, "SELECT x AS y, 1 + 1 FROM u WHERE x = ?");
  assertEquals(select.expandedSQL, "SELECT x AS y, 1 + 1 FROM u WHERE x = 'it''s'");
});

test("close ends a statement", () => {
  const db = database();
  const statement = db.prepare("SELECT 1");
  statement.close();
  fails(() => statement.close(), "ERR_INVALID_STATE", "finalized");
  fails(() => statement.sourceSQL, "ERR_INVALID_STATE", "finalized");
  statement[Symbol.dispose]();
  {
    using other = db.prepare("SELECT 1 AS a");
    assertEquals(other.get().a, 1);
  }
});

test("a poisoned language changes nothing", () => {
  const db = database();
  const push = Array.prototype.push;
  const iterator = Array.prototype[Symbol.iterator];
  Object.defineProperty(Array.prototype, 0, { set() {}, configurable: true });
  Object.prototype.then = () => {};
  Array.prototype.push = Array.prototype[Symbol.iterator] = () => {
    throw new Error("poison");
  };
  try {
    db.prepare("INSERT INTO t (v) VALUES (?)").run("x");
    const got = db.prepare("SELECT v FROM t").all();
    if (got.length !== 1 || got[0].v !== "x") throw new Error("wrong row");
    db.function("f", (x) => x);
    if (db.prepare("SELECT f(3) AS v").get().v !== 3) throw new Error("wrong value");
  } finally {
    delete Array.prototype[0];
    delete Object.prototype.then;
    Array.prototype.push = push;
    Array.prototype[Symbol.iterator] = iterator;
  }
});

test("the tag store keeps statements", () => {
  const db = database();
  const sql = db.createTagStore(2);
  sql.run`INSERT INTO t (v) VALUES (${"a"}), (${"b"})`;
  assertEquals(sql.get`SELECT v FROM t WHERE id = ${2}`, row({ v: "b" }));
  assertEquals(sql.all`SELECT v FROM t WHERE id > ${0}`.length, 2);
  assertEquals([...sql.iterate`SELECT v FROM t WHERE id > ${1}`].length, 1);
  assertEquals([sql.size, sql.capacity, sql.db === db], [2, 2, true]);
  sql.clear();
  assertEquals(sql.size, 0);
});

test("how rows are read counts from the next execution, or row of an iterator, on", () => {
  const db = new DatabaseSync(":memory:");
  let meddle = () => {};
  db.function("meddle", (a) => {
    meddle(a);
    return a;
  });
  const select = db.prepare(
    "WITH n(i) AS (VALUES (1), (2), (3), (4)) SELECT meddle(i) AS v, i AS w FROM n",
  );
  const objects = [1, 2, 3, 4].map((i) => row({ v: i, w: i }));
  const arrays = [1, 2, 3, 4].map((i) => [i, i]);
  meddle = (a) => a === 2 && select.setReturnArrays(true);
  assertEquals(select.all(), objects);
  assertEquals(select.all(), arrays);
  meddle = (a) => a === 2 && select.setReturnArrays(false);
  assertEquals(select.all(), arrays);
  assertEquals(select.all(), objects);

  meddle = () => select.setReturnArrays(true);
  assertEquals(select.get(), objects[0]);
  meddle = () => select.setReturnArrays(false);
  assertEquals(select.get(), arrays[0]);
  assertEquals(select.get(), objects[0]);

  meddle = (a) => a % 2 === 0 && select.setReturnArrays(a === 2);
  assertEquals(
    [...select.iterate()].map((each) => ({ ...each })),
    [{ ...objects[0] }, { ...objects[1] }, { ...arrays[2] }, { ...arrays[3] }],
  );
  select.setReturnArrays(false);
  meddle = (a) => a === 2 && select.setReadBigInts(true);
  assertEquals(select.all(), objects);
  meddle = () => {};
  assertEquals(select.get(), row({ v: 1, w: 1n }));
});

test("how parameters are read stays as it was, whatever their getters set", () => {
  const db = new DatabaseSync(":memory:");
  const select = db.prepare("SELECT :a AS a, :b AS b");
  const parameters = {
    get a() {
      select.setAllowBareNamedParameters(false);
      select.setReturnArrays(true);
      return 1;
    },
    b: 2,
  };
  assertEquals(select.get(parameters), row({ a: 1, b: 2 }));
  fails(() => select.get(parameters), "ERR_INVALID_STATE", "Unknown named parameter 'a'");
});
