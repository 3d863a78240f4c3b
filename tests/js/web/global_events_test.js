// Errors and rejections as events of the global object.
import { assert, assertEquals, test } from "../harness.js";

test("reportError fires an error event that says where", () => {
  const error = new RangeError("boom");
  let event;
  globalThis.addEventListener(
    "error",
    (e) => {
      event = e;
      e.preventDefault();
    },
    { once: true },
  );
  reportError(error);
  assert(event.error === error && event instanceof ErrorEvent);
  assertEquals(event.message, "Uncaught RangeError: boom");
  assert(event.filename.endsWith("global_events_test.js") && event.lineno > 0 && event.colno > 0);
});

test("reportError of what does not say where it is from is from there", () => {
  const events = [];
  const listen = (event) => {
    events.push(event);
    event.preventDefault();
  };
  globalThis.addEventListener("error", listen);
  const lines = [];
  const here = () => Number(new Error().stack.split("\n")[2].match(/:(\d+):\d+\)?$/)[1]);
  for (const value of ["text", undefined, null, 1, {}, new DOMException("mine")]) {
    lines.push(here() + 1);
    reportError(value);
  }
  // A listener's is not from where the event was dispatched.
  const target = new EventTarget();
  target.addEventListener("x", () => {
    throw "thrown";
  });
  target.dispatchEvent(new Event("x"));
  globalThis.removeEventListener("error", listen);
  const last = events.pop();
  assertEquals([last.filename, last.lineno, last.colno], ["", 0, 0]);
  assertEquals(events.length, lines.length);
  for (let i = 0; i < 5; i++) {
    const { filename, lineno, colno } = events[i];
    assert(filename.endsWith("global_events_test.js"), filename);
    assertEquals([lineno, colno], [lines[i], 5]);
  }
  assertEquals(events[5].lineno, lines[5] - 2);
});

test("onerror gets five arguments, and true prevents", () => {
  let seen;
  globalThis.onerror = (...args) => {
    seen = args;
    return true;
  };
  reportError("text");
  globalThis.onerror = null;
  assertEquals([seen[0], seen[4], seen.length], ["Uncaught text", "text", 5]);
});

test("unhandledrejection, then rejectionhandled", async () => {
  const log = [];
  globalThis.onunhandledrejection = (event) => {
    log.push(`${event.type} ${event.reason}`);
    event.preventDefault();
  };
  const handled = new Promise((resolve) => {
    globalThis.onrejectionhandled = (event) => {
      log.push(`${event.type} ${event.reason}`);
      resolve(event);
    };
  });
  const promise = Promise.reject("why");
  await new Promise((resolve) => setTimeout(resolve, 5));
  promise.catch(() => {});
  assert((await handled).promise === promise);
  assertEquals(log, ["unhandledrejection why", "rejectionhandled why"]);
  globalThis.onunhandledrejection = globalThis.onrejectionhandled = null;
});

test("without --location there is none, and without a terminal nobody answers", () => {
  assertEquals(typeof location, "undefined");
  if (!Deno.stdin.isTerminal()) {
    assertEquals([alert("x"), confirm("x"), prompt("x", "y")], [undefined, false, null]);
  }
});
