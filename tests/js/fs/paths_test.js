import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const dir = Deno.realPathSync(Deno.makeTempDirSync());
const { AlreadyExists, FilesystemLoop, IsADirectory, NotADirectory, NotFound } = Deno.errors;
const write = (name, text = "") => Deno.writeTextFileSync(`${dir}/${name}`, text);
const names = (path) => Array.from(Deno.readDirSync(path), (entry) => entry.name).sort();

test("stat says what there is", async () => {
  write("s", "12345");
  const info = await Deno.stat(`${dir}/s`);
  assertEquals(info, Deno.statSync(`${dir}/s`));
  assertEquals([info.isFile, info.isDirectory, info.isSymlink, info.size], [true, false, false, 5]);
  assert(info.mtime instanceof Date && Math.abs(Date.now() - info.mtime.getTime()) < 60_000);
  assertEquals(Object.keys(info).slice(0, 8), [
    "isFile",
    "isDirectory",
    "isSymlink",
    "size",
    "mtime",
    "atime",
    "birthtime",
    "ctime",
  ]);
  assertEquals(Deno.lstatSync(dir).isDirectory, true);
  assertEquals(Deno.statSync("/dev/null").isCharDevice, true);
});

test("stat of nothing", async () => {
  await assertRejects(() => Deno.stat(`${dir}/no`), NotFound, `stat '${dir}/no'`);
  assertThrows(() => Deno.lstatSync(`${dir}/no`), NotFound, `lstat '${dir}/no'`);
  assertThrows(() => Deno.statSync(`${dir}/s/x`), NotADirectory, "(os error 20)");
});

test("mkdir", async () => {
  await Deno.mkdir(`${dir}/m`, { mode: 0o700 });
  assertEquals(Deno.statSync(`${dir}/m`).mode & 0o777, 0o700);
  assertThrows(() => Deno.mkdirSync(`${dir}/m`), AlreadyExists, `mkdir '${dir}/m'`);
  Deno.mkdirSync(`${dir}/m`, { recursive: true });
  await Deno.mkdir(`${dir}/m/a/b/c`, { recursive: true });
  assert(Deno.statSync(`${dir}/m/a/b/c`).isDirectory);
  await assertRejects(() => Deno.mkdir(`${dir}/no/x`), NotFound);
  assertThrows(() => Deno.mkdirSync(`${dir}/s`, { recursive: true }), AlreadyExists);
  assertThrows(() => Deno.mkdirSync(`${dir}/s/x`, { recursive: true }), NotADirectory);
});

test("readDir lists; it can be iterated again", async () => {
  Deno.mkdirSync(`${dir}/r/sub`, { recursive: true });
  write("r/file");
  const entries = Deno.readDir(`${dir}/r`);
  for (let round = 0; round < 2; round++) {
    const seen = {};
    for await (const entry of entries) seen[entry.name] = [entry.isFile, entry.isDirectory];
    assertEquals(Object.keys(seen).sort(), ["file", "sub"]);
    assertEquals(
      [seen.file, seen.sub],
      [
        [true, false],
        [false, true],
      ],
    );
  }
  const [only] = [...Deno.readDirSync(`${dir}/r/`)].filter((entry) => entry.name === "sub");
  assertEquals(only, { name: "sub", isFile: false, isDirectory: true, isSymlink: false });
});

test("readDir of a missing folder or a file fails when iterated", async () => {
  const iterate = async (path) => {
    for await (const _ of Deno.readDir(path));
  };
  await assertRejects(() => iterate(`${dir}/no`), NotFound, `readdir '${dir}/no'`);
  await assertRejects(() => iterate(`${dir}/s`), NotADirectory, "readdir");
  assertThrows(() => Deno.readDirSync(`${dir}/no`), NotFound, "readdir");
  Deno.readDir(`${dir}/no`);
  await new Promise((resolve) => setTimeout(resolve, 10));
});

test("remove", async () => {
  write("gone");
  await Deno.remove(`${dir}/gone`);
  await assertRejects(() => Deno.remove(`${dir}/gone`), NotFound, `remove '${dir}/gone'`);
  assertThrows(() => Deno.removeSync(`${dir}/gone`, { recursive: true }), NotFound);
  Deno.mkdirSync(`${dir}/tree/a/b`, { recursive: true });
  write("tree/a/f");
  const error = assertThrows(() => Deno.removeSync(`${dir}/tree`), Error, "(os error 39)");
  assertEquals([error.name, error.code], ["Error", "ENOTEMPTY"]);
  await Deno.remove(`${dir}/tree`, { recursive: true });
  assertThrows(() => Deno.statSync(`${dir}/tree`), NotFound);
});

test("rename", async () => {
  write("from", "x");
  await Deno.rename(`${dir}/from`, `${dir}/to`);
  assertEquals(Deno.readTextFileSync(`${dir}/to`), "x");
  const text = `rename '${dir}/from' -> '${dir}/z'`;
  await assertRejects(() => Deno.rename(`${dir}/from`, `${dir}/z`), NotFound, text);
  Deno.mkdirSync(`${dir}/full/x`, { recursive: true });
  Deno.mkdirSync(`${dir}/empty`);
  assertThrows(() => Deno.renameSync(`${dir}/to`, `${dir}/empty`), IsADirectory);
  assertThrows(() => Deno.renameSync(`${dir}/empty`, `${dir}/to`), NotADirectory);
  assertEquals(
    assertThrows(() => Deno.renameSync(`${dir}/empty`, `${dir}/full`), Error, "(os error 39)").code,
    "ENOTEMPTY",
  );
  Deno.renameSync(`${dir}/full`, `${dir}/empty`);
  assertEquals(names(`${dir}/empty`), ["x"]);
});

test("copyFile", async () => {
  write("c1", "copy");
  Deno.writeTextFileSync(`${dir}/c2`, "longer than before", { mode: 0o600 });
  await Deno.copyFile(`${dir}/c1`, `${dir}/c2`);
  assertEquals(Deno.readTextFileSync(`${dir}/c2`), "copy");
  assertThrows(() => Deno.copyFileSync(`${dir}/c1`, `${dir}/c1`), TypeError, "the same file");
  assertEquals(Deno.readTextFileSync(`${dir}/c1`), "copy");
  const text = `copy '${dir}/no' -> '${dir}/c3'`;
  assertThrows(() => Deno.copyFileSync(`${dir}/no`, `${dir}/c3`), NotFound, text);
  await assertRejects(() => Deno.copyFile(dir, `${dir}/c3`), TypeError, "neither a regular file");
  await assertRejects(() => Deno.copyFile(`${dir}/c1`, dir), IsADirectory);
});

test("truncate", async () => {
  write("t", "12345");
  await Deno.truncate(`${dir}/t`, 3);
  assertEquals(Deno.readTextFileSync(`${dir}/t`), "123");
  Deno.truncateSync(`${dir}/t`, 5);
  assertEquals(Deno.readTextFileSync(`${dir}/t`), "123\0\0");
  Deno.truncateSync(`${dir}/t`);
  assertEquals(Deno.statSync(`${dir}/t`).size, 0);
  await assertRejects(() => Deno.truncate(`${dir}/no`), NotFound, `truncate '${dir}/no'`);
  assertThrows(() => Deno.truncateSync(dir), IsADirectory);
});

test("realPath", async () => {
  assertEquals(await Deno.realPath(`${dir}/m/../s`), `${dir}/s`);
  assertEquals(Deno.realPathSync(`${dir}//m/.`), `${dir}/m`);
  await assertRejects(() => Deno.realPath(`${dir}/no`), NotFound, `realpath '${dir}/no'`);
});

test("chdir and cwd", async () => {
  const before = Deno.cwd();
  Deno.chdir(dir);
  assertEquals(Deno.cwd(), dir);
  assertEquals(await Deno.realPath("s"), `${dir}/s`);
  assertThrows(() => Deno.chdir("no"), NotFound, "chdir 'no'");
  assertThrows(() => Deno.chdir("s"), NotADirectory, "chdir 's'");
  Deno.chdir(new URL(`file://${before}`));
  assertEquals(Deno.cwd(), before);
});

test("links: followed by stat, not by lstat and remove", async () => {
  // There is no Deno.symlink yet: /proc and the system's own links have to do.
  const link = "/proc/self";
  assertEquals(Deno.lstatSync("/etc/mtab").isSymlink || Deno.lstatSync(link).isSymlink, true);
  assertThrows(() => Deno.statSync("/proc/self/fd/999"), NotFound);
  assert(FilesystemLoop.prototype instanceof Error);
});

test("the end", () => {
  Deno.removeSync(dir, { recursive: true });
});
