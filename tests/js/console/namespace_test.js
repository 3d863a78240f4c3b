// The console is a namespace object as the Console Standard wants it.
import { assert, assertEquals, test } from "../harness.js";

test("its tag and prototype chain", () => {
  assertEquals(Object.prototype.toString.call(console), "[object console]");
  const prototype = Object.getPrototypeOf(console);
  assertEquals(Object.getOwnPropertyNames(prototype), []);
  assert(Object.getPrototypeOf(prototype) === Object.prototype);
});

test("its methods", () => {
  const names =
    "log debug info dir dirxml warn error assert count countReset table time timeLog timeEnd " +
    "group groupCollapsed groupEnd clear trace profile profileEnd timeStamp";
  for (const name of names.split(" ")) {
    const descriptor = Object.getOwnPropertyDescriptor(console, name);
    assertEquals(typeof descriptor.value, "function", name);
    assert(descriptor.writable && descriptor.enumerable && descriptor.configurable, name);
  }
});

test("methods work detached and ignore what they do not know", () => {
  const { groupEnd, profile, timeStamp } = console;
  groupEnd();
  profile("x");
  timeStamp();
});
