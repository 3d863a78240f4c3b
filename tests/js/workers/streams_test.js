// Streams that move to a worker and back.
import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";
import { next, workerOf } from "./help.js";

async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

const numbers = (count) =>
  new ReadableStream({
    start(controller) {
      for (let i = 0; i < count; i++) controller.enqueue(i);
      controller.close();
    },
  });

test("a ReadableStream read in a worker", async () => {
  const worker = workerOf(`onmessage = async ({ data }) => {
    let sum = 0;
    for await (const n of data) sum += n;
    postMessage(sum);
  }`);
  const stream = numbers(100);
  worker.postMessage(stream, [stream]);
  assert(stream.locked);
  assertEquals((await next(worker)).data, 4950);
  worker.terminate();
});

test("a ReadableStream made in a worker", async () => {
  const worker = workerOf(`const stream = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array([1, 2, 3]));
      controller.close();
    },
  });
  postMessage(stream, [stream]);`);
  const { data } = await next(worker);
  assertEquals(
    (await collect(data)).map((chunk) => [...chunk]),
    [[1, 2, 3]],
  );
  worker.terminate();
});

test("a WritableStream written in a worker", async () => {
  const got = [];
  const stream = new WritableStream({
    write: (chunk) => void got.push(chunk),
    close: () => void got.push("closed"),
  });
  const worker = workerOf(`onmessage = async ({ data }) => {
    const writer = data.getWriter();
    await writer.write("a");
    await writer.write({ b: 1 });
    await writer.close();
    postMessage("done");
  }`);
  worker.postMessage(stream, [stream]);
  await next(worker);
  for (let i = 0; i < 100 && got.length < 3; i++) await new Promise((r) => setTimeout(r, 5));
  assertEquals(got, ["a", { b: 1 }, "closed"]);
  worker.terminate();
});

test("a TransformStream that works in a worker", async () => {
  const worker = workerOf(`onmessage = ({ data: { readable, writable } }) => {
    readable.pipeThrough(new TransformStream({
      transform: (chunk, controller) => controller.enqueue(chunk * 2),
    })).pipeTo(writable);
  }`);
  const there = new TransformStream();
  const back = new TransformStream();
  worker.postMessage({ readable: there.readable, writable: back.writable }, [
    there.readable,
    back.writable,
  ]);
  numbers(5).pipeTo(there.writable);
  assertEquals(await collect(back.readable), [0, 2, 4, 6, 8]);
  worker.terminate();
});

test("a whole TransformStream moves", async () => {
  const transform = new TransformStream({
    transform: (chunk, controller) => controller.enqueue(`<${chunk}>`),
  });
  const moved = structuredClone(transform, { transfer: [transform] });
  assert(moved instanceof TransformStream);
  numbers(2).pipeTo(moved.writable);
  assertEquals(await collect(moved.readable), ["<0>", "<1>"]);
});

test("errors and reasons cross", async () => {
  let reason;
  const stream = new ReadableStream({ cancel: (why) => void (reason = why) });
  const moved = structuredClone(stream, { transfer: [stream] });
  await moved.cancel("enough");
  for (let i = 0; i < 100 && reason === undefined; i++) await new Promise((r) => setTimeout(r, 5));
  assertEquals(reason, "enough");

  const failing = new ReadableStream({ pull: (c) => c.error(new RangeError("broken")) });
  const copy = structuredClone(failing, { transfer: [failing] });
  const error = await assertRejects(() => copy.getReader().read(), RangeError);
  assertEquals(error.message, "broken");
});

test("a chunk that cannot be cloned breaks both ends", async () => {
  const stream = new ReadableStream({ pull: (c) => c.enqueue(() => {}) });
  const moved = structuredClone(stream, { transfer: [stream] });
  const error = await assertRejects(() => moved.getReader().read(), DOMException);
  assertEquals(error.name, "DataCloneError");
});

test("the end of the worker is an error of what it sends", async () => {
  const worker = workerOf(`const stream = new ReadableStream({
    pull(controller) { controller.enqueue(1); },
  });
  postMessage(stream, [stream]);
  onmessage = () => close();`);
  const { data } = await next(worker);
  const reader = data.getReader();
  assertEquals(await reader.read(), { done: false, value: 1 });
  worker.postMessage(1);
  await assertRejects(async () => {
    for (;;) await reader.read();
  }, TypeError);
});

test("a locked stream stays; so does one that is not in the list", () => {
  const stream = new ReadableStream();
  stream.getReader();
  assertThrows(() => structuredClone(stream, { transfer: [stream] }), DOMException);
  assertThrows(() => structuredClone(new ReadableStream()), DOMException);
  const writable = new WritableStream();
  writable.getWriter();
  assertThrows(() => structuredClone(writable, { transfer: [writable] }), DOMException);
});
