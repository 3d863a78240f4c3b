// performance.now is monotonic and starts at timeOrigin.
import { assert, assertThrows, assertEquals, test } from "../harness.js";

test("now", () => {
  let last = performance.now();
  for (let i = 0; i < 1000; i++) {
    const now = performance.now();
    assert(now >= last);
    last = now;
  }
});

test("timeOrigin + now is the time of day", () => {
  const difference = Date.now() - (performance.timeOrigin + performance.now());
  assert(Math.abs(difference) < 1000, `${difference}`);
  assertEquals(performance.toJSON(), { timeOrigin: performance.timeOrigin });
});

test("receivers and construction", () => {
  assertThrows(() => performance.now.call({}), TypeError, "Illegal invocation");
  assertThrows(() => new Performance(), TypeError, "Illegal constructor");
  assert(performance instanceof EventTarget);
});
