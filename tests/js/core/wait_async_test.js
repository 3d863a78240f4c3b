// Atomics.waitAsync: its timeout, its notification, and that it is the original otherwise.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

const cell = () => new Int32Array(new SharedArrayBuffer(8));

test("resolves after its timeout, with nothing else to do", async () => {
  const start = performance.now();
  const { async, value } = Atomics.waitAsync(cell(), 0, 0, 60);
  assert(async);
  assertEquals(await value, "timed-out");
  assert(performance.now() - start >= 59);
});

test("resolves after a notify, long before its timeout", async () => {
  const i32 = cell();
  const start = performance.now();
  const { value } = Atomics.waitAsync(i32, 0, 0, 60_000);
  setTimeout(() => assertEquals(Atomics.notify(i32, 0), 1), 10);
  assertEquals(await value, "ok");
  assert(performance.now() - start < 30_000);
});

test("two that wake each other get on without a timer", async () => {
  const i32 = cell();
  let turns = 0;
  const player = async (mine, other) => {
    while (turns < 200) {
      await Atomics.waitAsync(i32, mine, 0).value;
      turns++;
      Atomics.notify(i32, other);
    }
  };
  const both = [player(0, 1), player(1, 0)];
  Atomics.notify(i32, 0);
  await Promise.any(both);
  assert(turns >= 200);
});

test("many timeouts, soonest first", async () => {
  const order = [];
  const i32 = cell();
  await Promise.all(
    [50, 10, 30, 20, 40].map(async (ms) => {
      await Atomics.waitAsync(i32, 0, 0, ms).value;
      order.push(ms);
    }),
  );
  assertEquals(order, [10, 20, 30, 40, 50]);
});

test("answers at once where there is nothing to wait for", () => {
  const i32 = cell();
  assertEquals(Atomics.waitAsync(i32, 0, 1, 10), { async: false, value: "not-equal" });
  assertEquals(Atomics.waitAsync(i32, 0, 0, 0), { async: false, value: "timed-out" });
});

test("timers run while it waits", async () => {
  let ticks = 0;
  const interval = setInterval(() => ticks++, 1);
  await Atomics.waitAsync(cell(), 0, 0, 50).value;
  clearInterval(interval);
  assert(ticks > 0);
});

test("converts its arguments in the order of the specification, each once", () => {
  const seen = [];
  const spy = (name, value) => ({
    valueOf() {
      seen.push(name);
      return value;
    },
  });
  const result = Atomics.waitAsync(cell(), spy("index", 0), spy("value", 1), spy("timeout", 5));
  assertEquals(result, { async: false, value: "not-equal" });
  assertEquals(seen, ["index", "value", "timeout"]);
  assertThrows(() => Atomics.waitAsync(cell(), 0, 0, Symbol()), TypeError);
  assertThrows(() => Atomics.waitAsync(cell(), 0, 0, 1n), TypeError);
  assertThrows(() => Atomics.waitAsync(cell(), 0, 0, { valueOf: () => 1n }), TypeError);
  assertThrows(() => Atomics.waitAsync([], 0, 0, 1), TypeError);
  assertThrows(() => Atomics.waitAsync(cell(), 2, 0, 1), RangeError);
});

test("looks like the original", () => {
  const { value, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(
    Atomics,
    "waitAsync",
  );
  assertEquals([value.name, value.length], ["waitAsync", 4]);
  assertEquals([writable, enumerable, configurable], [true, false, true]);
  assertEquals(Object.hasOwn(value, "prototype"), false);
  assertThrows(() => new Atomics.waitAsync(), TypeError);
});
