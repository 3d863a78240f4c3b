// pipeTo, pipeThrough, WritableStream and TransformStream together.
import { assertEquals, assertRejects, test } from "../harness.js";

const numbers = (count) => {
  let n = 0;
  return new ReadableStream({ pull: (c) => (n < count ? c.enqueue(n++) : c.close()) });
};

test("everything arrives, one write at a time", async () => {
  const seen = [];
  let writing = false;
  await numbers(100)
    .pipeThrough(new TransformStream({ transform: (x, c) => c.enqueue(x * 2) }))
    .pipeTo(
      new WritableStream({
        async write(x) {
          if (writing) throw new Error("overlap");
          writing = true;
          await null;
          writing = false;
          seen.push(x);
        },
      }),
    );
  assertEquals(seen.length, 100);
  assertEquals(seen[99], 198);
});

test("a sink with endless room does not keep its own writes from ending", async () => {
  let queued = 0;
  let most = 0;
  let left = 5000;
  await new ReadableStream({
    pull(c) {
      if (left-- === 0) return c.close();
      most = Math.max(most, ++queued);
      c.enqueue(1);
    },
  }).pipeTo(new WritableStream({ write: () => void queued-- }, { highWaterMark: Infinity }));
  assertEquals(most < 500, true);
});

test("a sink's failure cancels the source, a source's failure aborts the sink", async () => {
  let reason;
  const source = new ReadableStream({ pull: (c) => c.enqueue(1), cancel: (r) => (reason = r) });
  const failing = new WritableStream({
    write() {
      throw new RangeError("full");
    },
  });
  await assertRejects(() => source.pipeTo(failing), RangeError, "full");
  assertEquals(reason.message, "full");
  const broken = new ReadableStream({
    pull() {
      throw new RangeError("broken");
    },
  });
  const sink = new WritableStream({ abort: (r) => (reason = r) });
  await assertRejects(() => broken.pipeTo(sink), RangeError, "broken");
  assertEquals(reason.message, "broken");
});

test("a signal stops a pipe", async () => {
  const controller = new AbortController();
  const source = new ReadableStream({ pull: (c) => c.enqueue(1) });
  const sink = new WritableStream({
    write() {
      controller.abort();
    },
  });
  await assertRejects(
    () => source.pipeTo(sink, { signal: controller.signal }),
    DOMException,
    "aborted",
  );
  assertEquals([source.locked, sink.locked], [false, false]);
});

test("text in pieces: characters cut in two", async () => {
  const decoded = [];
  const euro = new TextEncoder().encode("x€\u{1f600}");
  await ReadableStream.from(Array.from(euro, (byte) => new Uint8Array([byte])))
    .pipeThrough(new TextDecoderStream())
    .pipeTo(new WritableStream({ write: (text) => void decoded.push(text) }));
  assertEquals(decoded, ["x", "€", "\u{1f600}"]);
  const encoded = [];
  await ReadableStream.from(["\ud83d", "\ude00", "\ud800"])
    .pipeThrough(new TextEncoderStream())
    .pipeTo(new WritableStream({ write: (chunk) => void encoded.push(...chunk) }));
  assertEquals(encoded, [0xf0, 0x9f, 0x98, 0x80, 0xef, 0xbf, 0xbd]);
});
