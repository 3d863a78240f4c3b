#!/usr/bin/env node
// Runs every program of corpus.txt twice: as rt transpiles it, and as TypeScript's own transpiler does. What
// they print must be the same. The last line is "N passed, N failed".
//   tests/differential/run <rt> [filter]
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

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

let passed = 0;
let failed = 0;
writeFileSync(join(folder, "types.ts"), "export interface T { a: number }\nexport const v = 7;\nexport default class D {}\n");
for (const [name, text] of programs()) {
  if (!name.includes(filter)) continue;
  const compilerOptions = {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2022,
    jsx: ts.JsxEmit.React,
    isolatedModules: true,
  };
  const expected = run(
    `${name}.mjs`,
    ts.transpileModule(text, { fileName: name, compilerOptions }).outputText,
  );
  const actual = run(name, text);
  if (expected === actual && expected.endsWith("exit 0")) {
    passed++;
  } else {
    failed++;
    console.log(`FAILED ${name}\n--- TypeScript\n${expected}\n--- rt\n${actual}`);
  }
}
rmSync(folder, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
