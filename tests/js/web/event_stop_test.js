// stopImmediatePropagation ends a dispatch; listeners added meanwhile wait for the next.
import { assertEquals, assertThrows, test } from "../harness.js";

test("stopImmediatePropagation", () => {
  const target = new EventTarget();
  const log = [];
  target.addEventListener("x", (event) => {
    log.push(1);
    event.stopImmediatePropagation();
  });
  target.addEventListener("x", () => log.push(2));
  target.dispatchEvent(new Event("x"));
  assertEquals(log, [1]);
});

test("a listener added by a listener waits, a removed one does not run", () => {
  const target = new EventTarget();
  const log = [];
  const removed = () => log.push("removed");
  target.addEventListener(
    "x",
    () => {
      target.addEventListener("x", () => log.push("added"));
      target.removeEventListener("x", removed);
    },
    { once: true },
  );
  target.addEventListener("x", removed);
  target.dispatchEvent(new Event("x"));
  assertEquals(log, []);
  target.dispatchEvent(new Event("x"));
  assertEquals(log, ["added"]);
});

test("one that the only listener adds waits too", () => {
  const target = new EventTarget();
  const log = [];
  const listener = () => {
    log.push("first");
    target.removeEventListener("x", listener, true);
    target.addEventListener("x", () => log.push("added"));
  };
  target.addEventListener("x", listener, true);
  target.dispatchEvent(new Event("x"));
  assertEquals(log, ["first"]);
  target.dispatchEvent(new Event("x"));
  assertEquals(log, ["first", "added"]);
});

test("the only listener throws: the dispatch ends as any other", () => {
  const target = new EventTarget();
  const event = new Event("x");
  const reported = [];
  const report = (e) => {
    e.preventDefault();
    reported.push(e.error);
  };
  addEventListener("error", report);
  target.addEventListener(
    "x",
    () => {
      throw 7;
    },
    { passive: true, once: true },
  );
  assertEquals(target.dispatchEvent(event), true);
  removeEventListener("error", report);
  assertEquals([reported, event.eventPhase, event.currentTarget], [[7], 0, null]);
  target.addEventListener("x", () => assertEquals(event.eventPhase, Event.AT_TARGET));
  target.dispatchEvent(event);
});

test("an event in dispatch cannot be dispatched again", () => {
  const target = new EventTarget();
  const event = new Event("x");
  let error;
  target.addEventListener("x", () => {
    error = assertThrows(() => target.dispatchEvent(event), DOMException);
  });
  target.dispatchEvent(event);
  assertEquals(error.name, "InvalidStateError");
});
