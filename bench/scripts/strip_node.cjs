// amaro's parser as node runs it: MB of a file stripped in a second of CPU time. bench/typescript/strip.cc
// measures the same WebAssembly as machine code.
const { readFileSync } = require("node:fs");
const { transformSync } = require(process.argv[2]);

const source = readFileSync(process.argv[3], "utf8");
const strip = () => transformSync(source, { mode: "strip-only" });
for (let i = 0; i < 5; i++) strip();
const start = process.cpuUsage();
let count = 0;
let spent = 0;
while (spent < 1e6) {
  strip();
  count++;
  spent = process.cpuUsage(start).user;
}
console.log(((Buffer.byteLength(source) * count) / spent).toFixed(1));
