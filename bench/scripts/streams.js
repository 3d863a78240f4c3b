// Chunks of 1 KiB from a ReadableStream through a TransformStream to a sink, and read in a loop:
// microseconds a chunk. Runs in every runtime; prints "pipe read".
const count = 100_000;
const chunk = new Uint8Array(1024);

function source() {
  let left = count;
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(chunk);
      else controller.close();
    },
  });
}

async function pipe() {
  let bytes = 0;
  const start = performance.now();
  await source()
    .pipeThrough(new TransformStream({ transform: (part, controller) => controller.enqueue(part) }))
    .pipeTo(
      new WritableStream({
        write(part) {
          bytes += part.length;
        },
      }),
    );
  if (bytes !== count * 1024) throw new Error("bytes are missing");
  return performance.now() - start;
}

async function read() {
  let bytes = 0;
  const start = performance.now();
  for await (const part of source()) bytes += part.length;
  if (bytes !== count * 1024) throw new Error("bytes are missing");
  return performance.now() - start;
}

await pipe();
await read();
const perChunk = (ms) => ((ms * 1000) / count).toFixed(3);
console.log(`${perChunk(await pipe())} ${perChunk(await read())}`);
