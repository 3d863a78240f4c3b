// SQLite in memory and in a file, through what each runtime has: node:sqlite, or bun:sqlite. Prints, in
// nanoseconds an operation, "insert insert_file point all iterate prepare": the best of five.
const isBun = typeof globalThis.Bun !== "undefined";
const { Database, DatabaseSync } = await import(isBun ? "bun:sqlite" : "node:sqlite");
const open = (path) => (isBun ? new Database(path) : new DatabaseSync(path));
const ROWS = 50_000;

const best = (count, body) => {
  let least = Infinity;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    body(round);
    least = Math.min(least, performance.now() - start);
  }
  return ((least * 1e6) / count).toFixed(0);
};

const fill = (db) => {
  db.exec("DROP TABLE IF EXISTS t; CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, score REAL)");
  const insert = db.prepare("INSERT INTO t (id, name, score) VALUES (?, ?, ?)");
  db.exec("BEGIN");
  for (let i = 1; i <= ROWS; i++) insert.run(i, `name of ${i}`, i / 3);
  db.exec("COMMIT");
};

const db = open(":memory:");
const insert = best(ROWS, () => fill(db));
const path = `/tmp/rt-bench-sqlite-${Math.floor(performance.timeOrigin % 1e9)}.db`;
const file = open(path);
file.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
const insertFile = best(ROWS, () => fill(file));
file.exec("PRAGMA journal_mode = DELETE");
file.close();
const { rmSync } = await import("node:fs").catch(() => ({ rmSync: globalThis.Deno.removeSync }));
rmSync(path);

const byId = db.prepare("SELECT id, name, score FROM t WHERE id = ?");
let seen = 0;
const point = best(ROWS, () => {
  for (let i = 1; i <= ROWS; i++) seen += byId.get(i).score;
});
const scan = db.prepare("SELECT id, name, score FROM t");
const all = best(ROWS, () => {
  for (const row of scan.all()) seen += row.score;
});
const iterate = best(ROWS, () => {
  for (const row of scan.iterate()) seen += row.score;
});
const prepare = best(5_000, (round) => {
  for (let i = 0; i < 5_000; i++) {
    seen += db.prepare(`SELECT score FROM t WHERE id = ${round * 5_000 + i + 1}`).get().score;
  }
});
if (!(seen > 0)) throw new Error("nothing was read");
console.log([insert, insertFile, point, all, iterate, prepare].join(" "));
