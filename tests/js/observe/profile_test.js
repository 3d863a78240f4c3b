// --cpu-prof, --heap-prof, --heapsnapshot-signal: files that DevTools open.

import { assert, assertEquals, test } from "../harness.js";
import { project, run, Running } from "./rt.js";

const kWork = `function busy() { let n = 0; for (let i = 0; i < 3e7; i++) n += Math.sqrt(i); return n; }
busy();
globalThis.kept = Array.from({ length: 20000 }, (_, i) => ({ name: "item" + i }));`;

async function only(folder, ending) {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  const found = names.filter((name) => name.endsWith(ending));
  assertEquals(found.length, 1, names.join());
  assertEquals((await Deno.stat(`${folder}/${found[0]}`)).mode & 0o777, 0o600);
  return { name: found[0], json: JSON.parse(await Deno.readTextFile(`${folder}/${found[0]}`)) };
}

test("a CPU profile names the function that was busy", async () => {
  const folder = await project({ "main.js": kWork });
  const { code, stderr } = await run(
    folder,
    "run",
    "--cpu-prof",
    "--cpu-prof-interval=500",
    "main.js",
  );
  assertEquals([code, stderr], [0, ""]);
  const { name, json } = await only(folder, ".cpuprofile");
  assert(/^CPU\.\d{8}\.\d{6}\.\d+\.0\.001\.cpuprofile$/.test(name), name);
  assert(json.nodes.some(({ callFrame }) => callFrame.functionName === "busy"));
  assert(json.samples.length > 5 && json.samples.length === json.timeDeltas.length);
});

test("also after Deno.exit, under the name and folder asked for", async () => {
  const folder = await project({ "main.js": `${kWork}\nDeno.exit(3);` });
  const { code } = await run(
    folder,
    "run",
    "--cpu-prof",
    "--cpu-prof-dir=out/of/here",
    "--cpu-prof-name=a.cpuprofile",
    "main.js",
  );
  assertEquals(code, 3);
  assertEquals((await only(`${folder}/out/of/here`, "a.cpuprofile")).name, "a.cpuprofile");
});

test("a heap profile", async () => {
  // One sample in 512 KiB on average, by chance: enough that there is always one.
  const folder = await project({
    "main.js": "globalThis.kept = Array.from({ length: 50 }, () => new Array(1e5).fill(0));",
  });
  assertEquals((await run(folder, "run", "--heap-prof", "main.js")).code, 0);
  const { json } = await only(folder, ".heapprofile");
  assert(json.head.children.length > 0 && Array.isArray(json.samples));
});

test("a heap snapshot for each signal, and the program goes on", async () => {
  const folder = await project({
    "main.js": `class Marked { field = 1; }\nglobalThis.kept = new Marked();
console.log("ready"); setInterval(() => {}, 1000);`,
  });
  const rt = new Running(folder, "run", "--heapsnapshot-signal=SIGUSR1", "main.js");
  await rt.says(/ready/);
  rt.kill("SIGUSR1");
  await rt.says(/wrote a heap snapshot to Heap\./, "stderr");
  rt.kill();
  assertEquals((await rt.end()).signal, "SIGTERM");
  const { json } = await only(folder, ".heapsnapshot");
  assert(json.strings.includes("Marked"));
});

test("bad values", async () => {
  const folder = await project({ "main.js": "" });
  for (const [flag, text] of [
    ["--heapsnapshot-signal=SIGKILL", "expected one of SIGUSR1"],
    ["--cpu-prof-interval=0", "need --cpu-prof"],
    ["--cpu-prof-dir=x", "need --cpu-prof"],
    ["--trace-format=json", "needs --trace-ops"],
    ["--trace-file=x", "needs --trace-ops"],
    ["--inspect=127.0.0.1:x", "not the number of a port"],
  ]) {
    const { code, stderr } = await run(folder, "run", flag, "main.js");
    assertEquals([code, stderr.includes(text)], [2, true], `${flag}: ${stderr}`);
  }
  const perfetto = await run(folder, "run", "--trace-ops", "--trace-format=perfetto", "main.js");
  assert(perfetto.stderr.includes("needs --trace-file"), perfetto.stderr);
});
