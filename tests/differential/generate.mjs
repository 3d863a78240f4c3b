// Programs for run.mjs, made of statements and class members beside types that go away: where one ends and the
// next begins is what stripping can get wrong. The same ones every time.
import vm from "node:vm";
import { isAboutGrammar, kOneFile, programOf } from "../../js/typescript/one_file.js";

const kBefore = [
  "let a = 1", "log(a0)", "a0++", "let a = a0", "let a = a0!", "let a = a0 as number", "let a = <number>a0",
  "let a = a0 satisfies number", "let a: number | undefined", "let a = function (): number { return 2 }",
  "let a = (x: number): number => x", "let a = { x: 1 } as const", "let a = class<T> { x?: T }",
  "if (a0) log(2)", "if (a0) { log(2) }", "do log(3); while (false)", "label: { break label }",
  "for (const x of [1] as number[]) log(x)", "class A<T> { x!: T }", "function f<T>(x?: T): asserts x { }",
  "let a = f0<number>", "let a = new Map<string, number>", "let a = typeof a0", "return log(4)", "throw 5",
];
const kTypes = [
  "type X = number", "type X<T> = T extends string ? 1 : 2", "type X = { a: 1 }", "type X = () => void",
  "type X = [1, 2]", "type\nX\n= `a${string}`", "interface I { a: number }", "interface I extends Array<number> { }",
  "declare const d: number", "declare function d(): void", "declare class D { x: 1 }", "declare namespace D { }",
  "declare enum D { A }", "declare let d: unique symbol, e: 1", "namespace N { type X = 1 }",
  "function o(x: 1): void\nfunction o(x: any) { }", "abstract class Q { abstract x: 1; abstract y(): void }", "",
];
const kAfter = [
  "[1].forEach(log)", "(log)(6)", "`x`.length", "/re/g.test('x')", "+log(7)", "-a0", "++a0", "log(a0)", "let z = 2",
  "[a0] = [a0 + 1]", "(function (this: void) { log(8) })()", "<any>log(9)", "async () => { }", "function g(): void { }",
  "{ log(10) }", "if (a0) log(11); else log(12)", "as0: log(13)", "a0 = a0\n(log)", "class Z { }", "",
];
// No fields that are called `declare` or `readonly`: swc takes those for modifiers of the next line's.
const kMembers = [
  "a = 1", "a", "b?: number", "b!: number", "declare c: number", "['c'] = 2", "*d() { yield 3 }", "readonly e = 4",
  "private e", "static f: number = 5", "get g(): number { return 6 }", "set g(x: number) { }", "[k: string]: any",
  "static", "get", "async", "'q'", "1 = 7", "in = 8", "static { log(9) }", "h(): void",
  "h(x?: any): void { }", "async i(): Promise<void> { }", "#p: number = 10", "override j = 11", "constructor(x: number)",
  "constructor(x?: any) { }", "public static async *k<T>(): any { }", "accessor: number = 12", "abstract = 13",
];
const kEnds = ["\n", ";\n", " // end\n", " /* more\n */ "];

/** Of a fixed seed (a linear congruential generator): the same choice every time. */
function chooser(seed) {
  let state = seed;
  return (list) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return list[Math.floor((state / 2 ** 32) * list.length)];
  };
}

function block(choose) {
  const end = () => choose(kEnds);
  if (choose([true, true, false])) {
    return choose(kBefore) + end() + choose(kTypes) + end() + choose(kAfter) + end();
  }
  const members = [1, 2, 3, 4].map(() => choose(kMembers) + end());
  return `class C ${choose(["", "extends B0 ", "implements I0 "])}{\n${members.join("")}}\nshow(C)`;
}

/** swc leaves `readonly` there, which V8 then refuses: a known fault. */
const kKnownFault = /^static(?:\s|\/\/.*|\/\*[^]*?\*\/)*\n\s*readonly/m;

/** Whether it is a program: to TypeScript's parser and its rules of grammar, and to V8. */
function isProgram(ts, text, compilerOptions) {
  if (kKnownFault.test(text)) return false;
  const { outputText, diagnostics } = ts.transpileModule(text, {
    fileName: "block.ts",
    compilerOptions,
    reportDiagnostics: true,
  });
  if (diagnostics.length > 0) return false;
  const { program, file } = programOf(ts, text, "block.ts", { ...compilerOptions, ...kOneFile });
  if (program.getSemanticDiagnostics(file).some(isAboutGrammar)) return false;
  try {
    new vm.Script(`(function () { "use strict"; ${outputText.replace("export {};", "")} })`);
    return true;
  } catch {
    return false;
  }
}

const kHead = `let out: unknown[] = []
const log = (...x: unknown[]): any => { out.push(x[0]) }
let a0: any = 1
const f0 = <T,>(x?: T) => x
class B0 { }
interface I0 { }
const show = (C: any) => { log(Object.getOwnPropertyNames(C) + ";" + Object.getOwnPropertyNames(C.prototype)
  + ";" + Object.getOwnPropertyNames(new C())) }
const run = (n: number, f: () => unknown) => {
  out = []
  try { log(typeof f()) } catch (e: any) { log(e?.name ?? e) }
  console.log(n, JSON.stringify(out))
}
`;

/** [name, text] of programs with `blocks` statements and classes each; every second is not only stripped. */
export function generated(ts, compilerOptions, programs = 4, blocks = 300) {
  const list = [];
  for (let i = 0; i < programs; i++) {
    const choose = chooser(i + 1);
    let text = kHead;
    for (let n = 0; n < blocks; ) {
      const made = `run(${n}, () => {\n${block(choose)}\n})\n`;
      if (!isProgram(ts, kHead + made, compilerOptions)) continue;
      text += made;
      n++;
    }
    list.push([`generated_${i}.ts`, i % 2 === 0 ? text : `${text}enum E0 { A }\nconsole.log(E0.A)\n`]);
  }
  return list;
}
