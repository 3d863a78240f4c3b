// Files read into and write from views on resizable buffers.
import { assertEquals, test } from "../harness.js";

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
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

test("whole files and connections as well", async () => {
  const path = await Deno.makeTempFile();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [here, there] = await Promise.all([Deno.connect(listener.addr), listener.accept()]);
  try {
    const buffer = new ArrayBuffer(4, { maxByteLength: 8 });
    const view = new Uint8Array(buffer);
    view.set([1, 2, 3, 4]);
    await Deno.writeFile(path, view);
    assertEquals([...(await Deno.readFile(path))], [1, 2, 3, 4]);
    assertEquals(await here.write(view), 4);
    view.fill(0);
    assertEquals([await there.read(view), ...view], [4, 1, 2, 3, 4]);
    const reading = there.read(view);
    buffer.resize(1);
    await here.write(new Uint8Array([7, 8]));
    assertEquals([await reading, ...view], [1, 7]);
    here.close();
    assertEquals(await there.read(view), null);
  } finally {
    there.close();
    listener.close();
    await Deno.remove(path);
  }
});
