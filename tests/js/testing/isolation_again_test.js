// The other half of isolation_test.js: nothing it changed is to be seen here.
import { assertEquals, test } from "../harness.js";

test("another process", () => {
  assertEquals(Deno.env.get("RT_ISOLATION_TEST"), undefined);
  assertEquals(Deno.cwd() === "/", false);
  assertEquals(globalThis.leftBehind, undefined);
  Deno.env.set("RT_ISOLATION_TEST", "changed here, too");
});
