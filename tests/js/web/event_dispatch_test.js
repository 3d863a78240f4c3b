// Listeners run in order, capture first; once, passive and handleEvent work.
import { assertEquals, test } from "../harness.js";

test("capture listeners run before the others", () => {
  const target = new EventTarget();
  const log = [];
  target.addEventListener("x", () => log.push("bubble"));
  target.addEventListener("x", () => log.push("capture"), true);
  target.dispatchEvent(new Event("x"));
  assertEquals(log, ["capture", "bubble"]);
});

test("once, duplicates and removal", () => {
  const target = new EventTarget();
  let calls = 0;
  const listener = () => calls++;
  target.addEventListener("x", listener, { once: true });
  target.addEventListener("x", listener);
  target.dispatchEvent(new Event("x"));
  target.dispatchEvent(new Event("x"));
  assertEquals(calls, 1);
  target.addEventListener("x", listener);
  target.removeEventListener("x", listener, true);
  target.dispatchEvent(new Event("x"));
  target.removeEventListener("x", listener);
  target.dispatchEvent(new Event("x"));
  assertEquals(calls, 2);
});

test("handleEvent is looked up at each call", () => {
  const target = new EventTarget();
  const object = {};
  target.addEventListener("x", object);
  const seen = [];
  object.handleEvent = function (event) {
    seen.push(this === object, event.target === target, event.eventPhase);
  };
  target.dispatchEvent(new Event("x"));
  assertEquals(seen, [true, true, Event.AT_TARGET]);
});

test("preventDefault needs cancelable and a listener that is not passive", () => {
  const target = new EventTarget();
  target.addEventListener("x", (event) => event.preventDefault());
  assertEquals(target.dispatchEvent(new Event("x")), true);
  assertEquals(target.dispatchEvent(new Event("x", { cancelable: true })), false);
  const other = new EventTarget();
  other.addEventListener("x", (event) => event.preventDefault(), { passive: true });
  assertEquals(other.dispatchEvent(new Event("x", { cancelable: true })), true);
});
