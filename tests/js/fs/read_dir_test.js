// Deno.readDir: portions, early ends, errors.
import { assert, assertEquals, assertRejects, test } from "../harness.js";

const dir = Deno.makeTempDirSync();
const kCount = 5000;
for (let i = 0; i < kCount; i++) Deno.writeTextFileSync(`${dir}/${i}`, "");

function openStreams() {
  return Object.values(Deno.resources()).filter((name) => name === "dirStream").length;
}

test("every entry of a large folder comes once", async () => {
  const names = new Set();
  for await (const entry of Deno.readDir(dir)) {
    assert(entry.isFile && !entry.isDirectory && !entry.isSymlink);
    names.add(entry.name);
  }
  assertEquals(names.size, kCount);
  assertEquals(openStreams(), 0);
});

test("the same iterable can be iterated again", async () => {
  const entries = Deno.readDir(dir);
  let count = 0;
  for await (const _ of entries) count++;
  for await (const _ of entries) count++;
  assertEquals(count, 2 * kCount);
});

test("leaving early closes the folder", async () => {
  for await (const _ of Deno.readDir(dir)) {
    assertEquals(openStreams(), 1);
    break;
  }
  assertEquals(openStreams(), 0);
});

test("calls that are not awaited are answered in their order", async () => {
  const iterator = Deno.readDir(dir)[Symbol.asyncIterator]();
  const first = await Promise.all([iterator.next(), iterator.next(), iterator.next()]);
  assertEquals(new Set(first.map(({ value }) => value.name)).size, 3);
  // An end that is asked for behind other calls comes behind them.
  const [next, end, after] = await Promise.all([
    iterator.next(),
    iterator.return("value"),
    iterator.next(),
  ]);
  assert(next.value.isFile);
  assertEquals(end, { value: "value", done: true });
  assertEquals(after, { value: undefined, done: true });
  assertEquals(openStreams(), 0);
});

test("an iterator is iterable itself, and goes on where it is", async () => {
  const iterator = Deno.readDir(dir)[Symbol.asyncIterator]();
  await iterator.next();
  let count = 0;
  for await (const _ of iterator) count++;
  assertEquals(count, kCount - 1);
  assertEquals(await iterator.next(), { value: undefined, done: true });
});

test("throw closes the folder, too", async () => {
  const iterator = Deno.readDir(dir)[Symbol.asyncIterator]();
  await iterator.next();
  await assertRejects(() => iterator.throw(new RangeError("mine")), RangeError, "mine");
  assertEquals(openStreams(), 0);
  assertEquals((await iterator.next()).done, true);
});

test("an empty folder has no entries, a small one all at once", async () => {
  const empty = Deno.makeTempDirSync();
  for await (const _ of Deno.readDir(empty)) assert(false);
  Deno.mkdirSync(`${empty}/below`);
  Deno.symlinkSync("below", `${empty}/link`);
  const found = [];
  for await (const entry of Deno.readDir(empty)) found.push(entry);
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  assertEquals(found, [
    { name: "below", isFile: false, isDirectory: true, isSymlink: false },
    { name: "link", isFile: false, isDirectory: false, isSymlink: true },
  ]);
  assertEquals([...Deno.readDirSync(empty)].length, 2);
  Deno.removeSync(empty, { recursive: true });
});

test("an iterable that is never iterated holds nothing", () => {
  Deno.readDir(dir);
  assertEquals(openStreams(), 0);
});

test("errors come when it is iterated", async () => {
  const entries = Deno.readDir(`${dir}/none`);
  const error = await assertRejects(async () => {
    for await (const _ of entries);
  }, Deno.errors.NotFound);
  assertEquals(error.message, `No such file or directory (os error 2): readdir '${dir}/none'`);
  assert(error.stack.includes("read_dir_test.js"), error.stack);
});

test("remove takes a large folder away", async () => {
  await Deno.remove(dir, { recursive: true });
  await assertRejects(() => Deno.stat(dir), Deno.errors.NotFound);
});
