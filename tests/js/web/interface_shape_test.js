// Interfaces have the shape WebIDL gives them: names, tags, enumerable members.
import { assertEquals, test } from "../harness.js";

test("names and tags", () => {
  for (const Class of [
    AbortController,
    AbortSignal,
    DOMException,
    Event,
    EventTarget,
    Headers,
    Request,
    Response,
    TextDecoder,
    URL,
    URLSearchParams,
  ]) {
    const tag = Class.prototype[Symbol.toStringTag];
    assertEquals([tag, globalThis[tag] === Class], [Class.name, true]);
  }
});

test("members are enumerable, the constructor is not", () => {
  const keys = [];
  for (const key in new Headers()) keys.push(key);
  assertEquals(keys.includes("append") && keys.includes("forEach"), true);
  assertEquals(keys.includes("constructor"), false);
});

test("lengths count required arguments", () => {
  assertEquals(
    [EventTarget.prototype.addEventListener.length, Event.length, Headers.length, atob.length],
    [2, 1, 0, 1],
  );
});
