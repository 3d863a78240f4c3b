// S12: every way SQLite has to a file goes through the permissions, and ends at the file that was checked.
import { backup, DatabaseSync } from "node:sqlite";
import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const folder = Deno.realPathSync(Deno.makeTempDirSync());
const inside = `${folder}/in`;
const outside = `${folder}/out`;
Deno.mkdirSync(inside);
Deno.mkdirSync(outside);
{
  const secret = new DatabaseSync(`${outside}/secret.db`);
  secret.exec("CREATE TABLE t (a); INSERT INTO t VALUES ('secret')");
  secret.close();
  Deno.symlinkSync(`${outside}/secret.db`, `${inside}/link.db`);
  Deno.symlinkSync(outside, `${inside}/folder`);
  Deno.symlinkSync(`${outside}/journal`, `${inside}/j.db-journal`);
  Deno.symlinkSync(`${outside}/wal`, `${inside}/w.db-wal`);
}
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

/** A test with grants for `in` alone. */
function scoped(name, fn) {
  test({ name: `S12 ${name}`, permissions: { read: [inside], write: [inside] }, fn });
}
const denied = (body) => assertThrows(body, Deno.errors.NotCapable);
const memory = () => new DatabaseSync(":memory:");
const secrets = [
  `${outside}/secret.db`,
  `${inside}/../out/secret.db`,
  `${inside}/link.db`,
  `${inside}/folder/secret.db`,
  `file:${outside}/secret.db`,
  `file:${outside}/secret.db?immutable=1`,
  `file:${outside}/secret.db?mode=ro&nolock=1`,
  `file:${inside}/%2e%2e/out/secret.db`,
  `file:${inside}/link.db`,
];

scoped("opening", () => {
  for (const path of secrets) {
    denied(() => new DatabaseSync(path));
    denied(() => new DatabaseSync(path, { readOnly: true }));
  }
  denied(() => new DatabaseSync(new URL(`file://${outside}/secret.db`)));
  // Whether it is there makes no difference.
  const there = denied(() => new DatabaseSync(`${outside}/secret.db`)).message;
  const nowhere = denied(() => new DatabaseSync(`${outside}/nothing/at/all.db`)).message;
  assertEquals(there.replace("secret.db", "nothing/at/all.db"), nowhere);
});

scoped("another file layer", () => {
  for (const vfs of ["unix", "unix-none", "unix-dotfile", "unix-excl", "memdb", "win32", ""]) {
    const path = `file:${outside}/secret.db?vfs=${vfs}`;
    assertThrows(() => new DatabaseSync(path), Error);
    assertThrows(() => memory().exec(`ATTACH '${path}' AS x`), Error);
  }
});

scoped("ATTACH", () => {
  for (const path of secrets) {
    denied(() => memory().exec(`ATTACH '${path}' AS x`));
    denied(() => memory().exec(`ATTACH '${path.slice(0, 9)}' || '${path.slice(9)}' AS x`));
    denied(() => memory().prepare("ATTACH ? AS x").run(path));
    denied(() => memory().prepare("ATTACH :p AS x").get({ p: path }));
    const db = memory();
    db.limits.attach = Infinity;
    db.function("path", () => path);
    denied(() => db.exec("ATTACH path() AS x"));
    assertEquals(db.location("x"), null);
  }
  const db = memory();
  db.exec(`ATTACH '${inside}/attached.db' AS x; CREATE TABLE x.t (a)`);
  assertEquals(db.location("x"), `${inside}/attached.db`);
  db.close();
});

scoped("VACUUM INTO", () => {
  const db = memory();
  db.exec("CREATE TABLE t (a)");
  denied(() => db.exec(`VACUUM INTO '${outside}/copy.db'`));
  denied(() => db.prepare("VACUUM INTO ?").run(`${outside}/copy.db`));
  denied(() => db.exec(`VACUUM INTO '${inside}/folder/copy.db'`));
  db.exec(`VACUUM INTO '${inside}/copy.db'`);
});

scoped("backup", async () => {
  const db = memory();
  db.exec("CREATE TABLE t (a)");
  await assertRejects(async () => await backup(db, `${outside}/copy.db`), Deno.errors.NotCapable);
  await assertRejects(async () => await backup(db, `${inside}/link.db`), Deno.errors.NotCapable);
  assert((await backup(db, `${inside}/backup.db`)) > 0);
});

scoped("extensions and folders for the whole process", () => {
  assertThrows(() => memory().exec("SELECT load_extension('x')"), Error, "not authorized");
  for (const pragma of ["temp_store_directory", "data_store_directory"]) {
    assertThrows(() => memory().exec(`PRAGMA ${pragma} = '${outside}'`), Error, "not authorized");
  }
});

scoped("FTS3 makes no function pointers of blobs, and tells none", () => {
  const database = memory();
  const pointer = new Uint8Array(8).fill(0x41);
  const refused = (body) => assertThrows(body, Error, "fts3_tokenizer");
  refused(() => database.prepare("SELECT fts3_tokenizer('evil', ?)").get(pointer));
  refused(() => database.prepare("SELECT fts3_tokenizer('evil', x'4141414141414141')").get());
  refused(() => database.prepare("SELECT hex(fts3_tokenizer('simple'))").get());
  refused(() =>
    database.exec("CREATE VIEW v AS SELECT fts3_tokenizer('simple') AS a; SELECT a FROM v"),
  );
  assertThrows(
    () => database.exec("CREATE VIRTUAL TABLE e USING fts3(tokenize=evil)"),
    Error,
    "unknown tokenizer",
  );
  // What FTS is for works.
  database.exec(
    "CREATE VIRTUAL TABLE d USING fts4(text, tokenize=porter); INSERT INTO d VALUES ('running far')",
  );
  assertEquals(
    database.prepare("SELECT text FROM d WHERE d MATCH 'run'").get().text,
    "running far",
  );
  database.close();
});

scoped("journals that are links", () => {
  // What a link in a journal's place leads to is neither read nor written.
  const db = new DatabaseSync(`${inside}/j.db`);
  db.exec("CREATE TABLE t (a)");
  db.close();
  const log = new DatabaseSync(`${inside}/w.db`);
  log.exec("CREATE TABLE t (a); PRAGMA journal_mode = WAL; INSERT INTO t VALUES (1)");
  log.close();
});

scoped("the journal of several databases", () => {
  // A transaction over two files has a journal whose name stands in the files' own journals.
  const db = new DatabaseSync(`${inside}/one.db`);
  db.exec(`ATTACH '${inside}/two.db' AS two; CREATE TABLE t (a); CREATE TABLE two.t (a)`);
  db.exec("BEGIN; INSERT INTO main.t VALUES (1); INSERT INTO two.t VALUES (1); COMMIT");
  assertEquals(db.prepare("SELECT count(*) AS n FROM two.t").get().n, 1);
  db.close();
});

scoped("temporary tables and large sorts need no folder", () => {
  const db = memory();
  db.exec(`PRAGMA temp_store = FILE; PRAGMA cache_size = 1; CREATE TEMP TABLE t (a);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    INSERT INTO t SELECT randomblob(64) FROM n`);
  assertEquals(db.prepare("SELECT a FROM t ORDER BY a").all().length, 20_000);
});

test({
  name: "S12 a grant for the file covers its journals",
  permissions: { read: [`${inside}/alone.db`], write: [`${inside}/alone.db`] },
  fn() {
    const db = new DatabaseSync(`${inside}/alone.db`);
    db.exec("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    db.exec("PRAGMA journal_mode = WAL; INSERT INTO t VALUES (2)");
    assertEquals(db.prepare("SELECT count(*) AS n FROM t").get().n, 2);
    db.close();
    denied(() => new DatabaseSync(`${inside}/alone.db-journal`));
    denied(() => new DatabaseSync(`${inside}/alone.dbx`));
  },
});

test({
  name: "S12 reading needs no grant to write",
  permissions: { read: true, write: false },
  fn() {
    const path = `${outside}/secret.db`;
    denied(() => new DatabaseSync(path));
    const db = new DatabaseSync(path, { readOnly: true });
    assertEquals(db.prepare("SELECT a FROM t").get().a, "secret");
    db.close();
    denied(() => memory().exec(`ATTACH '${outside}/new.db' AS x`));
    denied(() => memory().exec(`VACUUM INTO '${outside}/new.db'`));
  },
});

test({
  name: "S12 without permissions there is memory",
  permissions: "none",
  fn() {
    const db = memory();
    db.exec("CREATE TABLE t (a); CREATE TEMP TABLE u (a); INSERT INTO t VALUES (1); VACUUM");
    assertEquals(db.prepare("SELECT a FROM t").get().a, 1);
    denied(() => db.exec("ATTACH 'x.db' AS x"));
    denied(() => new DatabaseSync("x.db"));
  },
});

test("S12 nothing came to be outside", () => {
  assertEquals(
    [...Deno.readDirSync(outside)].map((entry) => entry.name),
    ["secret.db"],
  );
});
