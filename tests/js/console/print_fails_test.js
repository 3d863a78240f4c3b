// Text that is lost is an error; a reader that has gone is none.
import { assert, assertEquals, test } from "../harness.js";

async function printTo(redirection) {
  const command = `exec "$0" eval 'console.log("x"); Deno.exit(3)' ${redirection}`;
  const child = new Deno.Command("/bin/sh", { args: ["-c", command, Deno.execPath()] });
  const { code, stderr } = await child.output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

test("a full disk", async () => {
  const { code, stderr } = await printTo(">/dev/full");
  assertEquals(code, 1);
  assert(stderr.includes("No space left on device (os error 28)"), stderr);
});

test("a closed descriptor", async () => {
  assertEquals((await printTo(">&-")).code, 3);
});
