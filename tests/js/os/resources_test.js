import { assertEquals, assertThrows, test } from "../harness.js";

const { BadResource } = Deno.errors;

test("the standard streams are 0, 1 and 2", () => {
  assertEquals(Deno.resources(), { 0: "stdin", 1: "stdout", 2: "stderr" });
  assertEquals([Deno.stdin.rid, Deno.stdout.rid, Deno.stderr.rid], [0, 1, 2]);
});

test("stdin at its end", async () => {
  // tools/test gives no input.
  assertEquals(await Deno.stdin.read(new Uint8Array(4)), null);
  assertEquals(Deno.stdin.readSync(new Uint8Array(4)), null);
  assertEquals(Deno.stdin.readSync(new Uint8Array(0)), 0);
  assertEquals(Deno.stdin.isTerminal(), false);
});

test("stdout and stderr are written", async () => {
  assertEquals(Deno.stdout.writeSync(new Uint8Array([10])), 1);
  assertEquals(await Deno.stdout.write(new Uint8Array([10])), 1);
  assertEquals(await Deno.stdout.write(new Uint8Array(0)), 0);
  assertThrows(() => Deno.stdout.writeSync("text"), TypeError);
});

test("their streams are made once", () => {
  assertEquals(Deno.stdin.readable instanceof ReadableStream, true);
  assertEquals(Deno.stdin.readable === Deno.stdin.readable, true);
  assertEquals(Deno.stdout.writable instanceof WritableStream, true);
  assertEquals(Deno.stderr.writable === Deno.stderr.writable, true);
});

test("closing twice, and what never was", () => {
  Deno.stdin.close();
  assertEquals(Deno.resources(), { 1: "stdout", 2: "stderr" });
  assertThrows(() => Deno.stdin.close(), BadResource, "Bad resource ID");
  assertThrows(() => Deno.stdin.readSync(new Uint8Array(1)), BadResource);
  assertThrows(() => Deno.close(0), BadResource);
  assertThrows(() => Deno.close(12345), BadResource);
  for (const rid of [-1, 1.5, "1", undefined, 2 ** 40])
    assertThrows(() => Deno.close(rid), TypeError, "expected u32");
});
