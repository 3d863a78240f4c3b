// What bad, several and vanishing clients do to the program that is looked at: nothing.

import { assert, assertEquals, test } from "../harness.js";
import { Client } from "./cdp.js";
import { project, Running } from "./rt.js";

const kTicking = `let ticks = 0;
globalThis.tick = () => ++ticks;
let said = 0;
setInterval(() => { tick(); if (ticks > 3 && said++ === 0) console.log("ticking"); }, 20);`;

async function start(text = kTicking, flag = "--inspect") {
  const folder = await project({ "main.js": text });
  const rt = new Running(folder, "run", "-A", `${flag}=127.0.0.1:0`, "main.js");
  const [, url] = await rt.says(/listening on (ws:\S+)/, "stderr");
  return { folder, rt, url };
}

/** Another client can still evaluate: the program goes on. */
async function goesOn(rt, url) {
  await rt.says(/ticking/);
  const client = await Client.open(url);
  const before = (await client.send("Runtime.evaluate", { expression: "tick()" })).result.value;
  await new Promise((resolve) => setTimeout(resolve, 200));
  const after = (await client.send("Runtime.evaluate", { expression: "tick()" })).result.value;
  assert(after > before + 1, `${before}, ${after}`);
  client.leave();
  rt.kill();
  assertEquals((await rt.end()).signal, "SIGTERM");
}

test("garbage frames end the connection with 1002", async () => {
  const { rt, url } = await start();
  const client = await Client.open(url);
  await client.raw(new Uint8Array([0xff, 0xff, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
  assertEquals(await client.ended(), 1002);
  const unmasked = await Client.open(url);
  await unmasked.raw(new Uint8Array([0x81, 0x02, 0x7b, 0x7d]));
  assertEquals(await unmasked.ended(), 1002);
  await goesOn(rt, url);
});

test("messages that are no CDP are answered with errors or ignored", async () => {
  const { rt, url } = await start();
  const client = await Client.open(url);
  const encoder = new TextEncoder();
  await client.frame(1, encoder.encode("no json"));
  await client.frame(1, encoder.encode("[]"));
  await client.frame(1, encoder.encode('{"id":"x","method":5}'));
  await client.frame(1, encoder.encode('{"method":"Debugger.enable"}'));
  await client.frame(2, new Uint8Array(1000));
  await client.frame(9, encoder.encode("ping"));
  let error;
  await client.send("No.such").catch((caught) => {
    error = caught;
  });
  assert(error.message.includes("wasn't found"), error.message);
  assertEquals((await client.send("Runtime.evaluate", { expression: "1 + 1" })).result.value, 2);
  await goesOn(rt, url);
});

test("heads that are no HTTP", async () => {
  const { rt, url } = await start();
  const port = Number(new URL(url.replace("ws:", "http:")).port);
  for (const head of [
    "\0\0\0\r\n\r\n",
    "POST /json HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET /\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    "x".repeat(20_000),
  ]) {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(new TextEncoder().encode(head));
    const part = new Uint8Array(100);
    const size = await connection.read(part).catch(() => 0);
    if (size) assert(new TextDecoder().decode(part).startsWith("HTTP/1.1 400"), head);
    connection.close();
  }
  await goesOn(rt, url);
});

test("two clients at once, each with its own answers", async () => {
  const { rt, url } = await start();
  const [one, two] = await Promise.all([Client.open(url), Client.open(url)]);
  await Promise.all([one.send("Debugger.enable"), two.send("Debugger.enable")]);
  const values = await Promise.all(
    [one, two, one, two].map((client, i) =>
      client.send("Runtime.evaluate", { expression: `${i} * 10` }),
    ),
  );
  assertEquals(
    values.map(({ result }) => result.value),
    [0, 10, 20, 30],
  );
  await one.send("Debugger.pause");
  await one.event("Debugger.paused");
  await two.event("Debugger.paused");
  await two.send("Debugger.resume");
  await one.event("Debugger.resumed");
  one.leave();
  assertEquals((await two.send("Runtime.evaluate", { expression: "7" })).result.value, 7);
  two.leave();
  await goesOn(rt, url);
});

test("the only client goes in the middle of a pause", async () => {
  const { rt, url } = await start();
  const client = await Client.open(url);
  await client.send("Debugger.enable");
  await client.send("Debugger.pause");
  await client.event("Debugger.paused");
  client.leave();
  await goesOn(rt, url);
});

test("it goes in a pause inside its own evaluation", async () => {
  const { rt, url } = await start();
  const client = await Client.open(url);
  await client.send("Debugger.enable");
  client.send("Runtime.evaluate", { expression: "debugger; tick()" }).catch(() => {});
  await client.event("Debugger.paused");
  client.leave();
  await goesOn(rt, url);
});

test("one of two goes in a pause: the other still holds it", async () => {
  const { rt, url } = await start();
  const [one, two] = await Promise.all([Client.open(url), Client.open(url)]);
  await Promise.all([one.send("Debugger.enable"), two.send("Debugger.enable")]);
  await one.send("Debugger.pause");
  await two.event("Debugger.paused");
  one.leave();
  await new Promise((resolve) => setTimeout(resolve, 200));
  await two.send("Debugger.resume").catch(() => {});
  two.leave();
  await goesOn(rt, url);
});

test("a client that goes while the program waits for one is not the last", async () => {
  const { rt, url } = await start(kTicking, "--inspect-wait");
  (await Client.open(url)).leave();
  await new Promise((resolve) => setTimeout(resolve, 200));
  assertEquals(rt.stdout, "");
  const client = await Client.open(url);
  await client.send("Runtime.runIfWaitingForDebugger");
  await goesOn(rt, url);
});

test("a worker that is paused can be terminated", async () => {
  const { rt, url } = await start(`const worker = new Worker(
  "data:text/javascript,setInterval(() => { debugger; }, 10)", { type: "module" });
setTimeout(() => { worker.terminate(); console.log("terminated"); }, 1500);`);
  const port = Number(new URL(url.replace("ws:", "http:")).port);
  const { targets } = await import("./cdp.js");
  let worker;
  for (let i = 0; i < 100 && worker === undefined; i++) {
    worker = (await targets(port)).find(({ type }) => type === "worker");
  }
  const client = await Client.open(worker.webSocketDebuggerUrl);
  await client.send("Debugger.enable");
  await client.event("Debugger.paused");
  const { code, stdout } = await rt.end();
  assertEquals([code, stdout], [0, "terminated\n"]);
});
