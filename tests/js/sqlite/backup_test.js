// backup(): pages move on the pool while the program goes on.
import { backup, DatabaseSync } from "node:sqlite";
import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

async function inFolder(body) {
  const folder = Deno.makeTempDirSync();
  try {
    await body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function filled(path = ":memory:") {
  const db = new DatabaseSync(path);
  db.exec(`CREATE TABLE t (a);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
    INSERT INTO t SELECT randomblob(100) FROM n`);
  return db;
}
const count = (db) => db.prepare("SELECT count(*) AS n FROM t").get().n;

test("a backup is a copy, told of page by page", () =>
  inFolder(async (folder) => {
    const db = filled();
    const steps = [];
    const pages = await backup(db, `${folder}/copy.db`, {
      rate: 10,
      progress: (step) => steps.push(step),
    });
    assert(steps.length > 3 && steps[0].totalPages === pages, "steps");
    assertEquals(steps[0].remainingPages, pages - 10);
    const copy = new DatabaseSync(`${folder}/copy.db`);
    assertEquals(count(copy), 2000);
    copy.close();
  }));

test("the source may be used meanwhile", () =>
  inFolder(async (folder) => {
    const db = filled(`${folder}/x.db`);
    const insert = db.prepare("INSERT INTO t VALUES (?)");
    await backup(db, new URL(`file://${folder}/copy.db`), {
      rate: 5,
      progress: () => insert.run("more"),
    });
    assert(count(db) > 2000);
    const copy = new DatabaseSync(`${folder}/copy.db`);
    assertEquals(count(copy), count(db));
    copy.close();
    db.close();
  }));

test("closing the source ends the backup", () =>
  inFolder(async (folder) => {
    const db = filled();
    const running = backup(db, `${folder}/copy.db`, {
      rate: 1,
      progress: () => db.isOpen && db.close(),
    });
    await assertRejects(() => running, Error, "not open");
  }));

test("what progress throws ends it", () =>
  inFolder(async (folder) => {
    const db = filled();
    const progress = () => {
      throw new TypeError("mine");
    };
    await assertRejects(() => backup(db, `${folder}/copy.db`, { rate: 1, progress }), TypeError);
    assertEquals(count(db), 2000);
  }));

test("arguments are checked", () => {
  const db = new DatabaseSync(":memory:");
  for (const body of [
    () => backup(),
    () => backup({}, "x"),
    () => backup(db),
    () => backup(db, "x", { rate: "1" }),
    () => backup(db, "x", { progress: 1 }),
    () => backup(db, "x", { source: 1 }),
  ]) {
    assertEquals(assertThrows(body, TypeError).code, "ERR_INVALID_ARG_TYPE");
  }
  // Node would copy nothing for ever.
  assertThrows(() => backup(db, "x", { rate: 0 }), RangeError, "must not be 0");
  db.close();
  assertThrows(() => backup(db, "x"), Error, "database is not open");
});

test("a target that cannot be opened, a source that is not there: the promise rejects", async () => {
  const db = new DatabaseSync(":memory:");
  const target = backup(db, "/nowhere/x.db"); // does not throw
  await assertRejects(() => target, Error, "unable to open database file");
  await inFolder(async (folder) => {
    const source = backup(db, `${folder}/copy.db`, { source: "nowhere" });
    await assertRejects(() => source, Error, "unknown database nowhere");
  });
});
