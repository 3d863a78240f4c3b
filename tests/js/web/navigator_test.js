// navigator says what programs ask it for.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

test("its properties", () => {
  assert(navigator.hardwareConcurrency >= 1);
  assert(/^rt\/\d+\.\d+\.\d+$/.test(navigator.userAgent), navigator.userAgent);
  assertEquals(navigator.languages[0], navigator.language);
  assert(Object.isFrozen(navigator.languages));
  assert(navigator.platform.length > 0);
  new Intl.NumberFormat(navigator.language);
});

test("scripts cannot construct one", () => {
  assertThrows(() => new Navigator(), TypeError, "Illegal constructor");
});
