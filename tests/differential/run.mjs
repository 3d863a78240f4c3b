#!/usr/bin/env node
// Runs every program of corpus.txt, and some of generate.mjs, twice: as rt transpiles it, and as TypeScript's own transpiler does. What
// they print must be the same. The last line is "N passed, N failed".
//   tests/differential/run <rt> [filter]
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generated } from "./generate.mjs";

const [rt, filter = ""] = process.argv.slice(2);
const here = new URL(".", import.meta.url).pathname;
const ts = createRequire(join(here, "../../third_party/npm/x.js"))("typescript");
const folder = mkdtempSync(join(tmpdir(), "rt-differential-"));

function run(name, text) {
  writeFileSync(join(folder, name), text);
  const env = { PATH: process.env.PATH, HOME: folder, RT_DIR: join(folder, "cache") };
  const made = spawnSync(rt, ["run", "--no-prompt", name], { cwd: folder, env, timeout: 30000 });
  return `${made.stdout}exit ${made.status}`;
}

/** Programs as [name, text, legacy decorators]: each begins with a line "//// name.ts". */
function programs() {
  const parts = readFileSync(join(here, "corpus.txt"), "utf8").split(/^\/\/\/\/ (.*)\n/m);
  const list = [];
  for (let i = 1; i < parts.length; i += 2) list.push([parts[i], parts[i + 1]]);
  return list;
}

/** The lines from the first that differ on, a few. */
function differing(...texts) {
  const all = texts.map((text) => text.split("\n"));
  const from = all[0].findIndex((line, i) => line !== all[1][i]);
  return all.map((lines) => lines.slice(Math.max(from, 0), Math.max(from, 0) + 8).join("\n"));
}

let passed = 0;
let failed = 0;
writeFileSync(join(folder, "types.ts"), "export interface T { a: number }\nexport const v = 7;\nexport default class D {}\n");
const compilerOptions = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2022,
  jsx: ts.JsxEmit.React,
  isolatedModules: true,
};
for (const [name, text] of [...programs(), ...generated(ts, compilerOptions)]) {
  if (!name.includes(filter)) continue;
  const expected = run(
    `${name}.mjs`,
    ts.transpileModule(text, { fileName: name, compilerOptions }).outputText,
  );
  const actual = run(name, text);
  if (expected === actual && expected.endsWith("exit 0")) {
    passed++;
  } else {
    failed++;
    const [theirs, ours] = differing(expected, actual);
    console.log(`FAILED ${name}\n--- TypeScript\n${theirs}\n--- rt\n${ours}`);
  }
}
rmSync(folder, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
