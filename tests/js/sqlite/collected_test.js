// Databases nobody refers to are closed by the collector, in whatever order it frees what hangs on them.
import { DatabaseSync } from "node:sqlite";
import { assert, test } from "../harness.js";

const descriptors = () => [...Deno.readDirSync("/proc/self/fd")].length;
const pause = () => new Promise((resolve) => setTimeout(resolve, 1));

test("thousands of databases dropped without close() leave no descriptors", async () => {
  const path = Deno.makeTempFileSync({ suffix: ".db" });
  const first = new DatabaseSync(path);
  first.exec("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)");
  first.close();
  const before = descriptors();
  let most = 0;
  let kept = [];
  for (let i = 0; i < 3000; i++) {
    const db = new DatabaseSync(path);
    const rows = db.prepare("SELECT a FROM t").iterate();
    rows.next();
    db.createSession();
    db.function("g", () => db);
    db.aggregate("h", { start: 0, step: () => db });
    if (i % 3 === 0) db.setAuthorizer(() => (rows === db ? 1 : 0));
    // Some statements outlive their database's last name.
    if (i % 100 === 0) kept.push(rows);
    if (i % 1000 === 0) kept = [];
    if (i % 20 === 0) most = Math.max(most, descriptors() - before);
    if (i % 200 === 0) await pause();
  }
  assert(most < 900, `${most} descriptors were open at once`);
  kept = undefined;
  for (let i = 0; i < 200 && descriptors() - before > 200; i++) {
    new ArrayBuffer(32 * 1024 * 1024);
    await pause();
  }
  assert(descriptors() - before <= 300, `${descriptors() - before} descriptors stayed open`);
  Deno.removeSync(path);
});

test("databases in memory take no more memory than some", async () => {
  const make = async (count) => {
    for (let i = 0; i < count; i++) {
      const db = new DatabaseSync(":memory:");
      if (i % 100 === 0) db.exec("CREATE TABLE t (a)");
      if (i % 1000 === 0) await pause();
    }
  };
  await make(3000);
  const before = Deno.memoryUsage().rss;
  await make(17_000);
  const grown = (Deno.memoryUsage().rss - before) / 1048576;
  assert(grown < 150, `${grown.toFixed(0)} MiB more`);
});
