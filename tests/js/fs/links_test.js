// link, symlink and readLink.
import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const dir = Deno.makeTempDirSync();
Deno.writeTextFileSync(`${dir}/file`, "hello");

test("link gives a file a second name", async () => {
  await Deno.link(`${dir}/file`, `${dir}/second`);
  Deno.linkSync(`${dir}/file`, `${dir}/third`);
  assertEquals(Deno.statSync(`${dir}/file`).nlink, 3);
  assertEquals(Deno.readTextFileSync(`${dir}/third`), "hello");
});

test("link names both ends when it fails", async () => {
  const exists = await assertRejects(
    () => Deno.link(`${dir}/file`, `${dir}/second`),
    Deno.errors.AlreadyExists,
  );
  assertEquals(exists.message, `File exists (os error 17): link '${dir}/file' -> '${dir}/second'`);
  assertThrows(() => Deno.linkSync(`${dir}/none`, `${dir}/x`), Deno.errors.NotFound, "link '");
});

test("link does not follow a link", () => {
  Deno.symlinkSync("file", `${dir}/to_file`);
  Deno.linkSync(`${dir}/to_file`, `${dir}/to_file_too`);
  assert(Deno.lstatSync(`${dir}/to_file_too`).isSymlink);
});

test("symlink stores its target as it is", async () => {
  await Deno.symlink("file", `${dir}/soft`);
  assertEquals(await Deno.readLink(`${dir}/soft`), "file");
  Deno.symlinkSync("no/where", `${dir}/dangling`, { type: "dir" });
  assertEquals(Deno.readLinkSync(`${dir}/dangling`), "no/where");
  Deno.symlinkSync(new URL("file:///etc/hosts"), `${dir}/from_url`);
  assertEquals(Deno.readLinkSync(`${dir}/from_url`), "/etc/hosts");
});

test("symlink does not replace", async () => {
  const error = await assertRejects(
    () => Deno.symlink("file", `${dir}/soft`),
    Deno.errors.AlreadyExists,
  );
  assertEquals(error.message, `File exists (os error 17): symlink 'file' -> '${dir}/soft'`);
});

test("symlink checks its type", () => {
  assertThrows(
    () => Deno.symlinkSync("a", `${dir}/typed`, { type: "foo" }),
    TypeError,
    "unknown variant `foo`, expected one of `file`, `dir`, `junction`",
  );
});

test("readLink of what is no link", async () => {
  const error = await assertRejects(() => Deno.readLink(`${dir}/file`), TypeError);
  assertEquals(error.message, `Invalid argument (os error 22): readlink '${dir}/file'`);
  assertEquals(error.code, "EINVAL");
  assertThrows(() => Deno.readLinkSync(`${dir}/none`), Deno.errors.NotFound, "readlink");
});
