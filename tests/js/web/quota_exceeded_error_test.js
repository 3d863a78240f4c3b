// QuotaExceededError: a DOMException with numbers.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

test("a DOMException of that name and code", () => {
  const error = new QuotaExceededError("too much", { quota: 1, requested: 2 });
  assert(error instanceof DOMException);
  assert(error instanceof Error);
  assertEquals([error.name, error.code, error.message], ["QuotaExceededError", 22, "too much"]);
  assertEquals([error.quota, error.requested], [1, 2]);
  assertEquals(String(error), "QuotaExceededError: too much");
  assert(error.stack.startsWith("QuotaExceededError: too much\n    at "));
  assert(error.stack.split("\n")[1].includes("quota_exceeded_error_test.js"), error.stack);
});

test("everything may be left out", () => {
  for (const error of [new QuotaExceededError(), new QuotaExceededError(undefined, null)]) {
    assertEquals([error.message, error.quota, error.requested], ["", null, null]);
  }
  assertEquals(new QuotaExceededError("", { quota: 0 }).quota, 0);
});

test("numbers that cannot be are refused", () => {
  const make = (options) => () => new QuotaExceededError("", options);
  for (const options of [{ quota: -1 }, { requested: -1 }, { quota: 2, requested: 1 }]) {
    assertThrows(make(options), RangeError);
  }
  for (const options of [{ quota: NaN }, { requested: Infinity }, 1]) {
    assertThrows(make(options), TypeError);
  }
});

test("a DOMException of the name is not one", () => {
  const error = new DOMException("", "QuotaExceededError");
  assertEquals(error.code, 22);
  assertEquals(error instanceof QuotaExceededError, false);
  const { get } = Object.getOwnPropertyDescriptor(QuotaExceededError.prototype, "quota");
  assertThrows(() => get.call(error), TypeError);
});

test("a clone has all of it", () => {
  const error = new QuotaExceededError("too much", { requested: 2 });
  const copy = structuredClone(error);
  assert(copy instanceof QuotaExceededError);
  assertEquals([copy.message, copy.quota, copy.requested], ["too much", null, 2]);
  assertEquals(copy.stack, error.stack);
});
