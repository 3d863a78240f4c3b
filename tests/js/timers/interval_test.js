// setInterval repeats until it is cleared, also from within its callback.
import { assert, assertEquals, test } from "../harness.js";

test("cleared by its own callback", async () => {
  let ticks = 0;
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      if (++ticks === 3) {
        clearInterval(timer);
        setTimeout(resolve, 20);
      }
    }, 2);
  });
  assertEquals(ticks, 3);
});

test("cleared by its number, by either function", async () => {
  let ticks = 0;
  const first = +setInterval(() => ticks++, 1);
  const second = setTimeout(() => ticks++, 1);
  clearTimeout(first);
  clearInterval(`${second}`);
  await new Promise((resolve) => setTimeout(resolve, 15));
  assertEquals(ticks, 0);
});

test("nested timers slow down to four milliseconds", async () => {
  const start = performance.now();
  let depth = 0;
  await new Promise((resolve) => {
    const again = () => (++depth === 12 ? resolve() : setTimeout(again, 0));
    setTimeout(again, 0);
  });
  assert(performance.now() - start >= 24);
});
