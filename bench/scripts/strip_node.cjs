// amaro's parser as node runs it: MB of files stripped in a second of CPU time, of those it can strip.
// bench/typescript/strip.cc measures the same WebAssembly as machine code.
const { readFileSync } = require("node:fs");
const { transformSync } = require(process.argv[2]);

const strip = (source) => transformSync(source, { mode: "strip-only" });
const sources = process.argv.slice(3).flatMap((path) => {
  const source = readFileSync(path, "utf8");
  try {
    strip(source);
    return [source];
  } catch {
    return [];
  }
});
const bytes = sources.reduce((sum, source) => sum + Buffer.byteLength(source), 0);
for (let i = 0; i < 2; i++) sources.forEach(strip);
const start = process.cpuUsage();
let rounds = 0;
let spent = 0;
while (spent < 1e6) {
  sources.forEach(strip);
  rounds++;
  spent = process.cpuUsage(start).user;
}
console.log(((bytes * rounds) / spent).toFixed(1));
