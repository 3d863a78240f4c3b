// The ops whose options decide what they need: each combination, with one right taken away. The other ops'
// denied halves are generated from the op table.
import { assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const { NotCapable } = Deno.errors;
const dir = Deno.makeTempDirSync();
const path = `${dir}/f`;
Deno.writeTextFileSync(path, "text");
const before = Deno.openSync(path, { read: true, write: true });

async function denied(options, access) {
  const text = `Requires ${access} access to "${path}", run again with the --allow-${access} flag`;
  assertThrows(() => Deno.openSync(path, options), NotCapable, text);
  await assertRejects(() => Deno.open(path, options), NotCapable, text);
}

test("without write", async () => {
  Deno.permissions.revokeSync({ name: "write" });
  Deno.openSync(path).close();
  await denied({ write: true }, "write");
  await denied({ append: true }, "write");
  await denied({ read: true, write: true }, "write");
  await denied({ write: true, create: true }, "write");
  await denied({ write: true, createNew: true }, "write");
  await denied({ write: true, truncate: true }, "write");
  assertThrows(() => Deno.createSync(path), NotCapable, "write access");
  await assertRejects(() => Deno.create(path), NotCapable, "write access");
  assertEquals(Deno.readTextFileSync(path), "text");
});

test("without write: temporaries, in the default folder and in one given", async () => {
  const flag = "run again with the --allow-write flag";
  const inDefault = `Requires write access to <TMP>, ${flag}`;
  const inDir = `Requires write access to "${dir}", ${flag}`;
  for (const make of [Deno.makeTempDir, Deno.makeTempFile]) {
    await assertRejects(() => make(), NotCapable, inDefault);
    await assertRejects(() => make({ dir }), NotCapable, inDir);
  }
  for (const make of [Deno.makeTempDirSync, Deno.makeTempFileSync]) {
    assertThrows(() => make(), NotCapable, inDefault);
    assertThrows(() => make({ dir }), NotCapable, inDir);
  }
});

test("without read", async () => {
  Deno.permissions.revokeSync({ name: "read" });
  await denied({ read: true }, "read");
  await denied({ read: true, write: true }, "read");
  assertThrows(() => Deno.openSync(path), NotCapable, "read access");
});

test("a file that is open keeps what it was granted", async () => {
  assertEquals(before.statSync().size, 4);
  assertEquals(before.readSync(new Uint8Array(8)), 4);
  await before.truncate(2);
  assertEquals((await before.stat()).size, 2);
  before.close();
});
