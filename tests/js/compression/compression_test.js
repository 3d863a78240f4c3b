// CompressionStream and DecompressionStream: round trips, bad data, backpressure.
import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const kFormats = ["gzip", "deflate", "deflate-raw", "brotli", "zstd"];

function through(data, stream) {
  return new Response(new Blob([data]).stream().pipeThrough(stream)).bytes();
}

test("round trips, small and large", async () => {
  const large = new Uint8Array(3_000_000);
  for (let i = 0; i < large.length; i++) large[i] = (i * i) >> 7;
  for (const format of kFormats) {
    for (const data of [new Uint8Array(0), new Uint8Array([1]), large]) {
      const packed = await through(data, new CompressionStream(format));
      const back = await through(packed, new DecompressionStream(format));
      assert(back.length === data.length && back.every((byte, i) => byte === data[i]), format);
    }
  }
});

test("bytes that come one by one", async () => {
  const packed = await through(
    new TextEncoder().encode("hello ".repeat(50)),
    new CompressionStream("gzip"),
  );
  const stream = new DecompressionStream("gzip");
  const writer = stream.writable.getWriter();
  const text = new Response(stream.readable).text();
  for (const byte of packed) await writer.write(Uint8Array.of(byte));
  await writer.close();
  assertEquals(await text, "hello ".repeat(50));
});

test("malformed, cut off, and followed by more", async () => {
  for (const format of kFormats) {
    const packed = await through(new TextEncoder().encode("hello"), new CompressionStream(format));
    const unpack = (data) => through(data, new DecompressionStream(format));
    await assertRejects(() => unpack(new Uint8Array(20).fill(0x07)), TypeError);
    await assertRejects(() => unpack(packed.subarray(0, packed.length - 1)), TypeError);
    const longer = new Uint8Array(packed.length + 1);
    longer.set(packed);
    await assertRejects(() => unpack(longer), TypeError);
    await assertRejects(() => unpack(new Uint8Array(0)), TypeError);
  }
});

test("chunks that are no bytes break the stream", async () => {
  const stream = new CompressionStream("gzip");
  const writer = stream.writable.getWriter();
  const read = stream.readable.getReader().read();
  await assertRejects(() => writer.write("text"), TypeError);
  await assertRejects(() => read, TypeError);
  assertThrows(() => new CompressionStream("lzma"), TypeError, "CompressionFormat");
});

test("a bomb waits for its reader", async () => {
  const stream = new CompressionStream("gzip");
  const packedSize = 200_000_000;
  const zeros = new Uint8Array(1_000_000);
  const packed = new Response(stream.readable).bytes();
  const writer = stream.writable.getWriter();
  for (let i = 0; i < packedSize; i += zeros.length) await writer.write(zeros);
  await writer.close();
  const bomb = await packed;
  assert(bomb.length < 1_000_000);
  const unpacking = new DecompressionStream("gzip");
  const input = unpacking.writable.getWriter();
  const before = Deno.memoryUsage().rss;
  input.write(bomb).catch(() => {});
  const reader = unpacking.readable.getReader();
  for (let i = 0; i < 5; i++) assert((await reader.read()).value.length <= 65_536);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert(Deno.memoryUsage().rss - before < 32_000_000);
  await reader.cancel("enough");
});
