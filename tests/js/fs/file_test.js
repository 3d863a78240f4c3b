import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const dir = Deno.makeTempDirSync();
const path = `${dir}/f`;
const { BadResource, IsADirectory } = Deno.errors;
Deno.writeTextFileSync(path, "hello");

test("open, read, seek, close", async () => {
  const file = await Deno.open(path);
  const buffer = new Uint8Array(3);
  assertEquals(await file.read(buffer), 3);
  assertEquals(buffer, new Uint8Array([104, 101, 108]));
  assertEquals(file.readSync(buffer), 2);
  assertEquals(await file.read(buffer), null);
  assertEquals(await file.read(new Uint8Array(0)), 0);
  assertEquals(await file.seek(1, Deno.SeekMode.Start), 1);
  assertEquals(file.seekSync(1n, Deno.SeekMode.Current), 2);
  assertEquals(await file.seek(-1, Deno.SeekMode.End), 4);
  assertEquals(file.readSync(buffer), 1);
  assertEquals(Deno.resources()[file.rid], "fsFile");
  file.close();
});

test("writes asked for together land in order", async () => {
  const file = await Deno.create(`${dir}/order`);
  const writes = [];
  for (let i = 0; i < 200; i++) writes.push(file.write(new Uint8Array([i])));
  await Promise.all(writes);
  await file.seek(0, 0);
  const buffer = new Uint8Array(300);
  assertEquals(await file.read(buffer), 200);
  assert(buffer.every((byte, i) => byte === (i < 200 ? i : 0)));
  file.close();
});

test("after close everything is BadResource; close twice too; dispose is silent", async () => {
  const file = Deno.openSync(path);
  const { rid } = file;
  file.close();
  const buffer = new Uint8Array(1);
  assertThrows(() => file.close(), BadResource, "Bad resource ID");
  assertThrows(() => Deno.close(rid), BadResource, "Bad resource ID");
  assertThrows(() => file.readSync(buffer), BadResource);
  assertThrows(() => file.statSync(), BadResource);
  assertThrows(() => file.seekSync(0, 0), BadResource);
  await assertRejects(() => file.read(buffer), BadResource);
  await assertRejects(() => file.write(buffer), BadResource);
  await assertRejects(() => file.truncate(), BadResource);
  await assertRejects(() => file.sync(), BadResource);
  file[Symbol.dispose]();
});

test("a stale rid never names a younger file", () => {
  const stale = Deno.openSync(path);
  stale.close();
  const younger = [];
  for (let i = 0; i < 100; i++) younger.push(Deno.openSync(path));
  assert(younger.every((file) => file.rid !== stale.rid));
  assertThrows(() => stale.readSync(new Uint8Array(1)), BadResource);
  for (const file of younger) file.close();
});

test("a read that is under way survives the close", async () => {
  const file = Deno.openSync(path);
  const buffer = new Uint8Array(5);
  const pending = file.read(buffer);
  file.close();
  const outcome = await pending.catch((error) => error);
  assert(outcome === 5 || outcome instanceof BadResource, String(outcome));
});

test("the wrong direction is EBADF, truncating a file opened for reading EINVAL", async () => {
  const reader = Deno.openSync(path);
  const byte = new Uint8Array(1);
  assertEquals(assertThrows(() => reader.writeSync(byte), Error, "(os error 9)").code, "EBADF");
  assertEquals(
    (await assertRejects(() => reader.write(byte), Error, "(os error 9)")).code,
    "EBADF",
  );
  assertThrows(() => reader.truncateSync(0), TypeError, "Invalid argument (os error 22)");
  await assertRejects(() => reader.truncate(0), TypeError, "(os error 22)");
  assertEquals(Deno.readTextFileSync(path), "hello");
  reader.close();
  const writer = Deno.openSync(`${dir}/w`, { write: true, create: true });
  assertEquals(assertThrows(() => writer.readSync(byte), Error, "(os error 9)").code, "EBADF");
  await assertRejects(() => writer.read(byte), Error, "(os error 9)");
  assertEquals(writer.statSync().size, 0);
  writer.close();
});

test("options that make no sense", async () => {
  const cases = [
    [{}, "requires at least one option to be true"],
    [{ read: false }, "requires at least one option to be true"],
    [{ create: true }, "require 'write' or 'append' to be true"],
    [{ read: true, createNew: true }, "require 'write' or 'append' to be true"],
    [{ read: true, truncate: true }, "'truncate' option requires 'write' to be true"],
    [{ append: true, truncate: true }, "'truncate' option requires 'write' to be true"],
    [{ append: true, write: true, truncate: true }, "requires write or append access: open '"],
  ];
  for (const [options, text] of cases) {
    assertThrows(() => Deno.openSync(path, options), Error, text);
    await assertRejects(() => Deno.open(path, options), Error, text);
  }
  assertEquals(Deno.readTextFileSync(path), "hello");
});

test("append writes at the end wherever the position is", () => {
  const target = `${dir}/append`;
  Deno.writeTextFileSync(target, "ab");
  using file = Deno.openSync(target, { append: true, read: true });
  file.seekSync(0, 0);
  file.writeSync(new Uint8Array([99]));
  assertEquals(Deno.readTextFileSync(target), "abc");
});

test("truncate and stat of an open file", async () => {
  const file = Deno.openSync(`${dir}/t`, { read: true, write: true, create: true });
  await file.truncate(7);
  assertEquals((await file.stat()).size, 7);
  file.truncateSync(2.9);
  assertEquals(file.statSync().size, 2);
  file.truncateSync(-1);
  assertEquals(file.statSync().size, 0);
  await file.sync();
  await file.syncData();
  file.syncSync();
  file.syncDataSync();
  file.close();
});

test("offsets beyond 4 GiB", async () => {
  const file = Deno.createSync(`${dir}/sparse`);
  assertEquals(await file.seek(5 * 2 ** 30, 0), 5368709120);
  assertEquals(file.seekSync(2n ** 33n, 0), 8589934592);
  file.writeSync(new Uint8Array([7]));
  assertEquals(file.statSync().size, 8589934593);
  await file.seek(-1, 2);
  const byte = new Uint8Array(1);
  assertEquals(await file.read(byte), 1);
  assertEquals(byte[0], 7);
  file.close();
  Deno.removeSync(`${dir}/sparse`);
});

test("seeks that make no sense", async () => {
  using file = Deno.openSync(path);
  assertThrows(() => file.seekSync(-5, 0), TypeError, "(os error 22)");
  const { code } = assertThrows(() => file.seekSync(2 ** 70, 0), TypeError, "(os error 22)");
  assertEquals(code, "EINVAL");
  assertThrows(() => file.seekSync(2n ** 64n, 0), TypeError, "(os error 22)");
  assertThrows(() => file.seekSync(0, 9), TypeError, "Invalid seek mode: 9");
  await assertRejects(() => file.seek("1", 0), TypeError);
  assertEquals(file.seekSync(NaN, 0), 0);
});

test("a folder opens but cannot be read", () => {
  using folder = Deno.openSync(dir);
  assertThrows(() => folder.readSync(new Uint8Array(1)), IsADirectory);
  assertThrows(() => Deno.openSync(dir, { write: true }), IsADirectory, `open '${dir}'`);
});

test("a file that was removed while open", async () => {
  const target = `${dir}/gone`;
  Deno.writeTextFileSync(target, "still here");
  const file = Deno.openSync(target, { read: true, write: true });
  Deno.removeSync(target);
  const buffer = new Uint8Array(20);
  assertEquals(await file.read(buffer), 10);
  assertEquals(file.statSync().nlink, 0);
  file.close();
});

test("buffers must be views", async () => {
  using file = Deno.openSync(path);
  assertThrows(() => file.readSync("x"), TypeError);
  await assertRejects(() => file.read([1]), TypeError);
});

test("FsFile cannot be constructed", () => {
  assertThrows(() => new Deno.FsFile(0), TypeError, "cannot be constructed");
  using file = Deno.openSync(path);
  assertEquals(file.isTerminal(), false);
});

test("nothing stays open", () => {
  assertEquals(Deno.resources(), { 0: "stdin", 1: "stdout", 2: "stderr" });
  Deno.removeSync(dir, { recursive: true });
});
