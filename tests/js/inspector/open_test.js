// inspector.open, url, close: the server other debuggers connect to.
import { assert, assertEquals, test } from "../harness.js";
import { project, Running } from "../observe/rt.js";

/** Runs a program of its own: the server is the process's. */
async function program(text, ...flags) {
  const path = await Deno.makeTempFile({ suffix: ".mjs" });
  try {
    await Deno.writeTextFile(path, text);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", ...flags, path],
    }).output();
    return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
  } finally {
    await Deno.remove(path);
  }
}

test("a client connects to what was opened, and closing ends it", async () => {
  const folder = await project({
    "main.mjs": `import inspector from "node:inspector";
    console.log(inspector.url());
    inspector.open(0);
    const url = inspector.url();
    console.log(url);
    try { inspector.open(0); } catch (error) { console.log(error.code); }
    setInterval(() => {}, 1000);
    await new Promise((resolve) => Deno.addSignalListener("SIGHUP", resolve));
    inspector.close();
    console.log("closed", inspector.url());
    { using again = inspector.open(Number(new URL(url).port)); console.log(inspector.url() !== url); }
    console.log(inspector.url());
    try { inspector.waitForDebugger(); } catch (error) { console.log(error.code); }
    Deno.exit(3);`,
  });
  const rt = new Running(folder, "run", "-A", "main.mjs");
  const [, href] = await rt.says(/(ws:\/\/127\.0\.0\.1\S+)\nERR_INSPECTOR_ALREADY_ACTIVATED\n/);
  const url = new URL(href);
  const list = await (await fetch(`http://${url.host}/json/list`)).json();
  assertEquals([list.length, list[0].webSocketDebuggerUrl], [1, href]);
  const socket = new WebSocket(url);
  await new Promise((done) => {
    socket.onopen = done;
  });
  socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression: "1+1" } }));
  const answer = await new Promise((done) => {
    socket.onmessage = (event) => done(event.data);
  });
  assertEquals(JSON.parse(answer).result.result.value, 2);
  const closed = new Promise((done) => {
    socket.onclose = done;
  });
  rt.kill("SIGHUP");
  await closed;
  const { code, stdout, stderr } = await rt.end();
  assertEquals(stderr.match(/Debugger listening on ws:/g)?.length, 2, stderr);
  assertEquals(stdout.split("\n"), [
    "undefined",
    href,
    "ERR_INSPECTOR_ALREADY_ACTIVATED",
    "closed undefined",
    "true",
    "undefined",
    "ERR_INSPECTOR_NOT_ACTIVE",
    "",
  ]);
  assertEquals(code, 3);
});

test("without sys permission there is nothing; without net it does not listen", async () => {
  const text = `import inspector from "node:inspector";
    for (const call of [() => new inspector.Session().connect(), () => inspector.url(),
        () => inspector.close(), () => inspector.waitForDebugger(), () => inspector.open(0)]) {
      try { call(); console.log("done"); } catch (error) { console.log(error.name); }
    }`;
  const nothing = await program(text);
  assertEquals(nothing.out, "NotCapable\n".repeat(5));
  const sys = await program(text, "--allow-sys=inspector", "--no-os-sandbox");
  assertEquals(sys.out, "done\ndone\ndone\nError\nNotCapable\n");
});

test("a host must be an address", async () => {
  const { out } = await program(
    `import inspector from "node:inspector";
    for (const host of ["example.com", "", "0x7f.1:5"]) {
      try { inspector.open(0, host); console.log("open"); } catch (error) { console.log(error.name); }
    }
    for (const port of [-1, 65536, 1.5, "x"]) {
      try { inspector.open(port); console.log("open"); } catch (error) { console.log(error.code); }
    }`,
    "-A",
  );
  assertEquals(out.split("\n").slice(3), [...Array(4).fill("ERR_OUT_OF_RANGE"), ""]);
  assert(!out.includes("open"), out);
});
