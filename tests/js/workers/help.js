// What the tests of workers share: a worker of a text, and its next message.

/** A worker that runs `source`. */
export function workerOf(source, options = {}) {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module", ...options });
  URL.revokeObjectURL(url);
  return worker;
}

/** The next event of that type; an error event rejects, unless asked for. */
export function next(worker, type = "message") {
  return new Promise((resolve, reject) => {
    worker.addEventListener(type, resolve, { once: true });
    if (type === "error") return;
    worker.addEventListener("error", (event) => reject(new Error(event.message)), { once: true });
  });
}

/** What the worker that runs `source` says first; it is ended then. */
export async function answerOf(source, options) {
  const worker = workerOf(source, options);
  try {
    return (await next(worker)).data;
  } finally {
    worker.terminate();
  }
}

/** Until the worker has ended, and what it said was heard: a port that it was sent is closed then. */
export function ended(worker) {
  const { port1, port2 } = new MessageChannel();
  const closed = new Promise((resolve) => port1.addEventListener("close", resolve));
  port1.start();
  worker.postMessage(null, [port2]);
  return closed;
}

/** Until that many milliseconds have gone by. */
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
