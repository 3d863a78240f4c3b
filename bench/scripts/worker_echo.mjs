// What bench/scripts/workers.mjs starts: says back what it is told; buffers move.
const port =
  globalThis.Deno || globalThis.Bun ? null : (await import("node:worker_threads")).parentPort;

function answer(data) {
  const list = data instanceof Uint8Array ? [data.buffer] : [];
  if (port) port.postMessage(data, list);
  else self.postMessage(data, list);
}
if (port) port.on("message", answer);
else self.onmessage = (event) => answer(event.data);
