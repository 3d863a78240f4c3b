// ReadableStream: reading, sizes, cancelling, iterating. The Web Platform Tests cover the standard;
// here is what rt's own shortcuts could get wrong.
import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

test("chunks come in order through a queue that grows and drains", async () => {
  let controller;
  const stream = new ReadableStream({ start: (c) => (controller = c) });
  const reader = stream.getReader();
  let next = 0;
  for (let round = 1; round < 40; round++) {
    for (let i = 0; i < round; i++) controller.enqueue(next++);
    assertEquals(controller.desiredSize, 1 - round);
    for (let i = next - round; i < next; i++) {
      assertEquals(await reader.read(), { value: i, done: false });
    }
  }
  controller.close();
  assertEquals(await reader.read(), { value: undefined, done: true });
  await reader.closed;
});

test("a sized queue adds up, and a count strategy is recognised", async () => {
  let controller;
  const start = (c) => (controller = c);
  new ReadableStream({ start }, { highWaterMark: 10, size: (chunk) => chunk.length });
  controller.enqueue("abc");
  assertEquals(controller.desiredSize, 7);
  new ReadableStream({ start }, new CountQueuingStrategy({ highWaterMark: 3 }));
  controller.enqueue("abc");
  assertEquals(controller.desiredSize, 2);
  assertThrows(() => {
    new ReadableStream({ start: (c) => c.enqueue(1) }, { size: () => -1 });
  }, RangeError);
});

test("for await: break cancels, preventCancel does not", async () => {
  let reason = "not cancelled";
  const make = () =>
    new ReadableStream({ pull: (c) => c.enqueue(1), cancel: () => (reason = "cancelled") });
  for await (const _ of make()) break;
  assertEquals(reason, "cancelled");
  reason = "not cancelled";
  const kept = make();
  for await (const _ of kept.values({ preventCancel: true })) break;
  assertEquals(reason, "not cancelled");
  assertEquals(kept.locked, false);
});

test("overlapping next() calls are answered in order, after a break too", async () => {
  let n = 0;
  const iterator = new ReadableStream({
    async pull(c) {
      await null;
      if (n === 3) c.close();
      else c.enqueue(n++);
    },
  })[Symbol.asyncIterator]();
  const results = await Promise.all([1, 2, 3, 4, 5].map(() => iterator.next()));
  assertEquals(
    results.map((r) => r.value),
    [0, 1, 2, undefined, undefined],
  );
  assertEquals(
    results.map((r) => r.done),
    [false, false, false, true, true],
  );
});

test("an error reaches everybody who waits, and nobody is left unhandled", async () => {
  let controller;
  const stream = new ReadableStream({ start: (c) => (controller = c) });
  const reader = stream.getReader();
  const reads = [reader.read(), reader.read()];
  controller.error(new RangeError("broken"));
  for (const read of reads) await assertRejects(() => read, RangeError, "broken");
  await assertRejects(() => reader.closed, RangeError, "broken");
  reader.releaseLock();
  await assertRejects(() => reader.read(), TypeError);
  await assertRejects(() => stream.cancel(), RangeError);
});

test("from: iterables of promises, async generators, and their return()", async () => {
  const chunks = [];
  for await (const chunk of ReadableStream.from([1, Promise.resolve(2)])) chunks.push(chunk);
  let returned = false;
  async function* generate() {
    try {
      yield 3;
      yield 4;
    } finally {
      returned = true;
    }
  }
  for await (const chunk of ReadableStream.from(generate())) {
    chunks.push(chunk);
    break;
  }
  assertEquals(chunks, [1, 2, 3]);
  assert(returned);
  for (const value of [7, "text", null]) {
    assertThrows(() => ReadableStream.from(value), TypeError, "not iterable");
  }
});

test("tee: both get everything, the source is cancelled by both", async () => {
  let reason;
  const source = new ReadableStream({
    start(c) {
      c.enqueue("a");
      c.enqueue("b");
    },
    cancel: (r) => (reason = r),
  });
  const [left, right] = source.tee();
  const reader = left.getReader();
  assertEquals((await reader.read()).value, "a");
  const cancelled = Promise.all([reader.cancel(1), right.cancel(2)]);
  await cancelled;
  assertEquals(reason, [1, 2]);
});
