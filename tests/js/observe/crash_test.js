// Crash reports: one file, for its owner, and the exit codes docs/debugging.md names.

import { assert, assertEquals, test } from "../harness.js";
import { project, run } from "./rt.js";

const kSpin = `console.log("started");
function spin() { let n = 0; for (;;) n += Math.sqrt(n) | 1; }
spin();`;

async function crash(kind, text = kSpin, ...flags) {
  const folder = await project({ "main.js": text });
  const result = await run(folder, "run", `--crash-test=${kind}`, ...flags, "main.js", "s3cr3t");
  const reports = [...Deno.readDirSync(`${folder}/cache/crashes`)];
  assertEquals(reports.length, 1, result.stderr);
  const path = `${folder}/cache/crashes/${reports[0].name}`;
  assertEquals((await Deno.stat(path)).mode & 0o777, 0o600);
  assertEquals((await Deno.stat(`${folder}/cache/crashes`)).mode & 0o777, 0o700);
  assert(result.stderr.includes(`A report was written to\n  ${path}\n`), result.stderr);
  return { folder, ...result, report: await Deno.readTextFile(path) };
}

for (const [kind, signal, reason, frame] of [
  [
    "segv",
    "SIGSEGV",
    "SIGSEGV: memory that is not there, or the end of the stack, address 0x10",
    "Crash",
  ],
  ["abort", "SIGABRT", "SIGABRT: abort", "Crash"],
  ["check", "SIGABRT", "internal check failed: ", "rt::CheckFailed"],
  ["v8", "SIGABRT", "V8: ", "v8::"],
  ["stack", "SIGSEGV", "SIGSEGV: memory that is not there, or the end of the stack", "Sink"],
]) {
  test(`${kind}: ends by ${signal}, with a report`, async () => {
    const { folder, signal: ended, report } = await crash(kind);
    assertEquals(ended, signal);
    assert(report.includes(`Reason: ${reason}`), report);
    assert(/^Versions: rt \d.*, V8 13\./m.test(report), report);
    assert(report.includes("op_console_print\n"), report);
    assert(report.includes("\nNative stack:\n  0x"), report);
    assert(report.includes(frame), report);
    assert(!report.includes("s3cr3t"), "the script's arguments are its own business");
    assert(report.includes(`spin (file://${folder}/main.js:2:`), report);
  });
}

test("flags are kept, secrets in them are not", async () => {
  const { report } = await crash("abort", kSpin, "--location=http://u:s3cr3t@h/?token=s3cr3t");
  assert(report.includes("--location=http://***@h/?token=***"), report);
});

for (const [what, line, ...args] of [
  ["rt eval", "rt eval -p (and 2 more)", "eval", "-p", "KILL", "s3cr3t"],
  [
    "what follows --",
    "rt eval -p (and 3 more)",
    "eval",
    "-p",
    "--",
    "-1, 's3cr3t', KILL",
    "-s3cr3t",
  ],
  ["rt repl --eval", "rt repl -A --eval=***", "repl", "-A", "--eval=s3cr3t = 1; KILL"],
]) {
  test(`${what}: neither code nor arguments are in the report`, async () => {
    const folder = await project({});
    const kill = 'Deno.kill(Deno.pid, "SIGABRT")';
    const result = await run(folder, ...args.map((arg) => arg.replace("KILL", kill)));
    const [report] = [...Deno.readDirSync(`${folder}/cache/crashes`)];
    const text = await Deno.readTextFile(`${folder}/cache/crashes/${report.name}`);
    assert(text.includes(`\n  ${line}\n`), text);
    assert(!text.includes("s3cr3t"), text);
    assertEquals(result.signal, "SIGABRT");
  });
}

test("a compiled program: all arguments are its own", async () => {
  const folder = await project({ "main.js": 'Deno.kill(Deno.pid, "SIGABRT")' });
  const made = await run(folder, "compile", "-A", "--output=program", "main.js");
  assertEquals(made.code, 0, made.stderr);
  await new Deno.Command(`${folder}/program`, {
    args: ["serve", "--s3cr3t", "-s3cr3t"],
    env: { RT_DIR: `${folder}/cache` },
    stdout: "null",
    stderr: "null",
  }).output();
  const [report] = [...Deno.readDirSync(`${folder}/cache/crashes`)];
  const text = await Deno.readTextFile(`${folder}/cache/crashes/${report.name}`);
  assert(text.includes("\n  a compiled program (and 3 arguments)\n"), text);
  assert(!text.includes("s3cr3t"), text);
});

test("a full heap: exit code 124, and a report", async () => {
  const folder = await project({
    "main.js": `const parts = [];
// One builtin that allocates more than V8 can be stopped in.
for (;;) parts.push("x".repeat(2 ** 26).split(""));`,
  });
  const result = await run(folder, "run", "--v8-flags=--max-old-space-size=100", "main.js");
  assertEquals(result.code, 124, result.stderr);
  const [report] = [...Deno.readDirSync(`${folder}/cache/crashes`)];
  const text = await Deno.readTextFile(`${folder}/cache/crashes/${report.name}`);
  assert(text.includes("Reason: out of memory: the JavaScript heap is full\n"), text);
  assert(text.includes(`(file://${folder}/main.js:3:`), text);
});

test("no script can ask for it", async () => {
  const folder = await project({ "main.js": `console.log(Deno.args);` });
  const { code, stdout } = await run(folder, "run", "main.js", "--crash-test=segv");
  assertEquals([code, stdout], [0, '[ "--crash-test=segv" ]\n']);
  const help = await run(folder, "help", "run");
  assert(!help.stdout.includes("crash-test"), "not a flag for people");
  const unknown = await run(folder, "run", "--crash-test=other", "main.js");
  assertEquals(unknown.code, 2);
});
