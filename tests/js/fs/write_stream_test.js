// writeFile and writeTextFile from a stream.
import { assertEquals, assertRejects, test } from "../harness.js";

const dir = Deno.makeTempDirSync();
const path = `${dir}/file`;
const openFiles = () => Object.values(Deno.resources()).filter((name) => name === "fsFile").length;

const streamOf = (...chunks) =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

test("bytes", async () => {
  await Deno.writeFile(path, streamOf(new Uint8Array([65]), new Uint8Array([66, 67])));
  assertEquals(Deno.readTextFileSync(path), "ABC");
  assertEquals(openFiles(), 0);
});

test("text, with a character in two chunks", async () => {
  await Deno.writeTextFile(path, streamOf("a\ud83d", "\ude00b"));
  assertEquals(Deno.readTextFileSync(path), "a\u{1f600}b");
});

test("append, createNew, create: false, mode", async () => {
  await Deno.writeTextFile(path, streamOf("1"));
  await Deno.writeTextFile(path, streamOf("2"), { append: true });
  assertEquals(Deno.readTextFileSync(path), "12");
  await assertRejects(
    () => Deno.writeTextFile(path, streamOf("3"), { createNew: true }),
    Deno.errors.AlreadyExists,
  );
  await assertRejects(
    () => Deno.writeTextFile(`${dir}/none`, streamOf("3"), { create: false }),
    Deno.errors.NotFound,
  );
  await Deno.writeTextFile(`${dir}/mode`, streamOf("4"), { mode: 0o600 });
  assertEquals(Deno.statSync(`${dir}/mode`).mode & 0o777, 0o600);
});

test("aborting", async () => {
  const controller = new AbortController();
  const stream = new ReadableStream({ pull: () => new Promise(() => {}) });
  setTimeout(() => controller.abort(), 10);
  const error = await assertRejects(() =>
    Deno.writeFile(path, stream, { signal: controller.signal }),
  );
  assertEquals(error.name, "AbortError");
  assertEquals(openFiles(), 0);
});

test("a stream that fails", async () => {
  const stream = new ReadableStream({
    pull(controller) {
      controller.error(new RangeError("mine"));
    },
  });
  await assertRejects(() => Deno.writeFile(path, stream), RangeError, "mine");
  assertEquals(openFiles(), 0);
});

test("chunks that are no bytes", async () => {
  await assertRejects(() => Deno.writeFile(path, streamOf("text")), TypeError);
  assertEquals(openFiles(), 0);
});

test("a locked stream", async () => {
  const stream = streamOf(new Uint8Array(1));
  stream.getReader();
  await assertRejects(() => Deno.writeFile(path, stream), TypeError);
  await assertRejects(() => Deno.writeTextFile(path, stream), TypeError);
});
