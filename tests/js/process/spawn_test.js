// Deno.Command.spawn(): the child while it runs.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

const spawn = (command, args, options = {}) =>
  new Deno.Command(command, { args, stdout: "null", ...options }).spawn();

test("pid and status", async () => {
  const child = spawn("true");
  assert(Number.isInteger(child.pid) && child.pid > 0);
  const status = await child.status;
  assertEquals(Object.entries(status), [
    ["success", true],
    ["code", 0],
    ["signal", null],
  ]);
  assertEquals(Object.getPrototypeOf(status), null);
});

test("kill ends it with SIGTERM, or what is said", async () => {
  const one = spawn("sleep", ["60"]);
  one.kill();
  assertEquals((await one.status).signal, "SIGTERM");
  const two = spawn("sleep", ["60"]);
  two.kill("SIGKILL");
  assertEquals([(await two.status).code, (await two.status).signal], [137, "SIGKILL"]);
  const three = spawn("sleep", ["60"]);
  three.kill(2);
  assertEquals((await three.status).signal, "SIGINT");
});

test("kill of what has ended", async () => {
  const child = spawn("true");
  await child.status;
  assertThrows(() => child.kill(), TypeError, "Child process has already terminated");
});

test("kill with a name that is none", async () => {
  await using child = spawn("sleep", ["60"]);
  assertThrows(() => child.kill("SIGFOO"), TypeError, "Invalid signal: SIGFOO");
});

test("asyncDispose ends it and waits", async () => {
  let status;
  {
    await using child = spawn("sleep", ["60"]);
    status = child.status;
  }
  assertEquals((await status).signal, "SIGTERM");
});

test("an AbortSignal ends it", async () => {
  const controller = new AbortController();
  const child = spawn("sleep", ["60"], { signal: controller.signal });
  controller.abort();
  assertEquals((await child.status).signal, "SIGTERM");
  const aborted = spawn("sleep", ["60"], { signal: AbortSignal.abort() });
  assertEquals((await aborted.status).signal, "SIGTERM");
});

test("a signal that is none", () => {
  assertThrows(() => spawn("true", [], { signal: {} }), TypeError);
});

test("kill of numbers that are no pid", () => {
  for (const pid of [2 ** 32 + Deno.pid, 1.5, NaN, "1"]) {
    assertThrows(() => Deno.kill(pid, 0), TypeError, "expected i32");
  }
});

test("streams that are not piped", async () => {
  const child = spawn("true");
  for (const name of ["stdin", "stdout", "stderr"]) {
    assertThrows(() => child[name], TypeError, `Cannot get '${name}': '${name}' is not piped`);
  }
  await child.status;
});

test("output() of a child", async () => {
  const child = new Deno.Command("echo", { args: ["hi"], stdout: "piped", stderr: "null" }).spawn();
  const output = await child.output();
  assertEquals(new TextDecoder().decode(output.stdout), "hi\n");
  assertThrows(() => output.stderr, TypeError, "not piped");
});

test("detached: a session of its own", async () => {
  const script = "cut -d' ' -f6 /proc/$$/stat; echo $$";
  const output = await new Deno.Command("sh", { args: ["-c", script], detached: true }).output();
  const [session, pid] = new TextDecoder().decode(output.stdout).trim().split("\n");
  assertEquals(session, pid);
});

test("resources of children that ended are gone", async () => {
  const before = Object.values(Deno.resources()).filter((name) => name.startsWith("child")).length;
  await new Deno.Command("true").output();
  const after = Object.values(Deno.resources()).filter((name) => name.startsWith("child")).length;
  assertEquals(after, before);
});

test("no constructor for scripts", () => {
  assertThrows(() => new Deno.ChildProcess(), TypeError);
});
