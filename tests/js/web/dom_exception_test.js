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

test("is an error to the language, as are those that extend it", () => {
  class Mine extends DOMException {
    field = 1;
  }
  for (const error of [new DOMException("a"), new QuotaExceededError("a"), new Mine("a")]) {
    assert(Error.isError(error));
    assert(Error.isError(structuredClone(error)));
    assertEquals(error.message, "a");
  }
  assertEquals(new Mine("a").field, 1);
  for (const other of [Object.create(DOMException.prototype), DOMException.prototype, new Blob()]) {
    assert(!Error.isError(other));
  }
});

test("takes the prototype of what is constructed", () => {
  const made = Reflect.construct(DOMException, ["a", "DataError"], Array);
  assertEquals(Object.getPrototypeOf(made), Array.prototype);
  const { get } = Object.getOwnPropertyDescriptor(DOMException.prototype, "name");
  assertEquals(get.call(made), "DataError");
  const without = function () {};
  without.prototype = 1;
  assert(Reflect.construct(DOMException, [], without) instanceof Object);
  const target = new Proxy(function () {}, {
    get(_, key) {
      throw new RangeError(`asked for ${String(key)}`);
    },
  });
  assertThrows(() => Reflect.construct(DOMException, [], target), RangeError, "prototype");
});

test("is shown without rt's own frames, also after an await", async () => {
  await undefined;
  let caught;
  try {
    atob("*");
  } catch (error) {
    caught = error;
  }
  assert(caught.stack.includes("rt:"));
  const shown = Deno.inspect(caught);
  assert(!shown.includes("rt:"), shown);
  assert(shown.startsWith("InvalidCharacterError: Failed to decode base64\n    at "), shown);
  assert(shown.includes("dom_exception_test.js"), shown);
});

test("is shown with a message that looks like rt's frames", () => {
  const message = "m\n    at g (rt:builtins.js:1:1)";
  const shown = Deno.inspect(new DOMException(message, "AbortError"));
  assert(shown.startsWith(`AbortError: ${message}\n    at `), shown);
  const without = new DOMException(message, "AbortError");
  without.stack = "no frames";
  assertEquals(Deno.inspect(without), "no frames");
});
