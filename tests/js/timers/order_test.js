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
    const delay = 1 + ((i * 7919) % 20);
    const entry = { earliest: performance.now() + delay, latest: 0 };
    timers.push(setTimeout(() => log.push(entry), delay));
    entry.latest = performance.now() + delay;
  }
  for (let i = 0; i < 500; i += 3) clearTimeout(timers[i]);
  await sleep(60);
  assertEquals(log.length, 333);
  // The due time is somewhere between the two looks at the clock around setTimeout.
  let reached = 0;
  for (const { earliest, latest } of log) {
    assert(reached <= latest);
    reached = Math.max(reached, earliest);
  }
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
