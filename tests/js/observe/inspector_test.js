// --inspect: a debugger sets a breakpoint, steps, evaluates; and what it sees besides.

import { assert, assertEquals, test } from "../harness.js";
import { Client, get, targets } from "./cdp.js";
import { project, Running } from "./rt.js";

async function start(files, flag = "--inspect-wait", ...args) {
  const folder = await project(files);
  const rt = new Running(folder, "run", "-A", `${flag}=127.0.0.1:0`, ...args, "main.js");
  const [, url, port] = await rt.says(
    /listening on (ws:\/\/127\.0\.0\.1:(\d+)\/ws\/[-0-9a-f]{36})/,
    "stderr",
  );
  return { folder, rt, url, port: Number(port) };
}

test("set a breakpoint, step, evaluate", async () => {
  const { folder, rt, url } = await start({
    "main.js": `function add(a, b) {
  const sum = a + b;
  return sum;
}
console.log(add(20, 22));`,
  });
  const client = await Client.open(url);
  await client.send("Runtime.enable");
  await client.send("Debugger.enable");
  const set = await client.send("Debugger.setBreakpointByUrl", {
    lineNumber: 1,
    url: `file://${folder}/main.js`,
  });
  assert(set.breakpointId !== "", JSON.stringify(set));
  await client.send("Runtime.runIfWaitingForDebugger");
  let paused = await client.event("Debugger.paused");
  assertEquals(paused.hitBreakpoints, [set.breakpointId]);
  const [frame] = paused.callFrames;
  assertEquals([frame.functionName, frame.location.lineNumber], ["add", 1]);
  const evaluated = await client.send("Debugger.evaluateOnCallFrame", {
    callFrameId: frame.callFrameId,
    expression: "`${a} + ${b} ü`",
  });
  assertEquals(evaluated.result.value, "20 + 22 ü");
  await client.send("Debugger.stepOver");
  paused = await client.event("Debugger.paused");
  assertEquals(paused.callFrames[0].location.lineNumber, 2);
  const sum = await client.send("Debugger.evaluateOnCallFrame", {
    callFrameId: paused.callFrames[0].callFrameId,
    expression: "sum",
  });
  assertEquals(sum.result.value, 42);
  assertEquals(rt.stdout, "");
  await client.send("Debugger.resume");
  const { code, stdout } = await rt.end();
  assertEquals([code, stdout], [0, "42\n"]);
  await client.ended();
});

test("--inspect-brk stops at the first statement", async () => {
  const { folder, rt, url } = await start(
    { "main.js": `import "./dep.js";\nconsole.log("main");`, "dep.js": `\nconsole.log("dep");` },
    "--inspect-brk",
  );
  const client = await Client.open(url);
  await client.send("Debugger.enable");
  await client.send("Runtime.runIfWaitingForDebugger");
  const paused = await client.event("Debugger.paused");
  assertEquals(paused.reason, "Break on start");
  const { location } = paused.callFrames[0];
  const script = await client.event(
    "Debugger.scriptParsed",
    ({ scriptId }) => scriptId === location.scriptId,
  );
  assertEquals([script.url, location.lineNumber], [`file://${folder}/dep.js`, 1]);
  await client.send("Debugger.resume");
  assertEquals((await rt.end()).stdout, "dep\nmain\n");
});

test("an uncaught error is told", async () => {
  const { rt, url } = await start({ "main.js": `throw new TypeError("boom");` });
  const client = await Client.open(url);
  await client.send("Runtime.enable");
  await client.send("Runtime.runIfWaitingForDebugger");
  const { exceptionDetails } = await client.event("Runtime.exceptionThrown");
  assert(exceptionDetails.exception.description.startsWith("TypeError: boom"));
  assertEquals((await rt.end()).code, 1);
});

test("the console is mirrored, with the line of the script that called it", async () => {
  const { folder, rt, url } = await start({
    "main.js": `const { log } = console;
log("a", { b: 1 });
console.warn(2n);
[3].forEach(console.error);`,
  });
  const client = await Client.open(url);
  await client.send("Runtime.enable");
  await client.send("Runtime.runIfWaitingForDebugger");
  const called = [];
  for (let i = 0; i < 3; i++) called.push(await client.event("Runtime.consoleAPICalled"));
  assertEquals(
    called.map(({ type, args }) => [type, args[0].value ?? args[0].unserializableValue]),
    [
      ["log", "a"],
      ["warning", "2n"],
      ["error", 3],
    ],
  );
  const [place] = called[0].stackTrace.callFrames;
  assertEquals([place.url, place.lineNumber], [`file://${folder}/main.js`, 1]);
  const { stdout, stderr } = await rt.end();
  assertEquals(stdout, "a { b: 1 }\n");
  assert(stderr.endsWith("\n2n\n3 0 [ 3 ]\n"), stderr);
});

test("TypeScript that is printed anew brings its source map", async () => {
  const folder = await project({ "main.ts": `enum Color { Red = 7 }\nconsole.log(Color.Red);` });
  const rt = new Running(folder, "run", "--inspect-wait=127.0.0.1:0", "main.ts");
  const [, url] = await rt.says(/listening on (ws:\S+)/, "stderr");
  const client = await Client.open(url);
  await client.send("Debugger.enable");
  await client.send("Runtime.runIfWaitingForDebugger");
  const script = await client.event("Debugger.scriptParsed", ({ url: name }) =>
    name.endsWith("main.ts"),
  );
  const prefix = "data:application/json;base64,";
  assert(script.sourceMapURL.startsWith(prefix), JSON.stringify(script));
  const map = JSON.parse(atob(script.sourceMapURL.slice(prefix.length)));
  assertEquals(map.version, 3);
  assert(map.mappings.length > 0);
  assertEquals((await rt.end()).stdout, "7\n");
});

test("workers are targets of their own", async () => {
  const { folder, rt, url, port } = await start({
    "main.js": `const worker = new Worker(new URL("./w.js", import.meta.url), { type: "module", name: "W" });
worker.onmessage = ({ data }) => { console.log(data); worker.terminate(); setTimeout(() => {}, 1000); };
globalThis.ask = () => worker.postMessage(20);`,
    "w.js": `onmessage = ({ data }) => {
  const answer = data + 1;
  postMessage(answer);
};`,
  });
  const main = await Client.open(url);
  await main.send("Runtime.runIfWaitingForDebugger");
  let worker;
  for (let i = 0; i < 100 && worker === undefined; i++) {
    worker = (await targets(port)).find(({ type }) => type === "worker");
  }
  assertEquals([worker.title, worker.url], ['worker "W"', `file://${folder}/w.js`]);
  const client = await Client.open(worker.webSocketDebuggerUrl);
  await client.send("Debugger.enable");
  await client.send("Debugger.setBreakpointByUrl", { lineNumber: 2, url: worker.url });
  await main.send("Runtime.evaluate", { expression: "ask()" });
  const paused = await client.event("Debugger.paused");
  await client
    .send("Debugger.setVariableValue", {
      scopeNumber: 0,
      variableName: "answer",
      newValue: { value: 42 },
      callFrameId: paused.callFrames[0].callFrameId,
    })
    .catch(() => {});
  const seen = await client.send("Debugger.evaluateOnCallFrame", {
    callFrameId: paused.callFrames[0].callFrameId,
    expression: "data",
  });
  assertEquals(seen.result.value, 20);
  await client.send("Debugger.resume");
  assertEquals(await client.ended(), 1001);
  const { code, stdout } = await rt.end();
  assertEquals(code, 0);
  assert(stdout === "21\n" || stdout === "42\n", stdout);
});

test("a long SQL statement can be interrupted, and its database not used then", async () => {
  const { rt, url } = await start(
    {
      "main.js": `import { DatabaseSync } from "node:sqlite";
globalThis.db = new DatabaseSync(":memory:");
console.log("begins");
db.exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");`,
    },
    "--inspect",
    "--max-time=60s", // should this fail, nobody else ends it
  );
  await rt.says(/begins/);
  const client = await Client.open(url);
  const evaluate = async (expression) =>
    (await client.send("Runtime.evaluate", { expression })).result.value;
  assertEquals(await evaluate("1 + 1"), 2);
  const use = 'try { db.exec("SELECT 1") } catch (error) { error.code + " " + error.message }';
  assertEquals(
    await evaluate(use),
    "ERR_INVALID_STATE database cannot be used while a statement of it is interrupted",
  );
  await client.send("Debugger.enable");
  await client.send("Debugger.pause");
  const { callFrames } = await client.event("Debugger.paused");
  assertEquals(callFrames.at(-1).location.lineNumber, 3); // of main.js
  client.leave();
  rt.kill();
  assertEquals((await rt.end()).signal, "SIGTERM");
});

test("/json/protocol is what the debugger knows", async () => {
  const { rt, url, port } = await start({ "main.js": `setInterval(() => {}, 1000);` }, "--inspect");
  const { status, head, body } = await get(port, "/json/protocol");
  assertEquals(status, 200);
  assert(/^content-type: application\/json/im.test(head), head);
  const { version, domains } = JSON.parse(body);
  assertEquals(version, { major: "1", minor: "3" });
  const client = await Client.open(url);
  const served = (await client.send("Schema.getDomains")).domains.map((each) => each.name);
  const described = domains.map((each) => each.domain);
  assertEquals(
    served.filter((name) => !described.includes(name)),
    [],
  );
  // What must have parameters can be asked for without doing anything.
  let count = 0;
  for (const { domain, commands } of domains) {
    for (const { name, parameters = [] } of commands) {
      if (parameters.every((each) => each.optional)) continue;
      const refused = await client.send(`${domain}.${name}`).catch((error) => error.message);
      assertEquals(refused, "Invalid parameters", `${domain}.${name}`);
      count++;
    }
  }
  assert(count > 30, `${count}`);
  client.leave();
  rt.kill();
  await rt.end();
});

test("a page of another site reads no address; whoever has one may connect", async () => {
  const { rt, url, port } = await start({ "main.js": `setInterval(() => {}, 1000);` }, "--inspect");
  const origin = "https://other.example";
  const { head, status } = await get(port, "/json/list", { host: `127.0.0.1:${port}`, origin });
  // A browser hands the answer to the page only with this header.
  assert(status === 200 && !/^access-control-/im.test(head), head);
  const client = await Client.open(url, `Origin: ${origin}\r\n`);
  assertEquals((await client.send("Runtime.evaluate", { expression: "1 + 1" })).result.value, 2);
  client.leave();
  rt.kill();
  await rt.end();
});

test("/json/version and /json/list; others are not there", async () => {
  const { rt, url, port } = await start({ "main.js": `setInterval(() => {}, 1000);` }, "--inspect");
  const version = JSON.parse((await get(port, "/json/version")).body);
  assert(version.Browser.startsWith("rt/"), JSON.stringify(version));
  assertEquals(version["Protocol-Version"], "1.3");
  assertEquals((await get(port, "/json/version/")).status, 200);
  const [target] = await targets(port);
  assertEquals([target.type, target.webSocketDebuggerUrl], ["node", url]);
  for (const path of ["/", "/json/versions", "/json/protocols"]) {
    assertEquals((await get(port, path)).status, 404, path);
  }
  rt.kill();
  await rt.end();
});

test("a name that was made to lead here is refused", async () => {
  const { rt, port } = await start({ "main.js": `setInterval(() => {}, 1000);` }, "--inspect");
  for (const host of [
    "evil.example",
    "localhost.evil.example:9229",
    "127.0.0.1.evil.example",
    "",
  ]) {
    assertEquals((await get(port, "/json/list", { host })).status, 400, host);
  }
  for (const host of ["localhost:1", "127.0.0.1", "[::1]:9229", "LOCALHOST"]) {
    assertEquals((await get(port, "/json/list", { host })).status, 200, host);
  }
  rt.kill();
  await rt.end();
});

test("SIGUSR2 turns it on, also while JavaScript runs", async () => {
  const folder = await project({
    "main.js": `console.log("ready");
function spin() { let n = 0; while (!globalThis.stop) n += Math.sqrt(n) | 1; }
spin();
console.log("stopped");`,
  });
  // Behind the kernel's wall nothing can begin to listen.
  const rt = new Running(folder, "run", "--no-os-sandbox", "main.js");
  await rt.says(/ready/);
  await new Promise((resolve) => setTimeout(resolve, 300));
  rt.kill("SIGUSR2");
  const [, url] = await rt.says(/listening on (ws:\S+)/, "stderr");
  const client = await Client.open(url);
  await client.send("Debugger.enable");
  await client.send("Debugger.pause");
  const paused = await client.event("Debugger.paused");
  assertEquals(paused.callFrames[0].functionName, "spin");
  await client.send("Debugger.evaluateOnCallFrame", {
    callFrameId: paused.callFrames[0].callFrameId,
    expression: "globalThis.stop = true",
  });
  await client.send("Debugger.resume");
  const { code, stdout } = await rt.end();
  assertEquals([code, stdout], [0, "ready\nstopped\n"]);
});

test("a port that is taken is an error", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const folder = await project({ "main.js": `console.log("ran");` });
  const rt = new Running(folder, "run", `--inspect=127.0.0.1:${listener.addr.port}`, "main.js");
  const { code, stdout, stderr } = await rt.end();
  listener.close();
  assertEquals([code, stdout], [1, ""]);
  assert(stderr.includes("Address already in use"), stderr);
});
