// Large buffers take another way through structured cloning than small ones: the results must be alike.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

const kLarge = 3 * 1024 * 1024;

/** Bytes that tell where they are. */
function pattern(length) {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 4099) bytes[i] = i;
  return bytes;
}

const same = (a, b) =>
  a.length === b.length && indexedDifference(a, b) === -1 && a.constructor === b.constructor;

function indexedDifference(a, b) {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return i;
  return -1;
}

test("a view, a buffer, and both among other values are copied", () => {
  const bytes = pattern(kLarge);
  assert(same(structuredClone(bytes), bytes));
  assert(same(new Uint8Array(structuredClone(bytes.buffer)), bytes));
  const { id, data, text } = structuredClone({ id: 7, data: bytes, text: "é" });
  assert(same(data, bytes));
  assertEquals([id, text], [7, "é"]);
  const list = structuredClone([1, bytes, null, undefined]);
  assert(same(list[1], bytes));
  assertEquals([list.length, list[0], list[2], list[3]], [4, 1, null, undefined]);
});

test("the copy is nobody else's, and the original stays", () => {
  const bytes = pattern(kLarge);
  const copy = structuredClone({ bytes });
  bytes[0] = 1;
  copy.bytes[1] = 2;
  assertEquals([bytes[0], bytes[1], copy.bytes[0], copy.bytes[1]], [1, 0, 0, 2]);
  assertEquals(bytes.buffer.detached, false);
});

test("views of one buffer are views of one copy", () => {
  const bytes = pattern(kLarge);
  const part = new Float64Array(bytes.buffer, 16, 5);
  const { a, b, c } = structuredClone({ a: bytes, b: part, c: bytes.buffer });
  assert(a.buffer === b.buffer && b.buffer === c);
  assertEquals([b.byteOffset, b.length, c.byteLength], [16, 5, kLarge]);
});

test("one is moved, another one copied", () => {
  const moved = pattern(kLarge);
  const copied = pattern(kLarge + 8);
  const result = structuredClone({ moved, copied }, { transfer: [moved.buffer] });
  assertEquals([moved.byteLength, copied.byteLength], [0, kLarge + 8]);
  assert(same(result.moved, pattern(kLarge)) && same(result.copied, copied));
});

test("what a getter changes on the way is what is copied", () => {
  const bytes = pattern(kLarge);
  const value = {
    get first() {
      bytes[5] = 55;
      return 1;
    },
    bytes,
    get last() {
      bytes[6] = 66;
      return 2;
    },
  };
  const copy = structuredClone(value);
  assertEquals([copy.bytes[5], copy.bytes[6]], [55, 0]);
});

test("deeper, resizable and shared ones go the usual way", () => {
  const bytes = pattern(kLarge);
  assert(same(structuredClone({ a: { bytes } }).a.bytes, bytes));
  assert(same(structuredClone(new Map([["k", bytes]])).get("k"), bytes));
  const resizable = new ArrayBuffer(kLarge, { maxByteLength: 2 * kLarge });
  const copy = structuredClone(resizable);
  assertEquals([copy.resizable, copy.maxByteLength, copy.byteLength], [true, 2 * kLarge, kLarge]);
  const shared = new Uint8Array(new SharedArrayBuffer(kLarge));
  const view = structuredClone({ shared, bytes });
  shared[9] = 9;
  assertEquals(view.shared[9], 9);
});

test("a buffer is not copied for a message that cannot be", () => {
  const bytes = pattern(kLarge);
  assertThrows(() => structuredClone({ bytes, f() {} }), DOMException, "could not be cloned");
  assert(same(structuredClone(bytes), bytes));
});

test("a broadcast gives each receiver a copy of its own", async () => {
  const sender = new BroadcastChannel("large");
  const receivers = [new BroadcastChannel("large"), new BroadcastChannel("large")];
  const got = receivers.map(
    (receiver) => new Promise((resolve) => (receiver.onmessage = (event) => resolve(event.data))),
  );
  sender.postMessage(pattern(kLarge));
  const [one, two] = await Promise.all(got);
  one[0] = 1;
  assertEquals([one[0], two[0], one.length, two.length], [1, 0, kLarge, kLarge]);
  for (const channel of [sender, ...receivers]) channel.close();
});
