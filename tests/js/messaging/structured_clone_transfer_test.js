// structuredClone moves transferred buffers, or nothing when it fails.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

test("a transferred buffer moves", () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const copy = structuredClone({ bytes }, { transfer: [bytes.buffer] });
  assertEquals([bytes.byteLength, [...copy.bytes]], [0, [1, 2, 3]]);
});

test("a resizable buffer stays resizable", () => {
  const buffer = new ArrayBuffer(2, { maxByteLength: 8 });
  const copy = structuredClone(buffer, { transfer: [buffer] });
  assertEquals([copy.resizable, copy.maxByteLength, buffer.detached], [true, 8, true]);
});

test("nothing is detached when cloning fails", () => {
  const buffer = new ArrayBuffer(4);
  assertThrows(() => structuredClone([buffer, () => 1], { transfer: [buffer] }), DOMException);
  assertEquals(buffer.byteLength, 4);
});

test("bad transfer lists", () => {
  const buffer = new ArrayBuffer(4);
  const transfer = (list) => () => structuredClone(1, { transfer: list });
  assertThrows(transfer([buffer, buffer]), DOMException, "duplicate");
  assertThrows(transfer([{}]), DOMException, "not transferable");
  assertThrows(transfer([1]), TypeError, "index 0 is not an object");
  assertThrows(transfer(1), TypeError, "sequence");
  structuredClone(buffer, { transfer: [buffer] });
  assertThrows(transfer([buffer]), DOMException, "already detached");
});

test("a getter that detaches the buffer meanwhile", () => {
  const buffer = new ArrayBuffer(4);
  const value = {
    get a() {
      structuredClone(buffer, { transfer: [buffer] });
      return 1;
    },
  };
  const error = assertThrows(() => structuredClone(value, { transfer: [buffer] }), DOMException);
  assert(error.name === "DataCloneError");
});

test("shared memory stays shared", () => {
  const shared = new SharedArrayBuffer(1);
  const copy = structuredClone(shared);
  new Uint8Array(shared)[0] = 9;
  assertEquals(new Uint8Array(copy)[0], 9);
});
