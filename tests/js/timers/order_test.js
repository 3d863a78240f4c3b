// Timers fire by due time, equal ones in the order they were set, never early.
import { assert, assertEquals, test } from "../harness.js";

const sleep = (delay) => new Promise((resolve) => setTimeout(resolve, delay));

test("order", async () => {
  const log = [];
  for (const delay of [20, 5, 10, 5, 0]) setTimeout(() => log.push(delay), delay);
  await sleep(40);
  assertEquals(log, [0, 5, 5, 10, 20]);
});

test("never early", async () => {
  for (const delay of [1, 2, 3, 7, 15]) {
    const start = performance.now();
    await sleep(delay);
    assert(performance.now() - start >= delay, `${delay}`);
  }
});

test("many timers, some cleared, come in order", async () => {
  const log = [];
  const timers = [];
  for (let i = 0; i < 500; i++) {
    const delay = 1 + (i * 7919) % 20;
    const due = performance.now() + delay;
    timers.push(setTimeout(() => log.push(due), delay));
  }
  for (let i = 0; i < 500; i += 3) clearTimeout(timers[i]);
  await sleep(60);
  assertEquals(log.length, 333);
  // setTimeout reads the clock a moment after the test did.
  assert(log.every((due, i) => i === 0 || log[i - 1] <= due + 0.5));
});

test("arguments and this", async () => {
  const seen = [];
  setTimeout(
    function (a, b) {
      seen.push(a, b, this === globalThis);
    },
    0,
    1,
    "two",
  );
  await sleep(10);
  assertEquals(seen, [1, "two", true]);
});
