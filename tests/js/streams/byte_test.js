// Byte streams: memory goes over by transfer, BYOB reads, the minimum, autoAllocateChunkSize, tee.
import { assertEquals, assertRejects, test } from "../harness.js";

const bytes = (...values) => new Uint8Array(values);

test("what is enqueued is detached", async () => {
  const chunk = bytes(1, 2, 3);
  const stream = new ReadableStream({ type: "bytes", start: (c) => c.enqueue(chunk) });
  assertEquals(chunk.byteLength, 0);
  assertEquals((await stream.getReader().read()).value, bytes(1, 2, 3));
});

test("a BYOB read fills the caller's memory, in the caller's type", async () => {
  const stream = new ReadableStream({
    type: "bytes",
    pull(c) {
      const { view } = c.byobRequest;
      new Uint8Array(view.buffer, view.byteOffset).fill(7);
      c.byobRequest.respond(3);
    },
  });
  const reader = stream.getReader({ mode: "byob" });
  const buffer = new ArrayBuffer(8);
  const { value } = await reader.read(new Uint16Array(buffer, 2, 2));
  assertEquals(buffer.byteLength, 0);
  assertEquals(value instanceof Uint16Array, true);
  assertEquals([value.byteOffset, value.length, value[0]], [2, 1, 0x0707]);
  // The odd byte waits for its other half.
  const second = await reader.read(new Uint8Array(1));
  assertEquals(second.value, bytes(7));
});

test("min waits for that much", async () => {
  let n = 0;
  const stream = new ReadableStream({ type: "bytes", pull: (c) => c.enqueue(bytes(n++)) });
  const reader = stream.getReader({ mode: "byob" });
  assertEquals((await reader.read(new Uint8Array(8), { min: 3 })).value, bytes(0, 1, 2));
  await assertRejects(() => reader.read(new Uint8Array(2), { min: 3 }), RangeError);
  await assertRejects(() => reader.read(new Uint8Array(2), { min: 0 }), TypeError);
});

test("autoAllocateChunkSize gives a default reader's source a request", async () => {
  const stream = new ReadableStream({
    type: "bytes",
    autoAllocateChunkSize: 4,
    pull(c) {
      c.byobRequest.view[0] = 9;
      c.byobRequest.respond(1);
    },
  });
  const { value } = await stream.getReader().read();
  assertEquals([value.length, value[0], value.buffer.byteLength], [1, 9, 4]);
});

test("branches of a tee do not share memory", async () => {
  const [left, right] = new ReadableStream({
    type: "bytes",
    start(c) {
      c.enqueue(bytes(1, 2));
      c.close();
    },
  }).tee();
  const first = await left.getReader({ mode: "byob" }).read(new Uint8Array(4));
  first.value.fill(0);
  assertEquals((await right.getReader().read()).value, bytes(1, 2));
});
