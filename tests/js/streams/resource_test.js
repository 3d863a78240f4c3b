// Streams that stand for files: chunks, memory of the reader's, closing, failing, and pipes between
// two of them, which run in C++.
import { assertEquals, assertRejects, test } from "../harness.js";

const dir = Deno.makeTempDirSync();
const path = `${dir}/source`;
const big = new Uint8Array(1_000_003).map((_, i) => i % 251);
Deno.writeFileSync(path, big);
const { BadResource } = Deno.errors;
const out = { write: true, create: true, truncate: true };
const openFiles = () => Object.values(Deno.resources()).filter((name) => name === "fsFile").length;

async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(...chunk);
  return new Uint8Array(chunks);
}

test("the whole file; the end closes it", async () => {
  const file = await Deno.open(path);
  assertEquals(file.readable, file.readable);
  assertEquals(await collect(file.readable), big);
  assertEquals(openFiles(), 0);
});

test("memory of the reader's", async () => {
  const file = await Deno.open(path);
  const reader = file.readable.getReader({ mode: "byob" });
  const first = await reader.read(new Uint8Array(5));
  assertEquals(first.value, big.slice(0, 5));
  const all = await reader.read(new Uint8Array(500_000), { min: 500_000 });
  assertEquals(all.value, big.slice(5, 500_005));
  await reader.cancel();
  assertEquals(openFiles(), 0);
});

test("a BYOB read that is given up keeps its bytes for the next reader", async () => {
  const file = await Deno.open(path);
  const reader = file.readable.getReader({ mode: "byob" });
  const lost = reader.read(new Uint8Array(4));
  reader.releaseLock();
  await assertRejects(() => lost, TypeError);
  const next = file.readable.getReader();
  const { value } = await next.read();
  assertEquals(value, big.slice(0, value.length));
  await next.cancel();
});

test("a default read that is given up keeps its bytes for a BYOB reader", async () => {
  const file = await Deno.open(path);
  const reader = file.readable.getReader();
  const lost = reader.read();
  reader.releaseLock();
  await assertRejects(() => lost, TypeError);
  const next = file.readable.getReader({ mode: "byob" });
  assertEquals((await next.read(new Uint8Array(9))).value, big.slice(0, 9));
  assertEquals((await next.read(new Uint8Array(9))).value, big.slice(9, 18));
  await next.cancel();
});

test("writing; close closes, chunks must be bytes", async () => {
  const file = await Deno.open(`${dir}/written`, out);
  const writer = file.writable.getWriter();
  await writer.write(new Uint8Array([1, 2]));
  await writer.write(new Uint8Array([3, 4]).buffer);
  await writer.write(new DataView(new Uint8Array([0, 5, 0]).buffer, 1, 1));
  await writer.close();
  assertEquals(openFiles(), 0);
  assertEquals(Deno.readFileSync(`${dir}/written`), new Uint8Array([1, 2, 3, 4, 5]));
  const other = await Deno.open(`${dir}/written`, out);
  const text = () => other.writable.getWriter().write("text");
  await assertRejects(text, TypeError, "not an ArrayBuffer");
  assertEquals(openFiles(), 0);
});

test("file to file: moved, both closed, streams in their final states", async () => {
  const from = await Deno.open(path);
  const to = await Deno.open(`${dir}/copy`, out);
  const done = from.readable.pipeTo(to.writable);
  assertEquals([from.readable.locked, to.writable.locked], [true, true]);
  assertEquals(await done, undefined);
  assertEquals(Deno.readFileSync(`${dir}/copy`), big);
  assertEquals([from.readable.locked, to.writable.locked, openFiles()], [false, false, 0]);
  assertEquals((await from.readable.getReader().read()).done, true);
  await assertRejects(() => to.writable.getWriter().write(new Uint8Array(1)), TypeError);
});

test("what was read before the pipe is not lost; preventClose leaves the file open", async () => {
  const from = await Deno.open(path);
  const reader = from.readable.getReader({ mode: "byob" });
  await reader.read(new Uint8Array(10));
  reader.releaseLock();
  const to = await Deno.open(`${dir}/rest`, out);
  await from.readable.pipeTo(to.writable, { preventClose: true });
  await to.write(new Uint8Array([1]));
  to.close();
  assertEquals(Deno.readFileSync(`${dir}/rest`).length, big.length - 10 + 1);
});

test("the sink's failure: the source is closed, the error is the sink's", async () => {
  const from = await Deno.open(path);
  const to = await Deno.open(path); // not for writing
  await assertRejects(() => from.readable.pipeTo(to.writable), Error, "Bad file descriptor");
  assertEquals(openFiles(), 0);
  assertEquals((await from.readable.getReader().read()).done, true);
});

test("the source's failure: the sink is closed; preventAbort leaves it", async () => {
  const to = await Deno.open(`${dir}/none`, out);
  const folder = await Deno.open(dir);
  await assertRejects(() => folder.readable.pipeTo(to.writable), Error, "Is a directory");
  assertEquals(openFiles(), 0);
  const kept = await Deno.open(`${dir}/none`, out);
  const again = await Deno.open(dir);
  await assertRejects(
    () => again.readable.pipeTo(kept.writable, { preventAbort: true }),
    Error,
    "Is a directory",
  );
  await kept.write(new Uint8Array([1]));
  kept.close();
});

test("a file closed under its stream", async () => {
  const file = await Deno.open(path);
  const { readable } = file;
  file.close();
  await assertRejects(() => readable.getReader().read(), BadResource);
  const other = await Deno.open(path);
  const pipe = other.readable.pipeTo((await Deno.open(`${dir}/cut`, out)).writable);
  other.close();
  await assertRejects(() => pipe, Error);
  assertEquals(openFiles(), 0);
});

test("a signal ends a pipe in C++ and closes both files", async () => {
  const controller = new AbortController();
  const from = await Deno.open("/dev/zero");
  const to = await Deno.open("/dev/null", { write: true });
  const pipe = from.readable.pipeTo(to.writable, { signal: controller.signal });
  setTimeout(() => controller.abort(), 10);
  await assertRejects(() => pipe, DOMException, "aborted");
  assertEquals(openFiles(), 0);
});

test("through a transform the standard's algorithm runs", async () => {
  const from = await Deno.open(path);
  const to = await Deno.open(`${dir}/flipped`, out);
  const flip = new TransformStream({ transform: (chunk, c) => c.enqueue(chunk.map((b) => b ^ 1)) });
  await from.readable.pipeThrough(flip).pipeTo(to.writable);
  assertEquals(
    Deno.readFileSync(`${dir}/flipped`),
    big.map((b) => b ^ 1),
  );
  Deno.removeSync(dir, { recursive: true });
});
