// A disk that is full: an error that says so, from every way of writing.
import { assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const kText = "x".repeat(100_000);

function isFull(error) {
  assertEquals(error.code, "ENOSPC");
}

test("writeFile and its kin fail with ENOSPC", async () => {
  for (const write of [
    () => Deno.writeTextFileSync("/dev/full", kText),
    () => Deno.writeFileSync("/dev/full", new TextEncoder().encode(kText)),
  ]) {
    isFull(assertThrows(write, Error));
  }
  for (const write of [
    () => Deno.writeTextFile("/dev/full", kText),
    () => Deno.writeFile("/dev/full", new Blob([kText]).stream()),
  ]) {
    isFull(await assertRejects(write, Error));
  }
});

test("an open file and its stream fail with ENOSPC", async () => {
  using file = await Deno.open("/dev/full", { write: true });
  isFull(await assertRejects(() => file.write(new Uint8Array(10)), Error));
  isFull(assertThrows(() => file.writeSync(new Uint8Array(10)), Error));
  const streamed = await Deno.open("/dev/full", { write: true });
  isFull(await assertRejects(() => new Blob([kText]).stream().pipeTo(streamed.writable), Error));
});
