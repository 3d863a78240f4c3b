// --why-alive: what keeps a program running, with the lines that made it.

import { assert, assertEquals, test } from "../harness.js";
import { project, run, Running } from "./rt.js";

test("ops, timers, ports, workers and awaits, each with its line", async () => {
  const folder = await project({
    "main.js": `const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
listener.accept();
setInterval(() => {}, 60_000);
Deno.unrefTimer(setTimeout(() => {}, 60_000));
new Worker(new URL("./w.js", import.meta.url), { type: "module", name: "W" });
globalThis.channel = new MessageChannel(); channel.port1.onmessage = () => {};
// Nothing may collect the channel.
await new Promise(() => {});`,
    "w.js": `setTimeout(() => {}, 60_000);`,
  });
  const rt = new Running(folder, "run", "-A", "--why-alive=3", "main.js");
  const file = `file://${folder}/main.js`;
  await rt.says(/worker "W" \(file:[^)]*\), running for[\s\S]*60000 ms\)\n +at /, "stderr");
  rt.kill();
  const { stderr } = await rt.end();
  assert(/op_net_accept\w*, \d\.\d s old: \[.*\] tcpListener \(rid \d+\)/.test(stderr), stderr);
  for (const line of [2, 3, 5, 6]) {
    assert(stderr.includes(`at ${file}:${line}:`), `line ${line} of\n${stderr}`);
  }
  assert(/interval, [0-3]\.\d/.test(stderr), stderr);
  assert(stderr.includes("(every 60000 ms)"), stderr);
  assert(stderr.includes("1 more would not keep it running (unreferenced)"), stderr);
  assert(stderr.includes(`top-level await: has not settled\n        at ${file}:8:1`), stderr);
  assert(stderr.includes(`at file://${folder}/w.js:1:1`), stderr);
});

test("names that a script chose do not steer the terminal", async () => {
  const folder = await project({
    "main.js": `new Worker("data:text/javascript,setInterval(() => {}, 60_000)//", { type: "module", name: "\\x1b[2J\\nfake" });
eval("setInterval(() => {}, 60_000)\\n//# sourceURL=\\x1b[2Jevil");`,
  });
  const rt = new Running(folder, "run", "-A", "--why-alive=1", "main.js");
  await rt.says(/worker "[^\n]*fake[\s\S]* old/, "stderr");
  rt.kill();
  const { stderr } = await rt.end();
  assert(!stderr.includes("\x1b[2J"), JSON.stringify(stderr));
  assert(stderr.includes("\\u{1b}[2J\\u{a}fake"), stderr);
});

test("a program that ends before says nothing", async () => {
  const folder = await project({ "main.js": `console.log("x");` });
  const { code, stdout, stderr } = await run(folder, "run", "--why-alive=30", "main.js");
  assertEquals([code, stdout, stderr], [0, "x\n", ""]);
});

test("an await in an imported module is named by its own line", async () => {
  const folder = await project({
    "main.js": `import "./dep.js";`,
    "dep.js": `export {};\n\nawait new Promise(() => {});\n`,
  });
  const { code, stderr } = await run(folder, "run", "main.js");
  assertEquals(code, 1);
  assert(stderr.includes("Top-level await promise never resolved"), stderr);
  assert(stderr.includes(`at file://${folder}/dep.js:3:1`), stderr);
});

test("seconds must be a number", async () => {
  const folder = await project({});
  const { code, stderr } = await run(folder, "run", "--why-alive=soon", "main.js");
  assertEquals([code, stderr], [2, "error: --why-alive=soon: expected a number of seconds\n"]);
});
