// What looks at a program from outside reaches one behind the kernel's wall, too.

import { assert, assertEquals, test } from "../harness.js";
import { Client } from "./cdp.js";
import { project, Running, run } from "./rt.js";

const kSpin = `console.log("ready");
function spin() { let n = 0; while (!globalThis.stop) n += Math.sqrt(n) | 1; }
spin();`;

test("a debugger", async () => {
  const folder = await project({ "main.js": `const answer = 42;\nconsole.log(answer);` });
  const rt = new Running(folder, "run", "--inspect-brk=127.0.0.1:0", "main.js");
  const [, url] = await rt.says(/listening on (ws:\S+)/, "stderr");
  const client = await Client.open(url);
  await client.send("Debugger.enable");
  await client.send("Runtime.runIfWaitingForDebugger");
  await client.event("Debugger.paused");
  await client.send("Debugger.resume");
  assertEquals((await rt.end()).stdout, "42\n");
});

test("rt why, more than once", async () => {
  const folder = await project({ "main.js": kSpin });
  const rt = new Running(folder, "run", "main.js");
  await rt.says(/ready/);
  for (let i = 0; i < 2; i++) {
    const why = await run(folder, "why", String(rt.pid));
    assertEquals(why.code, 0, why.stderr);
    assert(why.stdout.includes(`at spin (file://${folder}/main.js:2:`), why.stdout);
  }
  rt.kill();
  await rt.end();
});

test("a debugger asked for too late is an error, and the program goes on", async () => {
  const folder = await project({
    "main.js": `Deno.addSignalListener("SIGHUP", () => { console.log("goes on"); Deno.exit(3); });
setInterval(() => {}, 1000);
console.log("ready");`,
  });
  const rt = new Running(folder, "run", "main.js");
  await rt.says(/ready/);
  rt.kill("SIGUSR2");
  await rt.says(/no debugger: .*must be started with --inspect/, "stderr");
  rt.kill("SIGHUP");
  const { code, stdout } = await rt.end();
  assertEquals([code, stdout], [3, "ready\ngoes on\n"]);
});

test("a crash report", async () => {
  const folder = await project({ "main.js": kSpin });
  const { signal, stderr } = await run(folder, "run", "--crash-test=segv", "main.js");
  assertEquals(signal, "SIGSEGV");
  const [report] = [...Deno.readDirSync(`${folder}/cache/crashes`)];
  assert(stderr.includes(report.name), stderr);
  const text = await Deno.readTextFile(`${folder}/cache/crashes/${report.name}`);
  assert(/Native stack:\n {2}0x[\s\S]*Crash/.test(text), text);
  assert(text.includes(`spin (file://${folder}/main.js:2:`), text);
});

test("profiles", async () => {
  const folder = await project({ "main.js": `console.log("ran");` });
  const { code, stderr } = await run(folder, "run", "--cpu-prof", "--cpu-prof-dir=p", "main.js");
  assertEquals([code, stderr], [0, ""]);
  const [file] = [...Deno.readDirSync(`${folder}/p`)];
  assert(file.name.endsWith(".cpuprofile"), file.name);
});
