// Built-ins are strict code: they neither show their callers nor take the global object for `this`.
import { assertEquals, test } from "../harness.js";

test("no built-in function is sloppy", () => {
  const sloppy = (holder) =>
    Object.getOwnPropertyNames(holder).filter((name) => {
      const { value } = Object.getOwnPropertyDescriptor(holder, name);
      // "gc" is V8's, in builds that collect after every turn.
      return typeof value === "function" && name !== "gc" && Object.hasOwn(value, "arguments");
    });
  assertEquals(sloppy(globalThis), []);
  assertEquals(sloppy(Deno), []);
  assertEquals(sloppy(console), []);
});
