// DOMException: names, legacy codes, cause, stack, and its place among errors.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

test("name, message, code", () => {
  const error = new DOMException("m", "NotFoundError");
  assertEquals([error.name, error.message, error.code], ["NotFoundError", "m", 8]);
  assertEquals([new DOMException().name, new DOMException("", "Other").code], ["Error", 0]);
  assertEquals([DOMException.DATA_CLONE_ERR, error.ABORT_ERR], [25, 20]);
});

test("it is an Error with a stack", () => {
  const error = new DOMException("m", "AbortError");
  assert(error instanceof Error);
  assert(error.stack.startsWith("AbortError: m\n"));
  assertEquals(`${error}`, "AbortError: m");
  assertEquals(Object.prototype.toString.call(error), "[object DOMException]");
});

test("the form with options keeps a cause", () => {
  const error = new DOMException("m", { name: "DataError", cause: 5 });
  assertEquals([error.name, error.cause], ["DataError", 5]);
});

test("getters check the receiver", () => {
  const { get } = Object.getOwnPropertyDescriptor(DOMException.prototype, "name");
  assertThrows(() => get.call({}), TypeError, "Illegal invocation");
});
