// Deno.watchFs.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

/** Runs `act` while a watcher looks, and gives the events as "kind path path". */
async function record(paths, act, enough, options = undefined) {
  const watcher = Deno.watchFs(paths, options);
  const seen = [];
  const timeout = setTimeout(() => watcher.close(), 5000);
  setTimeout(act, 0);
  for await (const event of watcher) {
    seen.push([event.kind, ...event.paths].join(" "));
    if (enough(seen)) break;
  }
  clearTimeout(timeout);
  return seen;
}

test("a file is made, written, renamed, removed", async () => {
  const dir = Deno.makeTempDirSync();
  const seen = await record(
    dir,
    () => {
      Deno.writeTextFileSync(`${dir}/a`, "x");
      Deno.renameSync(`${dir}/a`, `${dir}/b`);
      Deno.chmodSync(`${dir}/b`, 0o600);
      Deno.removeSync(`${dir}/b`);
    },
    (seen) => seen.includes(`remove ${dir}/b`),
  );
  assertEquals(seen, [
    `create ${dir}/a`,
    `modify ${dir}/a`,
    `access ${dir}/a`,
    `remove ${dir}/a`,
    `rename ${dir}/b`,
    `rename ${dir}/a ${dir}/b`,
    `modify ${dir}/b`,
    `remove ${dir}/b`,
  ]);
});

test("new folders are watched too", async () => {
  const dir = Deno.makeTempDirSync();
  const seen = await record(
    dir,
    () => {
      Deno.mkdirSync(`${dir}/x/y`, { recursive: true });
      Deno.writeTextFileSync(`${dir}/x/y/deep`, "");
    },
    (seen) => seen.includes(`create ${dir}/x/y/deep`),
  );
  assert(seen.includes(`create ${dir}/x`) && seen.includes(`create ${dir}/x/y`), seen.join("\n"));
});

test("a renamed folder tells its new name", async () => {
  const dir = Deno.makeTempDirSync();
  Deno.mkdirSync(`${dir}/old/in`, { recursive: true });
  const seen = await record(
    dir,
    () => {
      Deno.renameSync(`${dir}/old`, `${dir}/new`);
      Deno.writeTextFileSync(`${dir}/new/in/file`, "");
    },
    (seen) => seen.includes(`create ${dir}/new/in/file`),
  );
  assert(seen.includes(`rename ${dir}/old ${dir}/new`));
});

test("not recursive: only what is in the folder itself", async () => {
  const dir = Deno.makeTempDirSync();
  Deno.mkdirSync(`${dir}/sub`);
  const seen = await record(
    dir,
    () => {
      Deno.writeTextFileSync(`${dir}/sub/hidden`, "");
      Deno.writeTextFileSync(`${dir}/end`, "");
    },
    (seen) => seen.includes(`create ${dir}/end`),
    { recursive: false },
  );
  assert(!seen.some((event) => event.includes("hidden")), seen.join("\n"));
});

test("links are not followed into other folders", async () => {
  const outside = Deno.makeTempDirSync();
  const dir = Deno.makeTempDirSync();
  Deno.symlinkSync(outside, `${dir}/link`);
  const seen = await record(
    dir,
    () => {
      Deno.writeTextFileSync(`${outside}/secret`, "");
      Deno.writeTextFileSync(`${dir}/end`, "");
    },
    (seen) => seen.includes(`create ${dir}/end`),
  );
  assert(!seen.some((event) => event.includes("secret")), seen.join("\n"));
});

test("several paths, one of them a file", async () => {
  const dir = Deno.makeTempDirSync();
  Deno.mkdirSync(`${dir}/d`);
  Deno.writeTextFileSync(`${dir}/f`, "");
  const seen = await record(
    [`${dir}/d`, `${dir}/f`],
    () => {
      Deno.writeTextFileSync(`${dir}/f`, "text");
      Deno.writeTextFileSync(`${dir}/d/new`, "");
    },
    (seen) => seen.includes(`create ${dir}/d/new`),
  );
  assert(seen.includes(`modify ${dir}/f`), seen.join("\n"));
});

test("close ends the iteration", async () => {
  const watcher = Deno.watchFs(Deno.makeTempDirSync());
  setTimeout(() => watcher.close(), 10);
  for await (const _ of watcher) throw new Error("no event was expected");
  assertEquals(await watcher.next(), { value: undefined, done: true });
  watcher.close(); // again: nothing
});

test("an event has no prototype and says what was lost", async () => {
  const dir = Deno.makeTempDirSync();
  using watcher = Deno.watchFs(dir);
  Deno.writeTextFileSync(`${dir}/f`, "");
  const { value } = await watcher.next();
  assertEquals(Object.keys(value), ["kind", "paths", "flag"]);
  assertEquals([Object.getPrototypeOf(value), value.flag], [null, null]);
});

test("a path that is not there", () => {
  const error = assertThrows(() => Deno.watchFs("/nonexistent/path"), Deno.errors.NotFound);
  assertEquals(error.message, "No path was found.");
});
