// --trace-format=perfetto: the JSON array of Chrome's trace event format.

import { assert, assertEquals, test } from "../harness.js";
import { project, run } from "./rt.js";

test("slices, async spans that end, threads with names, arrows between them", async () => {
  const folder = await project({
    "main.js": `const worker = new Worker(new URL("./w.js", import.meta.url), { type: "module", name: "W" });
await new Promise((resolve) => { worker.onmessage = resolve; });
worker.terminate();
await Deno.lstat("main.js");
console.log("done");`,
    "w.js": `await Deno.lstat("."); postMessage("ready");`,
  });
  const result = await run(
    folder,
    "run",
    "-A",
    "--trace-ops",
    "--trace-format=perfetto",
    "--trace-file=trace.json",
    "main.js",
  );
  assertEquals(result.code, 0, result.stderr);
  const events = JSON.parse(await Deno.readTextFile(`${folder}/trace.json`));
  for (const event of events) {
    assert("ph" in event && "pid" in event && "tid" in event, JSON.stringify(event));
    if (event.ph === "X") assert(event.dur >= 0 && event.ts >= 0, JSON.stringify(event));
  }
  const names = events.filter((event) => event.ph === "M").map((event) => event.args.name);
  assert(names.includes("main") && names.includes("worker W") && names.includes("thread pool"));
  const begun = events.filter((event) => event.ph === "b");
  const read = begun.find((event) => event.name.startsWith("op_fs_lstat"));
  const ended = events.find((event) => event.ph === "e" && event.id === read.id);
  assertEquals([ended.name, ended.cat], [read.name, read.cat]);
  assert(ended.ts >= read.ts);
  // Its job ran on another thread, to which an arrow leads.
  const job = events.find((event) => event.cat === "pool" && event.args.call === read.args.call);
  assert(job.tid !== read.tid, JSON.stringify(job));
  assert(events.some((event) => event.ph === "f" && event.id === read.args.call));
  // Every arrow has both ends.
  const starts = events.filter((event) => event.ph === "s").map((event) => event.id);
  const ends = events.filter((event) => event.ph === "f").map((event) => event.id);
  assertEquals(starts, ends);
  assert(starts.length > 0);
});
