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
});

test("remove takes a large folder away", async () => {
  await Deno.remove(dir, { recursive: true });
  await assertRejects(() => Deno.stat(dir), Deno.errors.NotFound);
});
