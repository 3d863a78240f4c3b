// navigator.locks: order, sharing, options.
import { assert, assertEquals, assertRejects, test } from "../harness.js";

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test("exclusive locks follow each other, and give the callback's value", async () => {
  const log = [];
  const one = navigator.locks.request("a", async (lock) => {
    log.push(`${lock.name} ${lock.mode}`);
    await wait(5);
    log.push("one ends");
    return 1;
  });
  const two = navigator.locks.request("a", () => log.push("two"));
  const { held, pending } = await navigator.locks.query();
  assertEquals([held[0].name, pending[0].mode], ["a", "exclusive"]);
  assertEquals([await one, await two], [1, 3]);
  assertEquals(log, ["a exclusive", "one ends", "two"]);
  assertEquals((await navigator.locks.query()).held, []);
});

test("shared locks are held together", async () => {
  let most = 0;
  let now = 0;
  const hold = async () => {
    most = Math.max(most, ++now);
    await wait(3);
    now--;
  };
  await Promise.all([1, 2, 3].map(() => navigator.locks.request("s", { mode: "shared" }, hold)));
  assertEquals(most, 3);
});

test("ifAvailable, steal, signal", async () => {
  let timer;
  const held = navigator.locks.request(
    "b",
    () =>
      new Promise((resolve) => {
        timer = setTimeout(resolve, 1000, "never");
      }),
  );
  assertEquals(await navigator.locks.request("b", { ifAvailable: true }, (lock) => lock), null);
  const controller = new AbortController();
  const waiting = navigator.locks.request("b", { signal: controller.signal }, () => 1);
  controller.abort("reason");
  assertEquals(await waiting.catch((reason) => reason), "reason");
  const stolen = navigator.locks.request("b", { steal: true }, () => "stolen");
  await assertRejects(() => held, DOMException);
  assertEquals(await stolen, "stolen");
  clearTimeout(timer);
});

test("errors", async () => {
  await assertRejects(() => navigator.locks.request("-x", () => {}), DOMException);
  await assertRejects(() => navigator.locks.request("x"), TypeError, "2 arguments required");
  await assertRejects(() => navigator.locks.request("x", { mode: "y" }, () => {}), TypeError);
  const error = new Error("own");
  assert(
    (await navigator.locks
      .request("x", () => {
        throw error;
      })
      .catch((e) => e)) === error,
  );
});
