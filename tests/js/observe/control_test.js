// rt trace attach and rt why: looking at a running program from outside.

import { assert, assertEquals, test } from "../harness.js";
import { jsonLines, project, run, Running } from "./rt.js";

const exists = (path) =>
  Deno.stat(path).then(
    () => true,
    () => false,
  );

test("a trace begins when somebody attaches and ends when they leave", async () => {
  const folder = await project({
    "main.js": `setInterval(() => { Deno.statSync("."); }, 20); console.log("ready");`,
  });
  const rt = new Running(folder, "run", "-A", "main.js");
  await rt.says(/ready/);
  const text = new Running(folder, "trace", "attach", String(rt.pid), "--trace-ops=op_fs_*");
  await text.says(/^\[ *\d+\.\d{3}\] op_fs_\w+ +: Completed Slow$/m);
  assert(!text.stdout.includes("op_timer"), "only what was asked for");
  text.kill("SIGINT");
  assertEquals((await text.end()).code, 0);
  const json = new Running(folder, "trace", "attach", "--trace-format=json", String(rt.pid));
  await json.says(/"event":"call".*"op":"op_fs.*\n/);
  json.kill("SIGINT");
  await json.end();
  const line = jsonLines(json.stdout.slice(0, json.stdout.lastIndexOf("\n"))).find(
    (each) => each.event === "call" && each.op.startsWith("op_fs"),
  );
  assertEquals(line.at, `file://${folder}/main.js:1:26`);
  // Nothing of it went into the program's own output, and it goes on.
  rt.kill();
  assertEquals(await rt.end(), { code: 143, signal: "SIGTERM", stdout: "ready\n", stderr: "" });
  const folderInfo = await Deno.stat(`${folder}/cache/control`);
  assertEquals(folderInfo.mode & 0o777, 0o700);
  assertEquals([...Deno.readDirSync(`${folder}/cache/control`)], []);
});

test("a program that computes without end is reached, too", async () => {
  const folder = await project({
    "main.js": `console.log("ready");
function spin() { let n = 0; for (;;) n += Math.sqrt(n) | 1; }
spin();`,
  });
  const rt = new Running(folder, "run", "main.js");
  await rt.says(/ready/);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const why = await run(folder, "why", String(rt.pid));
  rt.kill("SIGKILL");
  await rt.end();
  assertEquals(why.code, 0, why.stderr);
  assert(why.stdout.includes("is running JavaScript now"), why.stdout);
  assert(why.stdout.includes(`at spin (file://${folder}/main.js:2:`), why.stdout);
});

test("perfetto through a socket is a whole array at the end", async () => {
  const folder = await project({
    "main.js": `setInterval(() => { Deno.statSync("."); }, 20); console.log("ready");`,
  });
  const rt = new Running(folder, "run", "-A", "main.js");
  await rt.says(/ready/);
  const args = ["--trace-format=perfetto", "--trace-file=t.json", String(rt.pid)];
  const trace = new Running(folder, "trace", "attach", ...args);
  for (let i = 0; i < 200; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const text = await Deno.readTextFile(`${folder}/t.json`).catch(() => "");
    if (text.includes("op_fs")) break;
  }
  rt.kill();
  await rt.end();
  assertEquals((await trace.end()).code, 0);
  const events = JSON.parse(await Deno.readTextFile(`${folder}/t.json`));
  assert(events.some((event) => event.ph === "X" && event.name.startsWith("op_fs")));
});

test("why: an unprepared program says what it knows, and what it does not", async () => {
  const folder = await project({
    "main.js": `Deno.listen({ hostname: "127.0.0.1", port: 0 }).accept();
setTimeout(() => {}, 60_000);
console.log("ready");
await new Promise(() => {});`,
  });
  const rt = new Running(folder, "run", "-A", "main.js");
  await rt.says(/ready/);
  const { code, stdout } = await run(folder, "why", String(rt.pid));
  rt.kill();
  await rt.end();
  assertEquals(code, 0);
  assert(/^main \(file:.*main\.js\), running for \d+\.\d s$/m.test(stdout), stdout);
  assert(/op_net_accept\w*, \d+\.\d s old/.test(stdout), stdout);
  assert(
    /timer, \d+\.\d s old: fires in (59\.\d|60\.0|60|59) s \(of 60000 ms\)/.test(stdout),
    stdout,
  );
  assert(
    stdout.includes(`top-level await: has not settled\n        at file://${folder}/main.js:4:1`),
    stdout,
  );
  assert(stdout.includes("from a line that was not noted"), stdout);
  assert(stdout.includes("--why-alive"), stdout);
});

test("why: a worker in a call that cannot be interrupted is named", async () => {
  const folder = await project({
    "main.js": `new Worker(new URL("./w.js", import.meta.url), { type: "module", name: "W" }).onmessage =
  () => console.log("ready");`,
    "w.js": `postMessage(1); new Deno.Command("sh", { args: ["-c", "touch called; sleep 10"] }).outputSync();`,
  });
  const rt = new Running(folder, "run", "-A", "main.js");
  await rt.says(/ready/);
  // The child runs, so the worker is in the call.
  for (let i = 0; i < 500 && !(await exists(`${folder}/called`)); i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { stdout } = await run(folder, "why", String(rt.pid));
  rt.kill();
  await rt.end();
  assert(stdout.includes(`worker "W" (file://${folder}/w.js), `), stdout);
  assert(/worker "W" \(file:.*\)\n {2}does not answer/.test(stdout), stdout);
});

test("processes that cannot be asked", async () => {
  const folder = await project({});
  const none = await run(folder, "why", "999999999");
  assertEquals([none.code, none.stderr], [1, "error: there is no process 999999999\n"]);
  const sleep = new Deno.Command("sleep", { args: ["60"] }).spawn();
  const other = await run(folder, "trace", "attach", String(sleep.pid));
  assertEquals(other.stderr, `error: process ${sleep.pid} is not run by this rt\n`);
  sleep.kill();
  await sleep.status;
  assertEquals(
    (await run(folder, "why", "x")).stderr,
    'error: "x" is not the number of a process\n',
  );
  assertEquals((await run(folder, "trace", "detach", "1")).code, 2);
  assertEquals((await run(folder, "why")).code, 2);
});

test("a folder others may enter is not trusted", async () => {
  const folder = await project({ "main.js": `setInterval(() => {}, 1000); console.log("ready");` });
  const rt = new Running(folder, "run", "main.js");
  await rt.says(/ready/);
  await Deno.mkdir(`${folder}/cache/control`, { recursive: true });
  await Deno.chmod(`${folder}/cache/control`, 0o755);
  const why = await run(folder, "why", String(rt.pid));
  rt.kill();
  await rt.end();
  assertEquals(why.code, 1);
  assert(why.stderr.includes("must be this user's, and nobody else's to enter"), why.stderr);
});

test("an unknown pattern is the asker's error", async () => {
  const folder = await project({});
  const { code, stderr } = await run(folder, "trace", "attach", "1", "--trace-ops=op_nothing");
  assertEquals(code, 2);
  assert(stderr.includes("no operation has such a name"), stderr);
});
