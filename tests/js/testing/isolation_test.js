// Each file has a process of its own: what this one changes, isolation_again_test.js must not see.
import { assertEquals, test } from "../harness.js";

test("the environment and the current folder are this file's", () => {
  assertEquals(Deno.env.get("RT_ISOLATION_TEST"), undefined);
  Deno.env.set("RT_ISOLATION_TEST", "changed");
  Deno.chdir("/");
  globalThis.leftBehind = true;
});
