// Microtasks run before the next timer; queueMicrotask checks its argument.
import { assertEquals, assertThrows, test } from "../harness.js";

test("between two timers that are due together", async () => {
  const log = [];
  setTimeout(() => {
    log.push("timer 1");
    queueMicrotask(() => log.push("microtask"));
    Promise.resolve().then(() => log.push("promise"));
  }, 1);
  setTimeout(() => log.push("timer 2"), 1);
  const until = performance.now() + 5;
  while (performance.now() < until);
  await new Promise((resolve) => setTimeout(resolve, 10));
  assertEquals(log, ["timer 1", "microtask", "promise", "timer 2"]);
});

test("arguments", () => {
  assertThrows(() => queueMicrotask(), TypeError, "1 argument required");
  assertThrows(() => queueMicrotask(1), TypeError, "is not a function");
});
