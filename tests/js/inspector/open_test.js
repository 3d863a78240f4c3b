// inspector.open, url, close: the server other debuggers connect to.
import { assert, assertEquals, test } from "../harness.js";

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
  const { code, out, err } = await program(
    `import inspector from "node:inspector";
    console.log(inspector.url());
    inspector.open(0);
    const url = new URL(inspector.url());
    console.log(url.protocol, url.hostname);
    const list = await (await fetch("http://" + url.host + "/json/list")).json();
    console.log(list.length, list[0].webSocketDebuggerUrl === url.href);
    const socket = new WebSocket(url);
    await new Promise((done) => { socket.onopen = done; });
    socket.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression: "1+1" } }));
    const answer = await new Promise((done) => { socket.onmessage = (e) => done(e.data); });
    console.log(JSON.parse(answer).result.result.value);
    try { inspector.open(0); } catch (error) { console.log(error.code); }
    const closed = new Promise((done) => { socket.onclose = done; });
    inspector.close();
    await closed;
    console.log(inspector.url());
    const gone = await fetch("http://" + url.host + "/json/list").then(() => "there", () => "gone");
    console.log(gone);
    { using again = inspector.open(Number(url.port)); console.log(inspector.url() !== url.href); }
    console.log(inspector.url());
    try { inspector.waitForDebugger(); } catch (error) { console.log(error.code); }`,
    "-A",
  );
  assertEquals(err.match(/Debugger listening on ws:/g)?.length, 2, err);
  assertEquals(out.split("\n"), [
    "undefined",
    "ws: 127.0.0.1",
    "1 true",
    "2",
    "ERR_INSPECTOR_ALREADY_ACTIVATED",
    "undefined",
    "gone",
    "true",
    "undefined",
    "ERR_INSPECTOR_NOT_ACTIVE",
    "",
  ]);
  assertEquals(code, 0);
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
