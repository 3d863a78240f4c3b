import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const { NotFound } = Deno.errors;

test("makeTempDir and makeTempFile make something new and private", async () => {
  const dir = await Deno.makeTempDir({ prefix: "rt-", suffix: "-end" });
  assert(/^\/.*\/rt-[0-9a-f]+-end$/.test(dir), dir);
  assertEquals(Deno.statSync(dir).mode & 0o777, 0o700);
  const file = Deno.makeTempFileSync({ dir, suffix: ".txt" });
  assert(file.startsWith(`${dir}/`) && file.endsWith(".txt"), file);
  const info = Deno.statSync(file);
  assertEquals([info.isFile, info.size, info.mode & 0o777], [true, 0, 0o600]);
  assert((await Deno.makeTempFile({ dir })) !== (await Deno.makeTempFile({ dir })));
  assert(Deno.makeTempDirSync({ dir }) !== Deno.makeTempDirSync({ dir }));
  Deno.removeSync(dir, { recursive: true });
});

test("S9 a prefix or suffix is part of a name, never a path", async () => {
  const outside = Deno.makeTempDirSync();
  const dir = `${outside}/inside`;
  Deno.mkdirSync(dir);
  for (const affix of ["/", "a/b", "../", "/..", "\\", "a\0b", "\n", "\x7f"]) {
    for (const options of [
      { dir, prefix: affix },
      { dir, suffix: affix },
    ]) {
      assertThrows(() => Deno.makeTempDirSync(options), TypeError, "prefix or suffix");
      assertThrows(() => Deno.makeTempFileSync(options), TypeError, "prefix or suffix");
      await assertRejects(() => Deno.makeTempDir(options), TypeError, "prefix or suffix");
      await assertRejects(() => Deno.makeTempFile(options), TypeError, "prefix or suffix");
    }
  }
  assertEquals([...Deno.readDirSync(outside)].length, 1);
  assertEquals([...Deno.readDirSync(dir)].length, 0);
  Deno.makeTempDirSync({ dir, prefix: ".." });
  assertEquals([...Deno.readDirSync(dir)].length, 1);
  Deno.removeSync(outside, { recursive: true });
});

test("a missing folder", async () => {
  await assertRejects(
    () => Deno.makeTempDir({ dir: "/no/such" }),
    NotFound,
    "(os error 2): tmpdir",
  );
  assertThrows(() => Deno.makeTempFileSync({ dir: "/no/such" }), NotFound, "(os error 2): tmpfile");
});

test("an empty folder is the current one, which the path does not name", async () => {
  const before = Deno.cwd();
  const dir = Deno.makeTempDirSync();
  Deno.chdir(dir);
  try {
    const made = [
      await Deno.makeTempFile({ dir: "", prefix: "a" }),
      Deno.makeTempFileSync({ dir: "", prefix: "b" }),
      await Deno.makeTempDir({ dir: "", prefix: "c" }),
      Deno.makeTempDirSync({ dir: "", prefix: "d" }),
    ];
    assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), made);
  } finally {
    Deno.chdir(before);
    Deno.removeSync(dir, { recursive: true });
  }
});
