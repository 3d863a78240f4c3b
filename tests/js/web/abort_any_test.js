// AbortSignal.any follows all its sources, also through other dependent signals.
import { assertEquals, assertThrows, test } from "../harness.js";

test("the first source decides", () => {
  const first = new AbortController();
  const second = new AbortController();
  const signal = AbortSignal.any([first.signal, AbortSignal.any([second.signal])]);
  let events = 0;
  signal.onabort = () => events++;
  second.abort("second");
  first.abort("first");
  assertEquals([signal.aborted, signal.reason, events], [true, "second", 1]);
});

test("dependents are aborted before any event fires", () => {
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal]);
  let seen;
  controller.signal.addEventListener("abort", () => (seen = signal.aborted));
  controller.abort();
  assertEquals(seen, true);
});

test("already aborted, empty, and not a signal", () => {
  assertEquals(AbortSignal.any([AbortSignal.abort(1), AbortSignal.abort(2)]).reason, 1);
  assertEquals(AbortSignal.any([]).aborted, false);
  assertThrows(() => AbortSignal.any([1]), TypeError, "AbortSignal");
  assertThrows(() => AbortSignal.any(1), TypeError, "sequence");
});

test("a source with many short-lived dependents still reaches the last", () => {
  const controller = new AbortController();
  const kept = [];
  for (let i = 0; i < 5000; i++) {
    const signal = AbortSignal.any([controller.signal]);
    if (i % 1000 === 0) kept.push(signal);
  }
  controller.abort("end");
  assertEquals(
    kept.map((signal) => signal.reason),
    ["end", "end", "end", "end", "end"],
  );
});
