// What a worker sees of itself.
import { assertEquals, test } from "../harness.js";
import { answerOf, next, workerOf } from "./help.js";

test("the global is a DedicatedWorkerGlobalScope", async () => {
  const answer = await answerOf(`postMessage([
    Object.getPrototypeOf(self) === DedicatedWorkerGlobalScope.prototype,
    self instanceof WorkerGlobalScope, self instanceof EventTarget,
    Object.prototype.toString.call(self), self === globalThis,
    typeof alert, typeof closed, typeof Location, typeof onload, "mainModule" in Deno,
  ])`);
  assertEquals(answer, [
    true,
    true,
    true,
    "[object DedicatedWorkerGlobalScope]",
    true,
    "undefined",
    "undefined",
    "undefined",
    "undefined",
    false,
  ]);
});

test("its interfaces cannot be constructed", async () => {
  const answer = await answerOf(`
    const refused = (f) => { try { f(); return "made"; } catch (error) { return error.message; } };
    postMessage([WorkerGlobalScope, DedicatedWorkerGlobalScope, WorkerNavigator, WorkerLocation]
      .map((type) => refused(() => new type())))`);
  assertEquals(answer, Array(4).fill("Illegal constructor"));
});

test("its name", async () => {
  assertEquals(await answerOf("postMessage(self.name)", { name: "one" }), "one");
  assertEquals(await answerOf("postMessage(self.name)"), "");
});

test("its location", async () => {
  const url = new URL("./fixtures/place.js?a=1#b", import.meta.url);
  const worker = new Worker(url, { type: "module" });
  const { data } = await next(worker);
  assertEquals(data, ["WorkerLocation", url.href, "file:", "?a=1", "#b", url.href]);
  worker.terminate();
});

test("its navigator", async () => {
  const answer = await answerOf(`postMessage([
    navigator.constructor.name, navigator.hardwareConcurrency > 0, typeof navigator.userAgent,
    navigator.languages.length > 0, typeof navigator.locks.request])`);
  assertEquals(answer, ["WorkerNavigator", true, "string", true, "function"]);
});

test("timers, microtasks and top-level await", async () => {
  const answer = await answerOf(`
    const order = [];
    queueMicrotask(() => order.push("microtask"));
    setTimeout(() => { order.push("timer"); postMessage(order); }, 5);
    await 0;
    order.push("module");`);
  assertEquals(answer, ["microtask", "module", "timer"]);
});

test("resources are its own", async () => {
  const file = await Deno.open(new URL(import.meta.url));
  const names = await answerOf("postMessage(Object.values(Deno.resources()))");
  assertEquals(names, ["stdin", "stdout", "stderr"]);
  const stale = await answerOf(
    `try { Deno.close(3); postMessage("closed"); } catch (error) { postMessage(error.name); }`,
  );
  assertEquals(stale, "BadResource");
  file.close();
});

test("Worker objects print without running a script", () => {
  const worker = workerOf("");
  assertEquals(
    Deno.inspect(worker),
    "Worker { onerror: null, onmessage: null, onmessageerror: null }",
  );
  assertEquals(String(worker), "[object Worker]");
  worker.terminate();
});

test("relative workers are relative to the worker that makes them", async () => {
  const worker = new Worker(new URL("./fixtures/parent.js", import.meta.url), { type: "module" });
  assertEquals((await next(worker)).data, "through two threads");
  worker.terminate();
});
