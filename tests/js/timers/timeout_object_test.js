// A timer converts to its number and has the methods other runtimes give it.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

test("number, methods, disposal", async () => {
  let fired = 0;
  const timer = setTimeout(() => fired++, 5);
  assert(Number.isInteger(+timer) && +timer > 0 && +timer === +timer);
  assertEquals([timer.hasRef(), timer.unref().hasRef(), timer.ref().hasRef()], [true, false, true]);
  timer[Symbol.dispose]();
  await new Promise((resolve) => setTimeout(resolve, 15));
  assertEquals(fired, 0);
});

test("refresh starts again, unless cleared", async () => {
  let fired = 0;
  const timer = setTimeout(() => fired++, 1);
  await new Promise((resolve) => setTimeout(resolve, 10));
  timer.refresh();
  await new Promise((resolve) => setTimeout(resolve, 10));
  clearTimeout(timer);
  timer.refresh();
  await new Promise((resolve) => setTimeout(resolve, 10));
  assertEquals(fired, 2);
});

test("only functions", () => {
  assertThrows(() => setTimeout("code"), TypeError, "Received type string ('code')");
  assertThrows(() => setInterval(), TypeError, "Received undefined");
  assertThrows(() => setTimeout(() => {}, Symbol()), TypeError);
});

test("clearing what is no timer does nothing", () => {
  for (const value of [undefined, null, 0, -1, NaN, 1e9, {}, "x"]) clearTimeout(value);
});
