// Shared memory: another thread may change it at any time, so of web interfaces only what WebIDL marks
// [AllowShared] takes it. (What reads and writes: ../fs/shared_buffers_test.js.)
import { assertEquals, assertThrows, test } from "../harness.js";

const shared = (...bytes) => {
  const view = new Uint8Array(new SharedArrayBuffer(bytes.length));
  view.set(bytes);
  return view;
};

test("TextDecoder takes it", () => {
  assertEquals(new TextDecoder().decode(shared(104, 105)), "hi");
  assertEquals(new TextDecoder().decode(shared(104, 105).buffer), "hi");
  const decoder = new TextDecoder();
  assertEquals(decoder.decode(shared(0xe2, 0x82), { stream: true }), "");
  assertEquals(decoder.decode(shared(0xac)), "€");
});

test("TextEncoder.encodeInto takes it", () => {
  const target = shared(0, 0, 0, 0, 0, 0);
  const part = new Uint8Array(target.buffer, 1, 4);
  assertEquals(new TextEncoder().encodeInto("a€€", part), { read: 2, written: 4 });
  assertEquals([...target], [0, 97, 0xe2, 0x82, 0xac, 0]);
  assertEquals(new TextEncoder().encodeInto("abc", shared()), { read: 0, written: 0 });
  assertEquals(new TextEncoder().encodeInto("abc", shared(0)), { read: 1, written: 1 });
});

test("crypto.getRandomValues does not", () => {
  const error = assertThrows(() => crypto.getRandomValues(shared(1, 2, 3)), TypeError);
  assertEquals(
    error.message,
    "Failed to execute 'getRandomValues' on 'Crypto': Argument 1 is a view on a SharedArrayBuffer, " +
      "which is not allowed",
  );
});
