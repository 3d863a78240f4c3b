// --trace-format=json: a line for each call, with what a person wants to know of it.

import { assert, assertEquals, test } from "../harness.js";
import { jsonLines, project, run } from "./rt.js";

async function trace(files, ...args) {
  const folder = await project(files);
  const result = await run(
    folder,
    "run",
    "-A",
    "--trace-ops",
    "--trace-format=json",
    "--trace-file=trace.jsonl",
    ...args,
    "main.js",
  );
  assertEquals(result.code, 0, result.stderr);
  const info = await Deno.stat(`${folder}/trace.jsonl`);
  assertEquals(info.mode & 0o777, 0o600);
  return { folder, lines: jsonLines(await Deno.readTextFile(`${folder}/trace.jsonl`)) };
}

test("an async call: arguments, place, resource, result, times on the pool", async () => {
  const { folder, lines } = await trace({
    "main.js": `const file = await Deno.open("main.js");
await file.read(new Uint8Array(10));
file.close();
`,
  });
  const opened = lines.find((line) => line.op === "op_fs_open" && line.event === "start");
  assertEquals(opened.path, "async");
  assertEquals(opened.at, `file://${folder}/main.js:1:25`);
  assertEquals(opened.args[0], "main.js");
  assertEquals(opened.thread, "main");
  const done = lines.find((line) => line.event === "end" && line.id === opened.id);
  assert(done.us > 0 && done.queue_us >= 0 && done.pool_us > 0, JSON.stringify(done));
  assertEquals(done.resource, "fsFile");
  const read = lines.find((line) => line.resource === "fsFile" && line.op.includes("read"));
  assert(read.rid > 2, JSON.stringify(read));
  assert(JSON.stringify(read.args).includes('{"bytes":10}'), JSON.stringify(read));
});

test("an error is told with its class", async () => {
  const { lines } = await trace({
    "main.js": `try { Deno.readTextFileSync("nothing"); } catch {}
await Deno.readTextFile("nothing").catch(() => {});`,
  });
  const sync = lines.find((line) => line.event === "call" && line.error);
  assert(sync.error.startsWith("NotFound: No such file"), JSON.stringify(sync));
  const async_ = lines.find((line) => line.event === "end" && line.error);
  assert(async_.error.startsWith("NotFound: No such file"), JSON.stringify(async_));
});

test("what an op's result leads to names it as its parent", async () => {
  const { lines } = await trace({
    "main.js": `const info = await Deno.lstat("main.js");
await null;
console.log(info.size);
setTimeout(() => console.error("later"), 1);`,
  });
  const read = lines.find((line) => line.event === "start" && line.op.startsWith("op_fs_lstat"));
  const printed = lines.filter((line) => line.op === "op_console_print");
  assertEquals(printed[0].parent, read.id);
  const timers = lines.find((line) => line.event === "phase" && line.id === printed[1].parent);
  assertEquals(timers.op, "timers");
});

test("secrets do not show", async () => {
  const { lines } = await trace({
    "main.js": `Deno.env.set("API_TOKEN", "s3cr3t-one");
Deno.env.get("API_TOKEN");
new Deno.Command("true", { env: { PASSWORD: "s3cr3t-two" } }).outputSync();
await fetch("http://user:s3cr3t-three@127.0.0.1:9/?token=s3cr3t-four", {
  headers: { authorization: "Bearer s3cr3t-five", cookie: "a=s3cr3t-six" },
}).catch(() => {});
try { Deno.readTextFileSync("x?access_token=s3cr3t-seven"); } catch {}`,
  });
  const text = JSON.stringify(lines);
  assert(text.includes("op_os_env_set") && text.includes("op_fetch"), "the calls are there");
  assert(!text.includes("s3cr3t"), text.match(/.{200}s3cr3t.{30}/)?.[0]);
});

test("a program's own arguments do not show, nor what follows a secret's name", async () => {
  const folder = await project({});
  const code =
    'Deno.args.length, new Deno.Command("true", { args: ["--token", Deno.args[0]] }).outputSync()';
  const { stderr } = await run(
    folder,
    ...["eval", "-p", "--trace-ops", "--trace-format=json", code, "s3cr3t"],
  );
  assert(stderr.includes("op_os_args") && stderr.includes('"--token"'), stderr);
  assert(!stderr.includes("s3cr3t"), stderr);
});

test("a worker's calls have its thread, and the call that made it as their cause", async () => {
  const { lines } = await trace({
    "main.js": `const worker = new Worker(new URL("./w.js", import.meta.url), { type: "module", name: "W" });
worker.onmessage = ({ data }) => { console.log(data); worker.terminate(); };
worker.postMessage("ping");`,
    "w.js": `onmessage = () => { Deno.statSync("."); postMessage("pong"); };`,
  });
  const made = lines.find((line) => line.op === "op_worker_create");
  const worker = lines.filter((line) => line.thread === "worker W");
  assert(worker.length > 0 && worker[0].tid !== made.tid, "the worker is traced");
  assertEquals(worker.find((line) => line.parent !== undefined).parent, made.id);
  const posted = lines.find((line) => line.op === "op_message_port_post" && line.thread === "main");
  const stat = worker.find((line) => line.op.includes("stat"));
  assertEquals(stat.parent, posted.id);
  const printed = lines.find((line) => line.op === "op_console_print" && line.thread === "main");
  const answered = worker.find((line) => line.op === "op_message_port_post");
  assertEquals(printed.parent, answered.id);
});

test("what a worker did last is there when the program ends at once", async () => {
  const { lines } = await trace({
    "main.js": `const worker = new Worker(new URL("./w.js", import.meta.url), { type: "module", name: "W" });
new Deno.Command("mkfifo", { args: ["fifo"] }).outputSync();
worker.postMessage("read");
Deno.openSync("fifo", { write: true }).close(); // opens when the worker is in its call
Deno.exit(0);`,
    "w.js": `onmessage = () => Deno.readTextFileSync("fifo");`,
  });
  const worker = lines.filter((line) => line.thread === "worker W");
  assert(
    worker.some((line) => line.op.includes("read_text")),
    JSON.stringify(worker),
  );
});

test("patterns choose, and poisoned prototypes change nothing", async () => {
  const { lines } = await trace(
    {
      "main.js": `Object.prototype.toString = () => { throw new Error("asked"); };
Object.defineProperty(Array.prototype, 0, { get() { throw new Error("asked"); } });
console.log("x");
Deno.cwd();`,
    },
    "--trace-ops=op_console_print",
  );
  assert(lines.length > 0);
});
