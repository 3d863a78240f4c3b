// Programs that cannot be started: Deno's classes, codes and words.
import { assertEquals, assertRejects, assertThrows, test } from "../harness.js";

async function fails(command, options, errorClass, message, code) {
  const make = () => new Deno.Command(command, options);
  for (const error of [
    await assertRejects(() => make().output(), errorClass),
    assertThrows(() => make().outputSync(), errorClass),
    assertThrows(() => make().spawn(), errorClass),
  ]) {
    assertEquals(error.message, message);
    assertEquals(error.code, code);
  }
}

test("no such program", () =>
  fails(
    "nonexistent-xyz",
    {},
    Deno.errors.NotFound,
    "Failed to spawn 'nonexistent-xyz': entity not found",
    "ENOENT",
  ));

test("no such file", () =>
  fails(
    "/nonexistent/x",
    {},
    Deno.errors.NotFound,
    "Failed to spawn '/nonexistent/x': No such file or directory (os error 2)",
    "ENOENT",
  ));

test("a folder", () =>
  fails(
    "/tmp",
    {},
    Deno.errors.PermissionDenied,
    "Failed to spawn '/tmp': Permission denied (os error 13)",
    "EACCES",
  ));

test("no such cwd", () =>
  fails(
    "/bin/true",
    { cwd: "/nonexistent" },
    Deno.errors.NotFound,
    "Failed to spawn '/bin/true': No such cwd '/nonexistent'",
    "ENOENT",
  ));

test("NUL in an argument", () =>
  fails(
    "/bin/echo",
    { args: ["a\0b"] },
    TypeError,
    "Failed to spawn '/bin/echo': nul byte found in provided data",
    "EINVAL",
  ));

test("empty and NUL names", async () => {
  await fails("", {}, Deno.errors.NotFound, "Failed to spawn '': entity not found", "ENOENT");
  await fails(
    "a\0b",
    {},
    Deno.errors.NotFound,
    "Failed to spawn 'a\0b': entity not found",
    "ENOENT",
  );
});

test("a text file without a first line for an interpreter", async () => {
  const file = Deno.makeTempFileSync();
  Deno.writeTextFileSync(file, "just text");
  Deno.chmodSync(file, 0o755);
  const error = await assertRejects(() => new Deno.Command(file).output());
  assertEquals(error.message, `Failed to spawn '${file}': Exec format error (os error 8)`);
});

test("arguments are a list: a string would be one for each of its characters", async () => {
  await assertRejects(
    () => new Deno.Command("echo", { args: "a /" }).output(),
    TypeError,
    "'args'",
  );
  assertThrows(() => new Deno.Command("echo", { args: {} }).outputSync(), TypeError, "'args'");
});

test("too many arguments", async () => {
  const args = new Array(40).fill("x".repeat(130000));
  await assertRejects(
    () => new Deno.Command("/bin/true", { args }).output(),
    Error,
    "Argument list too long (os error 7)",
  );
});

test("what is no text is no command, and none is looked for", async () => {
  for (const command of [undefined, null, 5, {}]) {
    const text = "A command must be a string or a URL";
    await assertRejects(() => new Deno.Command(command).output(), TypeError, text);
    assertThrows(() => new Deno.Command(command).outputSync(), TypeError, text);
    assertThrows(() => new Deno.Command(command).spawn(), TypeError, text);
  }
});
