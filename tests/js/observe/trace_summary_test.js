// --trace-summary: a table at the end, like strace -c.

import { assert, assertEquals, test } from "../harness.js";
import { project, run, Running } from "./rt.js";

function row(text, op) {
  const line = text.split("\n").find((each) => each.endsWith(` ${op}`));
  assert(line !== undefined, `no ${op} in\n${text}`);
  const [percent, total, mean, p99, calls, errors, slow, fast, async_, bytes] = line
    .trim()
    .split(/\s+/)
    .map(Number);
  return { percent, total, mean, p99, calls, errors, slow, fast, async: async_, bytes };
}

test("counts, errors, times, paths and bytes", async () => {
  const folder = await project({
    "main.js": `for (let i = 0; i < 50; i++) Deno.readTextFileSync("main.js");
for (let i = 0; i < 3; i++) try { Deno.readTextFileSync("nothing"); } catch {}
await Promise.all([Deno.readFile("main.js"), Deno.readFile("main.js")]);
for (let i = 0; i < 100000; i++) performance.now();
console.log("12345");`,
  });
  // Optimised where the loop stands: a thread that does it may come too late on a busy machine.
  const flags = "--v8-flags=--no-concurrent-recompilation,--no-concurrent-osr";
  const { code, stdout, stderr } = await run(
    folder,
    "run",
    "-A",
    flags,
    "--trace-summary",
    "main.js",
  );
  assertEquals([code, stdout], [0, "12345\n"]);
  const print = row(stderr, "op_console_print");
  assertEquals([print.calls, print.errors, print.slow, print.bytes], [1, 0, 1, 6]);
  const reads = stderr.split("\n").filter((line) => / op_fs_read\w*$/.test(line));
  const counts = reads.map((line) => row(stderr, line.trim().split(" ").at(-1)));
  assertEquals(
    counts.reduce((sum, each) => sum + each.errors, 0),
    3,
    stderr,
  );
  assertEquals(
    counts.reduce((sum, each) => sum + each.async, 0),
    2,
    stderr,
  );
  for (const each of counts) {
    assert(each.p99 >= each.mean * 0.5 && each.total > 0, JSON.stringify(each));
  }
  const now = stderr.split("\n").find((line) => / op_\w*now$/.test(line));
  const clock = row(stderr, now.trim().split(" ").at(-1));
  assert(clock.fast > 50000, "optimised code calls it fast");
  const [, calls] = stderr.match(/^100\.00 +[\d.]+ +(\d+) +3 .* total$/m);
  assert(Number(calls) >= 100056, stderr);
  assert(!stderr.includes("Dispatched"), "no lines besides");
});

test("Ctrl-C on a server ends with the table, by the signal", async () => {
  const folder = await project({
    "main.js": `setInterval(() => {}, 1000); console.log("begins"); console.log("ready");`,
  });
  const rt = new Running(folder, "run", "--trace-summary", "main.js");
  await rt.says(/ready/);
  rt.kill("SIGINT");
  const { signal, stderr } = await rt.end();
  assertEquals(signal, "SIGINT");
  // A call counts when it ends, which the second one may not have.
  assert(row(stderr, "op_console_print").calls >= 1, stderr);
});

test("a program that listens to the signal keeps it", async () => {
  const folder = await project({
    "main.js": `Deno.addSignalListener("SIGINT", () => { console.log("mine"); Deno.exit(3); });
setInterval(() => {}, 1000); console.log("ready");`,
  });
  const rt = new Running(folder, "run", "--trace-summary", "main.js");
  await rt.says(/ready/);
  rt.kill("SIGINT");
  const { code, stdout, stderr } = await rt.end();
  assertEquals([code, stdout], [3, "ready\nmine\n"]);
  assertEquals(row(stderr, "op_console_print").calls, 2);
});
