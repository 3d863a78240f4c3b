// Errors nobody caught in a worker, and how its parent hears of them.
import { assert, assertEquals, test } from "../harness.js";
import { answerOf, next, sleep, workerOf } from "./help.js";

/** The error event of a worker that runs `source`. */
async function errorOf(source) {
  const worker = workerOf(source);
  worker.onerror = (event) => event.preventDefault();
  return next(worker, "error");
}

test("an error in a task", async () => {
  const event = await errorOf("onmessage = null;\nsetTimeout(() => { throw new TypeError('x'); })");
  assert(event instanceof ErrorEvent && event.isTrusted && event.cancelable);
  assertEquals(event.message, "Uncaught TypeError: x");
  assert(event.filename.startsWith("blob:"), event.filename);
  assertEquals([event.lineno, event.colno, event.error], [2, 26, null]);
});

test("an error of the module itself", async () => {
  const event = await errorOf("\nthrow new RangeError('early')");
  assertEquals(event.message, "Uncaught (in promise) RangeError: early");
  assertEquals([event.lineno, event.colno], [2, 7]);
});

test("an unhandled rejection", async () => {
  const event = await errorOf("Promise.reject(new Error('rejected'))");
  assertEquals(event.message, "Uncaught (in promise) Error: rejected");
});

test("what is thrown need not be an error", async () => {
  assertEquals((await errorOf("setTimeout(() => { throw 5; })")).message, "Uncaught 5");
  assertEquals((await errorOf("setTimeout(() => { throw null; })")).message, "Uncaught null");
});

test("an error ends the worker, after what it said before", async () => {
  const worker = workerOf("postMessage(1); setTimeout(() => postMessage(2), 20); throw 0");
  const got = [];
  worker.onmessage = (event) => got.push(event.data);
  worker.onerror = (event) => {
    got.push("error");
    event.preventDefault();
  };
  await next(worker, "error");
  await sleep(60);
  assertEquals(got, [1, "error"]);
});

test("a worker that handles its error goes on", async () => {
  const worker = workerOf(`
    addEventListener("error", (event) => {
      postMessage([event.message, event.error.message]);
      event.preventDefault();
    });
    onmessage = () => { throw new Error("again"); };`);
  for (let i = 0; i < 2; i++) {
    worker.postMessage(1);
    assertEquals((await next(worker)).data, ["Uncaught Error: again", "again"]);
  }
  worker.terminate();
});

test("onerror of a worker gets five arguments", async () => {
  const worker = workerOf(`
    onerror = (...args) => { postMessage([args.length, args[0], typeof args[2]]); return true; };
    setTimeout(() => { throw new Error("five"); });`);
  assertEquals((await next(worker)).data, [5, "Uncaught Error: five", "number"]);
  worker.terminate();
});

test("the parent's own error event hears of what its worker does not handle", async () => {
  const worker = workerOf("throw new Error('up')");
  const heard = new Promise((resolve) => {
    addEventListener(
      "error",
      (event) => {
        event.preventDefault();
        resolve(event.message);
      },
      { once: true },
    );
  });
  assertEquals(await heard, "Uncaught (in promise) Error: up");
  worker.terminate();
});

test("unhandled by all, it is a rejection", async () => {
  const worker = new Worker("data:text/plain,", { type: "module" });
  const heard = new Promise((resolve) => {
    addEventListener(
      "unhandledrejection",
      (event) => {
        event.preventDefault();
        resolve(event.reason.message);
      },
      { once: true },
    );
  });
  assertEquals(await heard, "Unhandled error in child worker.");
  worker.terminate();
});

test("a message that cannot be read is a messageerror", async () => {
  // Shared memory of a module with more memory than can be mapped twice is hard to make; a script
  // that breaks what reading needs is easy.
  const worker = workerOf(`
    addEventListener("messageerror", (event) => postMessage(event.type));
    postMessage("ready");`);
  await next(worker);
  worker.postMessage(new DOMException("x", "AbortError"));
  worker.postMessage(1);
  worker.terminate();
});

test("running out of memory ends the worker, not the program", async () => {
  const worker = workerOf("const list = []; for (;;) list.push(new Array(1000).fill(1.5));", {
    resourceLimits: { maxOldGenerationSizeMb: 32 },
  });
  worker.onerror = (event) => event.preventDefault();
  const event = await next(worker, "error");
  assertEquals(
    event.message,
    "Worker terminated due to reaching memory limit: JS heap out of memory",
  );
});

test("less memory than a worker starts with ends it as well", async () => {
  for (const size of [1, 2, 3]) {
    const worker = workerOf("postMessage(1)", { resourceLimits: { maxOldGenerationSizeMb: size } });
    worker.onerror = (event) => event.preventDefault();
    assertEquals(
      (await next(worker, "error")).message,
      "Worker terminated due to reaching memory limit: JS heap out of memory",
    );
  }
  assertEquals(
    await answerOf("postMessage(1)", { resourceLimits: { maxOldGenerationSizeMb: 4 } }),
    1,
  );
});

test("running out of stack is a RangeError, also with a small one", async () => {
  const worker = workerOf(
    "const f = () => f(); try { f(); } catch (error) { postMessage(error.name); }",
    { resourceLimits: { stackSizeMb: 1 } },
  );
  assertEquals((await next(worker)).data, "RangeError");
  worker.terminate();
});
