// Files read into and write from views on resizable buffers.
import { assertEquals, assertRejects, test } from "../harness.js";

test("asynchronously as well", async () => {
  const folder = await Deno.makeTempDir();
  try {
    using file = await Deno.open(`${folder}/a`, { read: true, write: true, create: true });
    const buffer = new ArrayBuffer(6, { maxByteLength: 12 });
    const view = new Uint8Array(buffer);
    view.set([1, 2, 3, 4, 5, 6]);
    assertEquals(await file.write(view.subarray(1, 5)), 4);
    await file.seek(0, Deno.SeekMode.Start);
    view.fill(0);
    assertEquals(await file.read(new DataView(buffer, 1)), 4);
    assertEquals([...view], [0, 2, 3, 4, 5, 0]);
    assertEquals(await file.read(view), null);
    assertEquals(await file.read(new Uint8Array(new ArrayBuffer(0, { maxByteLength: 1 }))), 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("a buffer that shrinks meanwhile gets what fits", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/a`, "abcdef");
    using file = await Deno.open(`${folder}/a`);
    const buffer = new ArrayBuffer(6, { maxByteLength: 6 });
    const view = new Uint8Array(buffer);
    const reading = file.read(view);
    buffer.resize(2);
    assertEquals([await reading, ...view], [2, 97, 98]);
    await assertRejects(() => file.read(new Uint8Array(new SharedArrayBuffer(4))), TypeError);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
