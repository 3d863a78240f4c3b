// crypto.getRandomValues fills integer arrays, up to its quota.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

test("fills exactly the view", () => {
  const bytes = new Uint8Array(64);
  const view = bytes.subarray(16, 48);
  assert(crypto.getRandomValues(view) === view);
  assert(view.some((byte) => byte !== 0));
  assert(bytes.subarray(0, 16).every((byte) => byte === 0));
  assert(bytes.subarray(48).every((byte) => byte === 0));
});

test("two calls differ, small and large", () => {
  for (const size of [16, 300, 65536]) {
    const first = crypto.getRandomValues(new Uint8Array(size));
    const second = crypto.getRandomValues(new Uint8Array(size));
    assert(
      first.some((byte, i) => byte !== second[i]),
      `${size}`,
    );
  }
});

test("types and quota", () => {
  crypto.getRandomValues(new BigUint64Array(2));
  assertEquals(crypto.getRandomValues(new Uint8Array(0)).length, 0);
  for (const value of [new Float32Array(1), new DataView(new ArrayBuffer(1)), [1], 1]) {
    const error = assertThrows(() => crypto.getRandomValues(value), DOMException);
    assertEquals(error.name, "TypeMismatchError");
  }
  const error = assertThrows(
    () => crypto.getRandomValues(new Uint8Array(65537)),
    QuotaExceededError,
  );
  assertEquals(error.name, "QuotaExceededError");
  assertThrows(() => crypto.getRandomValues(), TypeError, "1 argument required");
});
