// postMessage both ways: order, cloning, transfer, sharing.
import { assert, assertEquals, assertThrows, test } from "../harness.js";
import { answerOf, next, workerOf } from "./help.js";

const kEcho = "onmessage = (event) => postMessage(event.data, event.ports)";

async function echo(value, transfer) {
  const worker = workerOf(kEcho);
  worker.postMessage(value, transfer);
  const { data } = await next(worker);
  worker.terminate();
  return data;
}

test("messages arrive in order, those before the start too", async () => {
  const worker = workerOf("onmessage = (event) => postMessage(event.data)");
  const got = [];
  const done = new Promise((resolve) => {
    worker.onmessage = (event) => {
      got.push(event.data);
      if (got.length === 2000) resolve();
    };
  });
  for (let i = 0; i < 2000; i++) worker.postMessage(i);
  await done;
  assertEquals(
    got,
    Array.from({ length: 2000 }, (_, i) => i),
  );
  worker.terminate();
});

test("values are cloned", async () => {
  const value = {
    map: new Map([[1, new Date(5)]]),
    set: new Set(["a"]),
    n: 1n,
    e: new RangeError("x"),
  };
  value.self = value;
  const copy = await echo(value);
  assert(copy !== value && copy.self === copy);
  assertEquals(copy.map.get(1).getTime(), 5);
  assert(copy.e instanceof RangeError);
  assertEquals(copy.n, 1n);
});

test("a large buffer is copied there and back", async () => {
  const bytes = new Uint8Array(40 * 1024 * 1024);
  bytes[bytes.length - 1] = 7;
  const copy = await echo({ bytes, id: 1 });
  assertEquals([copy.id, copy.bytes.length, copy.bytes.at(-1)], [1, bytes.length, 7]);
  assertEquals(bytes.at(-1), 7);
});

test("a Blob and a File come along", async () => {
  const [blob, file] = await echo([new Blob(["abc"]), new File(["xyz"], "f.txt")]);
  assertEquals(await blob.text(), "abc");
  assertEquals([file.name, await file.text()], ["f.txt", "xyz"]);
});

test("a DOMException comes along", async () => {
  const copy = await echo(new DOMException("no", "AbortError"));
  assertEquals([copy.name, copy.message], ["AbortError", "no"]);
});

test("what cannot be cloned is a DataCloneError here", () => {
  const worker = workerOf(kEcho);
  const error = assertThrows(() => worker.postMessage(() => {}), DOMException);
  assertEquals(error.name, "DataCloneError");
  assertThrows(() => worker.postMessage(), TypeError);
  worker.terminate();
});

test("buffers move", async () => {
  const worker = workerOf(
    "onmessage = ({ data }) => { data[0]++; postMessage(data, [data.buffer]) }",
  );
  const bytes = new Uint8Array(1 << 20);
  worker.postMessage(bytes, [bytes.buffer]);
  assertEquals(bytes.byteLength, 0);
  const { data } = await next(worker);
  assertEquals([data.length, data[0]], [1 << 20, 1]);
  worker.terminate();
});

test("a buffer outlives the worker that made it", async () => {
  const worker = workerOf(
    "const b = new Uint8Array(1e6).fill(7); postMessage(b, [b.buffer]); close()",
  );
  const { data } = await next(worker);
  worker.terminate();
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert(data.every((byte) => byte === 7));
});

test("ports move, and talk past the parent", async () => {
  const one = workerOf("onmessage = ({ ports: [port] }) => port.postMessage('from one')");
  const two = workerOf(
    "onmessage = ({ ports: [port] }) => { port.onmessage = (e) => postMessage(e.data) }",
  );
  const { port1, port2 } = new MessageChannel();
  two.postMessage(null, [port2]);
  one.postMessage(null, [port1]);
  assertEquals((await next(two)).data, "from one");
  one.terminate();
  two.terminate();
});

test("a port whose other end ends with its worker is closed", async () => {
  const worker = workerOf("onmessage = () => close()");
  const { port1, port2 } = new MessageChannel();
  const closed = new Promise((resolve) => port1.addEventListener("close", resolve));
  port1.start();
  worker.postMessage(null, [port2]);
  await closed;
});

test("shared memory is shared", async () => {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const worker = workerOf(`onmessage = ({ data }) => {
    Atomics.store(data, 0, 42);
    Atomics.notify(data, 0);
  }`);
  worker.postMessage(shared);
  assert((await Atomics.waitAsync(shared, 0, 0, 10_000).value) === "ok" || shared[0] === 42);
  assertEquals(Atomics.load(shared, 0), 42);
  worker.terminate();
});

test("Atomics.wait in a worker, notify here", async () => {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const worker = workerOf(`onmessage = ({ data }) => {
    postMessage("waiting");
    postMessage(Atomics.wait(data, 0, 0, 10_000));
  }`);
  worker.postMessage(shared);
  await next(worker);
  const answer = next(worker);
  const timer = setInterval(() => Atomics.notify(shared, 0), 1);
  assertEquals((await answer).data, "ok");
  clearInterval(timer);
  worker.terminate();
});

test("a WebAssembly.Module moves, and shared memory with it", async () => {
  // (module (func (export "f") (result i32) i32.const 42))
  const bytes = new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 6,
    1, 4, 0, 65, 42, 11,
  ]);
  const worker = workerOf(`onmessage = async ({ data: { module, memory } }) => {
    new Int32Array(memory.buffer)[0] = 9;
    postMessage((await WebAssembly.instantiate(module)).exports.f());
  }`);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  worker.postMessage({ module: new WebAssembly.Module(bytes), memory });
  assertEquals((await next(worker)).data, 42);
  assertEquals(new Int32Array(memory.buffer)[0], 9);
  worker.terminate();
});

test("events say what they should", async () => {
  const worker = workerOf(
    "onmessage = (e) => postMessage([e.isTrusted, e.target === self, e.origin, e.ports.length])",
  );
  worker.postMessage(1);
  const event = await next(worker);
  assertEquals(event.data, [true, true, "", 0]);
  assertEquals([event.isTrusted, event.target === worker, event.ports.length], [true, true, 0]);
  worker.terminate();
});

test("the transfer argument is checked", () => {
  const worker = workerOf("");
  const buffer = new ArrayBuffer(1);
  assertThrows(() => worker.postMessage(1, [buffer, buffer]), DOMException);
  assertThrows(() => worker.postMessage(1, 5), TypeError);
  assertThrows(() => worker.postMessage(1, [{}]), DOMException);
  worker.terminate();
});

test("after terminate() messages go nowhere", () => {
  const worker = workerOf(kEcho);
  worker.terminate();
  worker.terminate();
  worker.postMessage(1);
});

test("a worker's script can poison its globals", async () => {
  assertEquals(
    await answerOf(`
      Array.prototype.push = Map.prototype.get = Function.prototype.call = () => { throw 1; };
      delete globalThis.EventTarget;
      Object.defineProperty(Array.prototype, 0, { set() { throw 2; } });
      postMessage("fine");`),
    "fine",
  );
});
