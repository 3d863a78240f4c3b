// Workers, by whatever the runtime's own API is. Prints "measure value" lines: medians of several
// rounds, except for the 200 workers.

const url = new URL("./worker_echo.mjs", import.meta.url);
const read = globalThis.Deno
  ? (path) => Deno.readTextFileSync(path)
  : (
      (fs) => (path) =>
        fs.readFileSync(path, "utf8")
    )(await import("node:fs"));
const isWeb = globalThis.Deno || globalThis.Bun;
const { Worker: NodeWorker } = isWeb ? {} : await import("node:worker_threads");

function start() {
  const worker = isWeb ? new Worker(url, { type: "module" }) : new NodeWorker(url);
  let resolve;
  const hear = (data) => resolve(data);
  if (isWeb) worker.onmessage = (event) => hear(event.data);
  else worker.on("message", hear);
  return {
    ask: (message, list = []) =>
      new Promise((done) => {
        resolve = done;
        worker.postMessage(message, list);
      }),
    end: () => worker.terminate(),
    burst(count, message) {
      return new Promise((done) => {
        let left = count;
        resolve = () => --left === 0 && done();
        for (let i = 0; i < count; i++) worker.postMessage(message);
      });
    },
  };
}

async function timed(body) {
  const before = performance.now();
  await body();
  return performance.now() - before;
}

function report(name, values) {
  values.sort((a, b) => a - b);
  console.log(name, values[values.length >> 1].toFixed(3));
}

function residentMb() {
  return Number(/VmRSS:\s+(\d+)/.exec(read("/proc/self/status"))[1]) / 1024;
}

async function many(count) {
  const workers = Array.from({ length: count }, start);
  await Promise.all(workers.map((worker) => worker.ask(1)));
  const full = residentMb();
  for (const worker of workers) await worker.end();
  return full;
}

const starts = [];
for (let i = 0; i < 20; i++) {
  starts.push(
    await timed(async () => {
      const worker = start();
      await worker.ask(1);
      worker.end();
    }),
  );
}
report("start", starts);

const worker = start();
const message = { id: 1, text: "hello", list: [1, 2, 3] };
for (let i = 0; i < 3000; i++) await worker.ask(message);
const trips = [];
for (let round = 0; round < 5; round++) {
  const ms = await timed(async () => {
    for (let i = 0; i < 2000; i++) await worker.ask(message);
  });
  trips.push((ms * 1000) / 2000);
}
report("trip", trips);

const bursts = [];
for (let round = 0; round < 5; round++) {
  bursts.push(((await timed(() => worker.burst(20_000, message))) * 1000) / 20_000);
}
report("burst", bursts);

let bytes = new Uint8Array(100e6);
const moves = [];
for (let i = 0; i < 15; i++) {
  moves.push(
    await timed(async () => {
      bytes = await worker.ask(bytes, [bytes.buffer]);
    }),
  );
}
report("move", moves);
const copies = [];
for (let i = 0; i < 9; i++) {
  copies.push(await timed(() => worker.ask({ copy: bytes })));
}
report("copy", copies);
bytes = null;
await worker.end();

const before = residentMb();
let full = 0;
report("many", [
  await timed(async () => {
    full = await many(200);
  }),
]);
console.log("each", ((full - before) / 200).toFixed(2));
for (let i = 0; i < 20 && residentMb() > before + 10; i++) {
  await new Promise((done) => setTimeout(done, 100));
}
console.log("after", (residentMb() - before).toFixed(1));
if (globalThis.Deno) Deno.exit();
else process.exit();
