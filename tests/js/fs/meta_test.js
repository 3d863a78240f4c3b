// chmod, chown, utime and umask, by path and on open files.
import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const dir = Deno.makeTempDirSync();
const file = `${dir}/file`;
Deno.writeTextFileSync(file, "hello");
const mode = () => Deno.statSync(file).mode & 0o7777;

test("chmod sets the permission bits", async () => {
  await Deno.chmod(file, 0o640);
  assertEquals(mode(), 0o640);
  Deno.chmodSync(file, 0o600);
  assertEquals(mode(), 0o600);
});

test("chmod follows links", () => {
  Deno.symlinkSync("file", `${dir}/mode_link`);
  Deno.chmodSync(`${dir}/mode_link`, 0o604);
  assertEquals(mode(), 0o604);
});

test("chmod of nothing", async () => {
  const error = await assertRejects(() => Deno.chmod(`${dir}/none`, 0o600), Deno.errors.NotFound);
  assertEquals(error.message, `No such file or directory (os error 2): chmod '${dir}/none'`);
  assertEquals(error.code, "ENOENT");
  assertThrows(() => Deno.chmodSync(`${dir}/none`, 0o600), Deno.errors.NotFound);
});

test("chmod wants a number", async () => {
  assertThrows(() => Deno.chmodSync(file, "600"), TypeError, "expected u32");
  await assertRejects(() => Deno.chmod(file), TypeError, "expected u32");
});

test("chown with null leaves the ids", async () => {
  const { uid, gid } = Deno.statSync(file);
  await Deno.chown(file, null, null);
  Deno.chownSync(file, uid, gid);
  const after = Deno.statSync(file);
  assertEquals([after.uid, after.gid], [uid, gid]);
});

test("chown of nothing", () => {
  const error = assertThrows(() => Deno.chownSync(`${dir}/none`, 0, 0), Deno.errors.NotFound);
  assertEquals(error.message, `No such file or directory (os error 2): chown '${dir}/none'`);
});

function times() {
  const { atime, mtime } = Deno.statSync(file);
  return [atime.getTime(), mtime.getTime()];
}

test("utime takes seconds and dates", async () => {
  await Deno.utime(file, 1.5, new Date(2500));
  assertEquals(times(), [1500, 2500]);
  Deno.utimeSync(file, new Date(1), 7);
  assertEquals(times(), [1, 7000]);
});

test("utime before 1970", () => {
  Deno.utimeSync(file, -1, -2.5);
  assertEquals(times(), [-1000, -2500]);
  Deno.utimeSync(file, new Date(-1), new Date(-1001));
  assertEquals(times(), [-1, -1001]);
});

test("utime takes what becomes a number; what does not is 0", async () => {
  Deno.utimeSync(file, "12", new Date(NaN));
  assertEquals(times(), [12000, 0]);
  await Deno.utime(file, NaN, true);
  assertEquals(times(), [0, 1000]);
  Deno.utimeSync(file, undefined, {});
  assertEquals(times(), [0, 0]);
  await assertRejects(() => Deno.utime(file, 1n, 1), TypeError, "BigInt");
  assertThrows(() => Deno.utimeSync(file, 1, Symbol()), TypeError, "Symbol");
});

test("utime beyond what the file system knows is the last it knows", () => {
  Deno.utimeSync(file, Infinity, -Infinity);
  const [access, modification] = times();
  assert(access > 2 ** 31 * 1000 - 2000 && modification <= -(2 ** 31) * 1000);
});

test("utime of an open file", async () => {
  using open = Deno.openSync(file);
  await open.utime(3, 4);
  assertEquals(times(), [3000, 4000]);
  open.utimeSync(5, 6);
  assertEquals(times(), [5000, 6000]);
});

test("umask gives the old mask and sets a new one", () => {
  const before = Deno.umask(0o27);
  assertEquals(Deno.umask(), 0o27);
  assertEquals(Deno.umask(before), 0o27);
  assertEquals(Deno.umask(), before);
  assertThrows(() => Deno.umask("x"), TypeError, "expected u32");
});

test("FileInfo has Deno's keys in Deno's order", () => {
  const keys =
    "isFile isDirectory isSymlink size mtime atime birthtime ctime dev mode ino nlink " +
    "uid gid rdev blksize blocks isBlockDevice isCharDevice isFifo isSocket";
  assertEquals(Object.keys(Deno.statSync(file)).join(" "), keys);
  assert(Deno.statSync("/dev/null").isCharDevice);
});

test("every call says the same of a file", async () => {
  Deno.symlinkSync("file", `${dir}/info_link`);
  for (const path of [file, dir, "/dev/null", `${dir}/info_link`]) {
    const info = Deno.statSync(path);
    assertEquals(await Deno.stat(path), info);
    assertEquals(Object.keys(await Deno.stat(path)), Object.keys(info));
    assertEquals(Deno.lstatSync(path), await Deno.lstat(path));
    assert(info.mtime instanceof Date && info.mtime !== Deno.statSync(path).mtime);
  }
  assert(Deno.lstatSync(`${dir}/info_link`).isSymlink);
  using opened = Deno.openSync(file);
  assertEquals(opened.statSync(), Deno.statSync(file));
});
