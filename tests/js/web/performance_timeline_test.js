// Marks, measures and observers.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

test("marks and measures", () => {
  const mark = performance.mark("a", { startTime: 5, detail: { x: [1] } });
  performance.mark("b", { startTime: 9 });
  assertEquals([mark.name, mark.entryType, mark.startTime, mark.duration], ["a", "mark", 5, 0]);
  const measure = performance.measure("m", "a", "b");
  assertEquals([measure.startTime, measure.duration, measure.detail], [5, 4, null]);
  assertEquals(performance.measure("n", { end: 20, duration: 3 }).startTime, 17);
  assertEquals(
    performance.getEntriesByType("mark").map((e) => e.name),
    ["a", "b"],
  );
  assertEquals(performance.getEntriesByName("m", "mark").length, 0);
  performance.clearMarks("a");
  performance.clearMeasures();
  assertEquals(
    performance.getEntries().map((e) => e.name),
    ["b"],
  );
  performance.clearMarks();
});

test("what makes no entry", () => {
  assertThrows(() => performance.measure("x", "none"), DOMException, 'Cannot find mark: "none"');
  assertThrows(() => performance.measure("x", { start: 1, end: 2, duration: 1 }), TypeError);
  assertThrows(() => performance.measure("x", { detail: 1 }), TypeError);
  assertThrows(() => performance.measure("x", { start: 1 }, "b"), TypeError);
  assertThrows(() => performance.mark("x", { startTime: -1 }), TypeError);
  assertThrows(() => performance.mark("x", { detail: () => {} }), DOMException);
  assertEquals(performance.getEntries(), []);
});

test("observers hear later, in one call", async () => {
  const heard = [];
  const observer = new PerformanceObserver((list, self) => {
    assert(self === observer);
    heard.push(list.getEntries().map((entry) => entry.name));
  });
  performance.mark("early");
  observer.observe({ type: "mark", buffered: true });
  performance.mark("x");
  performance.measure("not observed");
  performance.mark("y");
  assertEquals(heard, []);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assertEquals(heard, [["early", "x", "y"]]);
  observer.disconnect();
  assertThrows(() => observer.observe({}), TypeError);
  assertThrows(() => observer.observe({ type: "mark", entryTypes: ["mark"] }), TypeError);
});
