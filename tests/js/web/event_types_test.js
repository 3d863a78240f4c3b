// The subclasses of Event carry their own properties with WebIDL's conversions.
import { assertEquals, assertThrows, test } from "../harness.js";

test("each takes its dictionary", () => {
  assertEquals(new CustomEvent("x", { detail: 7 }).detail, 7);
  assertEquals(new CustomEvent("x").detail, null);
  const error = new ErrorEvent("x", { message: 1, lineno: -1, error: undefined });
  assertEquals([error.message, error.lineno, error.filename], ["1", 4294967295, ""]);
  const close = new CloseEvent("x", { code: 65537, reason: "r", wasClean: 1 });
  assertEquals([close.code, close.reason, close.wasClean], [1, "r", true]);
  const progress = new ProgressEvent("x", { loaded: 2.5, total: 5 });
  assertEquals([progress.loaded, progress.total, progress.lengthComputable], [2.5, 5, false]);
  const message = new MessageEvent("x", { data: [1] });
  assertEquals([message.data, message.ports, message.source], [[1], [], null]);
});

test("wrong members are refused", () => {
  assertThrows(() => new ProgressEvent("x", { loaded: NaN }), TypeError, "finite");
  assertThrows(() => new PromiseRejectionEvent("x"), TypeError, "2 arguments required");
  assertThrows(() => new PromiseRejectionEvent("x", {}), TypeError, "'promise' is required");
  assertThrows(() => new MessageEvent("x", { ports: [{}] }), TypeError, "MessagePort");
});
