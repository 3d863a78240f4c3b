// AbortController aborts its signal once, with a reason, and tells everyone.
import { assertEquals, assertThrows, test } from "../harness.js";

test("the default reason, the event and onabort", () => {
  const controller = new AbortController();
  const log = [];
  controller.signal.onabort = (event) => log.push(event.type, event.isTrusted);
  controller.signal.addEventListener("abort", () => log.push("listener"));
  controller.abort();
  controller.abort("again");
  assertEquals(log, ["abort", true, "listener"]);
  assertEquals(controller.signal.reason.name, "AbortError");
  assertEquals(controller.signal.reason.message, "The signal has been aborted");
});

test("throwIfAborted throws the reason itself", () => {
  const reason = { any: "thing" };
  const signal = AbortSignal.abort(reason);
  let caught;
  try {
    signal.throwIfAborted();
  } catch (error) {
    caught = error;
  }
  assertEquals(caught === reason, true);
  new AbortController().signal.throwIfAborted();
});

test("a signal removes listeners", () => {
  const controller = new AbortController();
  const target = new EventTarget();
  let calls = 0;
  target.addEventListener("x", () => calls++, { signal: controller.signal });
  target.dispatchEvent(new Event("x"));
  controller.abort();
  target.dispatchEvent(new Event("x"));
  target.addEventListener("x", () => calls++, { signal: controller.signal });
  target.dispatchEvent(new Event("x"));
  assertEquals(calls, 1);
});

test("scripts cannot construct one", () => {
  assertThrows(() => new AbortSignal(), TypeError, "Illegal constructor");
});
