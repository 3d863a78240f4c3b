// Files and programs, by whatever the runtime's own API is, in the folder that the first argument names, where
// `huge` has 1 GiB and `many` 100 000 files. Prints "measure microseconds" lines: each the least of several rounds of the mean time of one call.
const deno = globalThis.Deno;
const fs = deno ? null : await import("node:fs");
const children = deno ? null : await import("node:child_process");

const api = deno
  ? {
      args: deno.args,
      read: (path) => deno.readFile(path),
      readSync: (path) => deno.readFileSync(path),
      write: (path, data) => deno.writeFile(path, data),
      statSync: (path) => deno.statSync(path),
      stat: (path) => deno.stat(path),
      readDir: async (path) => {
        let count = 0;
        for await (const entry of deno.readDir(path)) count += entry.name.length > 0 ? 1 : 0;
        return count;
      },
      spawn: (command) =>
        new deno.Command(command, { stdout: "null", stderr: "null" }).spawn().status,
      output: (command) => new deno.Command(command).output(),
      outputSync: (command) => new deno.Command(command).outputSync(),
      remove: (path) => deno.removeSync(path, { recursive: true }),
    }
  : {
      args: process.argv.slice(2),
      read: (path) => fs.promises.readFile(path),
      readSync: (path) => fs.readFileSync(path),
      write: (path, data) => fs.promises.writeFile(path, data),
      statSync: (path) => fs.statSync(path),
      stat: (path) => fs.promises.stat(path),
      readDir: async (path) => {
        let count = 0;
        for (const entry of await fs.promises.readdir(path, { withFileTypes: true })) {
          count += entry.name.length > 0 ? 1 : 0;
        }
        return count;
      },
      spawn: (command) =>
        globalThis.Bun
          ? Bun.spawn([command], { stdin: "ignore", stdout: "ignore", stderr: "ignore" }).exited
          : new Promise((resolve) => {
              children.spawn(command, [], { stdio: "ignore" }).on("exit", resolve);
            }),
      output: (command) =>
        globalThis.Bun
          ? new Response(Bun.spawn([command], { stdin: "ignore", stderr: "ignore" }).stdout).text()
          : new Promise((resolve) =>
              children.execFile(command, [], (_, stdout) => resolve(stdout)),
            ),
      outputSync: (command) =>
        globalThis.Bun
          ? Bun.spawnSync([command])
          : children.spawnSync(command, [], { stdio: ["ignore", "pipe", "pipe"] }),
      remove: (path) => fs.rmSync(path, { recursive: true }),
    };

const shared = api.args[0];
const dir = `${shared}/own`;
if (deno) deno.mkdirSync(dir);
else fs.mkdirSync(dir);
const small = `${dir}/small`;
const large = `${dir}/large`;
const kilo = new Uint8Array(1024).fill(97);
const mega = new Uint8Array(1024 * 1024).fill(97);
await api.write(small, kilo);
await api.write(large, mega);
async function measure(name, calls, call, rounds = 5) {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (let i = 0; i < calls; i++) await call();
    best = Math.min(best, ((performance.now() - start) * 1000) / calls);
  }
  console.log(name, best.toFixed(2));
}

function measureSync(name, calls, call) {
  let best = Infinity;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    for (let i = 0; i < calls; i++) call();
    best = Math.min(best, ((performance.now() - start) * 1000) / calls);
  }
  console.log(name, best.toFixed(2));
}

await measure("read1k", 2000, () => api.read(small));
measureSync("read1kSync", 5000, () => api.readSync(small));
await measure("read1m", 200, () => api.read(large));
await measure("read1g", 1, () => api.read(`${shared}/huge`), 2);
await measure("write1k", 1000, () => api.write(`${dir}/out`, kilo));
await measure("write1m", 100, () => api.write(`${dir}/out`, mega));
measureSync("statSync", 20000, () => api.statSync(small));
await measure("stat", 3000, () => api.stat(small));
await measure("readDir", 1, () => api.readDir(`${shared}/many`));
await measure("spawn", 50, () => api.spawn("/bin/true"));
await measure("output", 50, () => api.output("/bin/true"));
measureSync("outputSync", 50, () => api.outputSync("/bin/true"));
api.remove(dir);
