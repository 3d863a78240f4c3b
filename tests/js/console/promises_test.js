// Promises show their state without being awaited.
import { assertEquals, test } from "../harness.js";

test("pending, fulfilled, rejected", () => {
  const rejected = Promise.reject(new RangeError("no"));
  rejected.catch(() => {});
  assertEquals(Deno.inspect(new Promise(() => {})), "Promise { <pending> }");
  assertEquals(Deno.inspect(Promise.resolve({ a: 1 })), "Promise { { a: 1 } }");
  assertEquals(Deno.inspect(rejected).split("\n")[1].trim(), "<rejected> RangeError: no");
});

test("a patched then is not called", () => {
  const promise = Promise.resolve(1);
  promise.then = () => {
    throw new Error("not to be called");
  };
  assertEquals(Deno.inspect(promise), "Promise { 1, then: [Function (anonymous)] }");
});
