// How workers end: close(), terminate() in every phase, their parent's end, Deno.exit.
import { assert, assertEquals, test } from "../harness.js";
import { answerOf, ended, next, sleep, workerOf } from "./help.js";

/** Threads of this process. */
function threads() {
  return [...Deno.readDirSync("/proc/self/task")].length;
}

/** Waits until there are no more threads than that. */
async function threadsDownTo(count) {
  for (let i = 0; i < 2000 && threads() > count; i++) await sleep(10);
  assert(threads() <= count, `${threads()} threads are left of ${count}`);
}

/** The port that `ended` sends, once collected, is closed, too. */
const kKeepPort = "onmessage = (event) => (globalThis.port = event.ports[0]);";

test("close() lets the running task finish, and no other", async () => {
  const worker = workerOf(`
    setTimeout(() => postMessage("timer"), 0);
    onmessage = () => postMessage("message");
    postMessage("before");
    close();
    postMessage("after");
    queueMicrotask(() => postMessage("microtask"));`);
  worker.postMessage(1);
  const got = [];
  worker.onmessage = (event) => got.push(event.data);
  await ended(worker);
  assertEquals(got, ["before", "after", "microtask"]);
});

test("close() in a timer keeps the timers that are due from firing", async () => {
  const worker = workerOf(`${kKeepPort}
    setTimeout(() => { postMessage(1); close(); }, 1);
    setTimeout(() => postMessage(2), 1);
    const end = performance.now() + 20;
    while (performance.now() < end);`);
  const got = [];
  worker.onmessage = (event) => got.push(event.data);
  await ended(worker);
  assertEquals(got, [1]);
});

test("Deno.exit ends the worker only", async () => {
  const worker = workerOf("postMessage(1); Deno.exit(3); postMessage(2)");
  const got = [];
  worker.onmessage = (event) => got.push(event.data);
  await ended(worker);
  assertEquals(got, [1]);
  assertEquals(Deno.exitCode, 0);
});

test("no message comes after terminate()", async () => {
  const worker = workerOf("for (;;) postMessage(1)");
  let count = 0;
  worker.onmessage = () => count++;
  await next(worker);
  worker.terminate();
  const before = count;
  await sleep(50);
  assertEquals(count, before);
});

const kPhases = {
  "while it starts": ["", 0],
  "during an import": [`await import("data:text/javascript,await new Promise(() => {})")`, 20],
  "in an endless loop": ["postMessage(1); for (;;);", "message"],
  "in an endless loop of microtasks": [
    "postMessage(1); const f = () => Promise.resolve().then(f); f()",
    "message",
  ],
  "in an endless loop of a module's first line": ["for (;;);", 20],
  "in Atomics.wait": [
    "postMessage(1); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
    "message",
  ],
  "in Atomics.waitAsync": [
    "postMessage(1); await Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0).value",
    "message",
  ],
  "in a sync op": [
    "postMessage(1); new Deno.Command('sleep', { args: ['0.2'] }).outputSync()",
    "message",
  ],
  "in an async op": ["postMessage(1); await Deno.listen({ port: 0 }).accept()", "message"],
  "in a regular expression": ["postMessage(1); /(a+)+$/.test('a'.repeat(40) + 'b')", "message"],
  "in a JSON.parse reviver": ["JSON.parse('[1]', () => { postMessage(1); for (;;); })", "message"],
  "in a getter that postMessage calls": [
    "postMessage({ get a() { postMessage(1); for (;;); } })",
    "message",
  ],
  "in its error handler": [
    "onerror = () => { postMessage(1); for (;;); }; setTimeout(() => { throw 1; })",
    "message",
  ],
  "in a finally block": ["try { postMessage(1); for (;;); } finally { for (;;); }", "message"],
  "in a long SQL statement": [
    `const { DatabaseSync } = await import("node:sqlite");
    postMessage(1);
    new DatabaseSync(":memory:").exec(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");`,
    "message",
  ],
  "while SQLite waits for a lock": [
    `const { DatabaseSync } = await import("node:sqlite");
    const path = Deno.makeTempFileSync();
    const holds = new DatabaseSync(path);
    holds.exec("BEGIN EXCLUSIVE");
    const waits = new DatabaseSync(path, { timeout: 2 ** 31 - 1 });
    postMessage(1);
    waits.exec("BEGIN EXCLUSIVE");`,
    "message",
  ],
  "in WebAssembly": [
    `const bytes = new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11]);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    postMessage(1);
    exports.f();`,
    "message",
  ],
};
for (const [phase, [source, until]] of Object.entries(kPhases)) {
  test(`terminate() ${phase}`, async () => {
    const before = threads();
    const worker = workerOf(source);
    if (typeof until === "number") await sleep(until);
    else await next(worker);
    worker.terminate();
    await threadsDownTo(before);
  });
}

test("the workers of a worker end with it", async () => {
  const before = threads();
  const worker = workerOf(`
    const url = URL.createObjectURL(new Blob(["postMessage(1); for (;;);"]));
    const child = new Worker(url, { type: "module" });
    child.onmessage = () => postMessage("nested");`);
  assertEquals((await next(worker)).data, "nested");
  worker.terminate();
  await threadsDownTo(before);
});

test("an idle worker stays until it is ended", async () => {
  const worker = workerOf(`${kKeepPort} postMessage(1)`);
  await next(worker);
  let over = false;
  const end = ended(worker).then(() => (over = true));
  await sleep(50);
  assert(!over);
  worker.terminate();
  await end;
});

test("many at once, each started and ended", async () => {
  const before = threads();
  for (let round = 0; round < 3; round++) {
    const workers = Array.from({ length: 20 }, (_, i) => workerOf(`postMessage(${i})`));
    const answers = await Promise.all(workers.map(async (worker) => (await next(worker)).data));
    assertEquals(
      answers,
      Array.from({ length: 20 }, (_, i) => i),
    );
    for (const worker of workers) worker.terminate();
  }
  await threadsDownTo(before);
});

test("descriptors are given back", async () => {
  const count = () => [...Deno.readDirSync("/proc/self/fd")].length;
  await answerOf("postMessage(1)");
  await sleep(100);
  const before = count();
  for (let i = 0; i < 10; i++) await answerOf("Deno.openSync('/dev/null'); postMessage(1)");
  for (let i = 0; i < 300 && count() > before; i++) await sleep(10);
  assertEquals(count(), before);
});
