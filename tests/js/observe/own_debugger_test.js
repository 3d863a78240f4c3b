// A program does not reach its own debugger: that could do in any runtime of the process what the code
// that asks may not.

import { assert, assertEquals, test } from "../harness.js";
import { project, run, Running } from "./rt.js";

const kWorker = `
const [port] = await new Promise((resolve) => (onmessage = (event) => resolve(event.data)));
const answers = [];
for (const host of ["127.0.0.1", "[::ffff:127.0.0.1]"]) {
  try {
    const response = await fetch("http://" + host + ":" + port + "/json/list");
    answers.push(response.status + " " + await response.text());
  } catch (error) {
    answers.push(error.name);
  }
}
postMessage(answers);`;

const kMain = `
const worker = new Worker(new URL("./worker.js", import.meta.url), {
  type: "module",
  deno: { permissions: { net: true } },
});
worker.postMessage([Deno.args[0]]);
worker.onmessage = ({ data }) => { console.log(JSON.stringify(data)); Deno.exit(); };`;

function freePort() {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

test("not through a socket", async () => {
  const folder = await project({ "main.js": kMain, "worker.js": kWorker });
  const port = freePort();
  const { stdout, stderr } = await run(
    folder,
    "run",
    "-A",
    `--inspect=127.0.0.1:${port}`,
    "main.js",
    port,
  );
  const [plain, mapped] = JSON.parse(stdout);
  assert(plain.startsWith("403 "), plain + stderr);
  assert(mapped.startsWith("403 "), mapped);
  assert(!stdout.includes("webSocketDebuggerUrl"), stdout);
});

test("others reach it meanwhile", async () => {
  const folder = await project({ "main.js": "setInterval(() => {}, 1000);" });
  const rt = new Running(folder, "run", "-A", "--inspect=127.0.0.1:0", "main.js");
  const [, port] = await rt.says(/ws:\/\/127\.0\.0\.1:(\d+)/, "stderr");
  const list = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
  assertEquals(list.length, 1);
  rt.kill();
  await rt.end();
});

test("a program's own SIGUSR2 opens none", async () => {
  const folder = await project({
    "main.js": `Deno.kill(Deno.pid, "SIGUSR2");
setTimeout(() => console.log("went on"), 300);`,
  });
  const { code, stdout, stderr } = await run(folder, "run", "-A", "main.js");
  assertEquals([code, stdout, stderr], [0, "went on\n", ""]);
});
