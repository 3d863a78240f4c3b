// Wrong arguments to events and targets are TypeErrors that say what is wrong.
import { assertEquals, assertThrows, test } from "../harness.js";

test("constructors and methods check their arguments", () => {
  assertThrows(() => new Event(), TypeError, "1 argument required, but only 0 present");
  assertThrows(() => new Event("x", 1), TypeError, "can not be converted to a dictionary");
  const target = new EventTarget();
  assertThrows(() => target.addEventListener("x"), TypeError, "2 arguments required");
  assertThrows(() => target.addEventListener("x", 1), TypeError, "EventListener");
  assertThrows(() => target.addEventListener("x", null, { signal: null }), TypeError, "signal");
  assertThrows(() => target.dispatchEvent({}), TypeError, "is not of type Event");
  assertThrows(() => Event.prototype.preventDefault.call({}), TypeError, "Illegal invocation");
});

test("a null listener is ignored", () => {
  assertEquals(new EventTarget().addEventListener("x", null), undefined);
});

test("isTrusted is the event's own and cannot be changed", () => {
  const event = new Event("x");
  const { get, configurable } = Object.getOwnPropertyDescriptor(event, "isTrusted");
  assertEquals([get.call(event), configurable], [false, false]);
});
