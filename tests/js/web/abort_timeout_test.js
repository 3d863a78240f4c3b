// AbortSignal.timeout aborts with a TimeoutError once its time has passed.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

test("fires, not early", async () => {
  const start = performance.now();
  const signal = AbortSignal.timeout(20);
  await new Promise((resolve) => (signal.onabort = resolve));
  assert(performance.now() - start >= 20);
  assertEquals(signal.reason.name, "TimeoutError");
  assertEquals(signal.reason.message, "The operation was aborted due to timeout");
});

test("a dependent signal keeps a timeout waiting for it", async () => {
  const signal = AbortSignal.any([AbortSignal.timeout(10)]);
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  assertEquals(signal.reason.name, "TimeoutError");
});

test("the range is enforced", () => {
  assertThrows(() => AbortSignal.timeout(-1), TypeError, "outside the accepted range");
  assertThrows(() => AbortSignal.timeout(NaN), TypeError, "not a finite number");
});
