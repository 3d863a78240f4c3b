// Deno.Command: output() and outputSync().
import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const text = (bytes) => new TextDecoder().decode(bytes);
const sh = (script, options = {}) => new Deno.Command("sh", { args: ["-c", script], ...options });

test("what the program writes, and how it ends", async () => {
  const output = await sh("echo out; echo err >&2; exit 7").output();
  assertEquals(text(output.stdout), "out\n");
  assertEquals(text(output.stderr), "err\n");
  assertEquals([output.success, output.code, output.signal], [false, 7, null]);
});

test("the same, blocking", () => {
  const output = sh("echo out; echo err >&2").outputSync();
  assertEquals([text(output.stdout), text(output.stderr)], ["out\n", "err\n"]);
  assertEquals([output.success, output.code, output.signal], [true, 0, null]);
});

test("a signal ends it", async () => {
  for (const output of [await sh("kill -SEGV $$").output(), sh("kill -SEGV $$").outputSync()]) {
    assertEquals([output.success, output.code, output.signal], [false, 139, "SIGSEGV"]);
  }
});

test("both pipes are read at once", async () => {
  const script = "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero";
  for (const output of [await sh(script).output(), sh(script).outputSync()]) {
    assertEquals([output.stdout.length, output.stderr.length], [300000, 300000]);
  }
});

test("stdin is empty unless said otherwise", async () => {
  assertEquals((await new Deno.Command("cat").output()).stdout.length, 0);
});

test("what is not piped cannot be had", async () => {
  const output = await new Deno.Command("true", { stdout: "null", stderr: "inherit" }).output();
  assertThrows(() => output.stdout, TypeError, "Cannot get 'stdout': 'stdout' is not piped");
  assertThrows(() => output.stderr, TypeError, "Cannot get 'stderr': 'stderr' is not piped");
});

test("stdin cannot be piped here", async () => {
  const command = new Deno.Command("cat", { stdin: "piped" });
  const message =
    "Piped stdin is not supported for this function, use 'Deno.Command.spawn()' instead";
  await assertRejects(() => command.output(), TypeError, message);
  assertThrows(() => command.outputSync(), TypeError, message);
});

test("an unknown kind of stream", () => {
  assertThrows(
    () => new Deno.Command("true", { stdout: "foo" }).spawn(),
    TypeError,
    "unknown variant `foo`, expected one of `inherit`, `piped`, `null`",
  );
});

test("cwd", async () => {
  const output = await new Deno.Command("pwd", { cwd: new URL("file:///usr/") }).output();
  assertEquals(text(output.stdout), "/usr\n");
  assertEquals((await new Deno.Command("./ls", { cwd: "/bin" }).output()).code, 0);
});

test("env adds, clearEnv starts with nothing", async () => {
  Deno.env.set("RT_TEST_INHERITED", "yes");
  const command = (options) => new Deno.Command("/usr/bin/env", options).outputSync();
  const both = text(command({ env: { RT_TEST_ADDED: "a=b" } }).stdout);
  assert(both.includes("RT_TEST_INHERITED=yes\n") && both.includes("RT_TEST_ADDED=a=b\n"), both);
  assertEquals(text(command({ env: { ONLY: "1" }, clearEnv: true }).stdout), "ONLY=1\n");
  Deno.env.delete("RT_TEST_INHERITED");
});

test("a program is looked for on the child's PATH", async () => {
  await assertRejects(
    () => new Deno.Command("true", { env: { PATH: "/nonexistent" } }).output(),
    Deno.errors.NotFound,
    "Failed to spawn 'true': entity not found",
  );
});

test("arguments arrive as they are", async () => {
  const args = ["a b", "`x`", "$(y)", "\"'", "; |&", "%V%", "line\nbreak", ""];
  const output = await new Deno.Command("printf", { args: ["%s\\0", ...args] }).output();
  assertEquals(text(output.stdout), args.map((arg) => `${arg}\0`).join(""));
});

test("a URL names a program", async () => {
  const output = await new Deno.Command(new URL("file:///bin/echo"), { args: [1] }).output();
  assertEquals(text(output.stdout), "1\n");
});

test("short forms", async () => {
  assertEquals(text((await Deno.spawnAndWait("echo", ["a"])).stdout), "a\n");
  assertEquals(text(Deno.spawnAndWaitSync("echo", ["b"]).stdout), "b\n");
  assertEquals((await Deno.spawn("true").status).success, true);
});
