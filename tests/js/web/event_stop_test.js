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
