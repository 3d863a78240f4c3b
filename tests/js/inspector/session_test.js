// node:inspector: a Session with the debugger of this very isolate.
import inspector from "node:inspector";
import promises from "node:inspector/promises";
import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

function withSession(use) {
  const session = new inspector.Session();
  session.connect();
  try {
    return use(session);
  } finally {
    session.disconnect();
  }
}

test("a session evaluates and answers before post() returns", () => {
  let answer;
  withSession((session) => {
    session.post("Runtime.evaluate", { expression: "6 * 7" }, (error, result) => {
      assertEquals(error, null);
      answer = result.result.value;
    });
  });
  assertEquals(answer, 42);
});

test("parameters may be left out", () => {
  let called = false;
  withSession((session) => {
    session.post("Runtime.enable", (error) => {
      called = error === null;
    });
  });
  assert(called);
});

test("a command that is none is an error with Node's code", () => {
  let error;
  withSession((session) => {
    session.post("No.such", {}, (e) => {
      error = e;
    });
  });
  assertEquals(error.code, "ERR_INSPECTOR_COMMAND");
  assert(error.message.startsWith("Inspector error -32601: "), error.message);
});

test("arguments are checked as Node does", () => {
  withSession((session) => {
    for (const bad of [[1], ["x", "params"], ["x", {}, "callback"]]) {
      const error = assertThrows(() => session.post(...bad), TypeError);
      assertEquals(error.code, "ERR_INVALID_ARG_TYPE");
    }
  });
});

test("a session that is not connected posts nothing; one that is connects no more", () => {
  const session = new inspector.Session();
  assertEquals(
    assertThrows(() => session.post("Runtime.enable"), Error).code,
    "ERR_INSPECTOR_NOT_CONNECTED",
  );
  session.connect();
  assertEquals(
    assertThrows(() => session.connect(), Error).code,
    "ERR_INSPECTOR_ALREADY_CONNECTED",
  );
  session.disconnect();
  session.disconnect();
  session.connect();
  session.disconnect();
});

test("events come under their method and as inspectorNotification", async () => {
  const session = new inspector.Session();
  session.connect();
  const seen = [];
  session.on("Runtime.consoleAPICalled", (message) => seen.push(message.params.args[0].value));
  const all = [];
  session.on("inspectorNotification", (message) => all.push(message.method));
  session.post("Runtime.enable");
  inspector.console.log("hello from here");
  await new Promise((done) => setTimeout(done, 1));
  session.disconnect();
  assertEquals(seen, ["hello from here"]);
  assert(all.includes("Runtime.executionContextCreated"));
  assert(all.includes("Runtime.consoleAPICalled"));
});

test("listeners come and go", () => {
  const session = new inspector.Session();
  const seen = [];
  const a = (x) => seen.push(`a${x}`);
  session.on("e", a);
  session.once("e", (x) => seen.push(`b${x}`));
  session.prependListener("e", (x) => seen.push(`c${x}`));
  assertEquals(session.listenerCount("e"), 3);
  assertEquals(session.emit("e", 1), true);
  session.off("e", a);
  session.emit("e", 2);
  session.removeAllListeners("e");
  assertEquals(session.emit("e", 3), false);
  assertEquals(seen, ["c1", "a1", "b1", "c2"]);
});

test("a breakpoint: the handler sees the paused program, evaluates in its frame and steps", () => {
  const seen = [];
  withSession((session) => {
    session.post("Debugger.enable");
    session.on("Debugger.paused", ({ params }) => {
      const frame = params.callFrames[0];
      const line = frame.location.lineNumber;
      session.post(
        "Debugger.evaluateOnCallFrame",
        { callFrameId: frame.callFrameId, expression: "a + b" },
        (error, answer) => seen.push([frame.functionName, answer?.result.value ?? error, line]),
      );
      session.post(seen.length < 2 ? "Debugger.stepOver" : "Debugger.resume");
    });
    const add = new Function("a", "b", "debugger;\n b = b + 1;\n return a + b;");
    Object.defineProperty(add, "name", { value: "add" });
    assertEquals(add(1, 2), 4);
  });
  assertEquals(
    seen.map(([, value, line]) => [value, line - seen[0][2]]),
    [
      [3, 0],
      [3, 1],
    ],
  );
});

test("a program nobody looks at goes on after a pause", () => {
  withSession((session) => {
    session.post("Debugger.enable");
    // biome-ignore lint/suspicious/noDebugger: it is what is tested
    debugger;
  });
});

test("a session may end itself in the middle of a pause", () => {
  const session = new inspector.Session();
  session.connect();
  session.post("Debugger.enable");
  let paused = 0;
  session.on("Debugger.paused", () => {
    paused++;
    session.disconnect();
  });
  for (let i = 0; i < 3; i++) {
    // biome-ignore lint/suspicious/noDebugger: it is what is tested
    debugger;
  }
  assertEquals(paused, 1);
});

test("a CPU profile", () => {
  let profile;
  withSession((session) => {
    session.post("Profiler.enable");
    session.post("Profiler.start");
    for (let i = 0, end = Date.now() + 5; Date.now() < end; i++) Math.sqrt(i);
    session.post("Profiler.stop", (error, result) => {
      assertEquals(error, null);
      profile = result.profile;
    });
  });
  assert(profile.nodes.length > 0 && profile.endTime > profile.startTime);
});

test("two sessions do not hear each other", () => {
  withSession((first) => {
    withSession((second) => {
      const heard = [];
      first.on("inspectorNotification", (m) => heard.push(`first ${m.method}`));
      second.on("inspectorNotification", (m) => heard.push(`second ${m.method}`));
      first.post("Runtime.enable");
      const others = heard.filter((each) => !each.startsWith("first "));
      assert(heard.includes("first Runtime.executionContextCreated"));
      assertEquals(others, []);
    });
  });
});

test("waiting callbacks hear of the end", () => {
  const session = new inspector.Session();
  session.connect();
  let error;
  session.post(
    "Runtime.evaluate",
    { expression: "new Promise(() => {})", awaitPromise: true },
    (e) => {
      error = e;
    },
  );
  session.disconnect();
  assertEquals(error.code, "ERR_INSPECTOR_CLOSED");
});

test("node:inspector/promises", async () => {
  const session = new promises.Session();
  session.connect();
  const { result } = await session.post("Runtime.evaluate", {
    expression: "Promise.resolve(5)",
    awaitPromise: true,
  });
  assertEquals(result.value, 5);
  await assertRejects(() => session.post("No.such"), Error, "Inspector error");
  session.disconnect();
});

test("text that is not ASCII goes both ways", async () => {
  const session = new promises.Session();
  session.connect();
  const { result } = await session.post("Runtime.evaluate", { expression: "'é€😀' + '\u{1F600}'" });
  assertEquals(result.value, "é€😀😀");
  session.disconnect();
});

test("garbage is answered, not crashed on", () => {
  withSession((session) => {
    const codes = [];
    const note = (error) => codes.push(error?.code);
    session.post("", {}, note);
    session.post("Runtime.evaluate", { expression: 5 }, note);
    session.post("Runtime.evaluate", {}, note);
    session.post("Debugger.evaluateOnCallFrame", { callFrameId: "x", expression: "1" }, note);
    session.post("HeapProfiler.getObjectByHeapObjectId", { objectId: "-1" }, note);
    assertEquals(codes, Array(5).fill("ERR_INSPECTOR_COMMAND"));
  });
});

test("the main thread is no worker", () => {
  const session = new inspector.Session();
  assertEquals(
    assertThrows(() => session.connectToMainThread(), Error).code,
    "ERR_INSPECTOR_NOT_WORKER",
  );
});

test("a worker has a session with itself, and none with the main program", async () => {
  const text = `
    const { default: inspector } = await import("node:inspector");
    const session = new inspector.Session();
    let name;
    try { session.connectToMainThread(); } catch (error) { name = error.name; }
    session.connect();
    session.post("Runtime.evaluate", { expression: "self.name" }, (_, answer) =>
      postMessage([name, answer.result.value, inspector.url()]));`;
  const url = `data:text/javascript,${encodeURIComponent(text)}`;
  const worker = new Worker(url, { type: "module", name: "looked at" });
  const data = await new Promise((done) => {
    worker.onmessage = (event) => done(event.data);
  });
  worker.terminate();
  assertEquals(data, ["NotCapable", "looked at", undefined]);
});
