// Writes what `bench/run modules` measures into a folder: a graph of 1 000 modules (each imports two more,
// about 1.8 kB), 50 lines of TypeScript with the JavaScript they mean, and 200 files of tests.
const folder = Deno.args[0];
const kModules = 1000;

for (let i = 0; i < kModules; i++) {
  let text = "";
  const sum = ["1"];
  for (const next of [2 * i + 1, 2 * i + 2]) {
    if (next >= kModules) continue;
    text += `import { v as v${next} } from "./m${next}.js";\n`;
    sum.push(`v${next}`);
  }
  for (let f = 0; f < 20; f++) {
    text += `export function f${f}(a, b) { const x = a + b * ${f}; return x > 10 ? x - ${i} : x + ${i}; }\n`;
  }
  Deno.writeTextFileSync(`${folder}/m${i}.js`, `${text}export const v = ${sum.join(" + ")};\n`);
}
const main = `import { v } from "./m0.js";\nif (v !== ${kModules}) throw new Error("wrong: " + v);\n`;
Deno.writeTextFileSync(`${folder}/main.js`, main);

let typed = "interface Point { x: number; y: number }\n";
let plain = "\n";
for (let i = 0; i < 24; i++) {
  typed += `function f${i}<T extends Point>(a: T, b: number = ${i}): number { return a.x + (b as number); }\n`;
  plain += `function f${i}(a, b = ${i}) { return a.x + b; }\n`;
  typed += `const v${i}: number = f${i}({ x: ${i}, y: 2 } as Point);\n`;
  plain += `const v${i} = f${i}({ x: ${i}, y: 2 });\n`;
}
Deno.writeTextFileSync(
  `${folder}/typed.ts`,
  `${typed}if (v1 + v23 !== 48) throw new Error("wrong");\n`,
);
Deno.writeTextFileSync(
  `${folder}/plain.js`,
  `${plain}if (v1 + v23 !== 48) throw new Error("wrong");\n`,
);

Deno.mkdirSync(`${folder}/tests`);
for (let i = 0; i < 200; i++) {
  const test = (name) =>
    `Deno.test("${name} ${i}", () => {\n  if (${i} + 1 !== ${i + 1}) throw new Error("wrong");\n});\n`;
  Deno.writeTextFileSync(`${folder}/tests/n${i}_test.js`, test("adds") + test("adds again"));
}
