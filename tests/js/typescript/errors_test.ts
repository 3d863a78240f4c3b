// Files that are wrong: what the error says, and that the next file works.
import { assertEquals as equal, test } from "../harness.js";

async function errorOf(specifier: string): Promise<Error> {
  try {
    await import(specifier);
  } catch (error) {
    return error as Error;
  }
  throw new Error("no error");
}

const folder = Deno.makeTempDirSync();
function write(name: string, data: string | Uint8Array): string {
  const path = `${folder}/${name}`;
  if (typeof data === "string") Deno.writeTextFileSync(path, data);
  else Deno.writeFileSync(path, data);
  return `file://${path}`;
}

test("a syntax error has place and frame", async () => {
  const error = await errorOf("./fixtures/broken.ts");
  equal(error instanceof SyntaxError, true);
  equal(error.message.startsWith("The module's source code could not be parsed: "), true);
  equal(error.message.includes("/fixtures/broken.ts:2:9\n\n  let one two;\n          ~"), true);
});

test("a syntax error in JSX has one as well", async () => {
  const error = await errorOf(write("bad.tsx", "export const a = 1;\nconst b = <div>;\n"));
  equal(error instanceof SyntaxError, true);
  equal(error.message.includes("bad.tsx:2:12\n\n  const b = <div>;\n             ~~~"), true);
});

test("a decorator where none may stand is not dropped", async () => {
  const codes = {
    "variable": "const d: any = () => {};\n@d let a = 1;\nexport {};",
    "function": "const d: any = () => {};\n@d function f() {}\nexport {};",
    "parameter": "const d: any = () => {};\nclass A { m(@d p: number) {} }\nexport {};",
  };
  for (const [name, code] of Object.entries(codes)) {
    const error = await errorOf(write(`decorated_${name}.ts`, code));
    equal(error instanceof SyntaxError, true);
    equal(error.message.includes("Decorators are not valid here."), true);
    equal(error.message.includes(`decorated_${name}.ts:2:`), true);
  }
});

test("deep nesting is an error, and the next file works", async () => {
  const deep = (n: number) => `export const a: number = ${"(".repeat(n)}1${")".repeat(n)};`;
  const error = await errorOf(write("deep.ts", deep(200_000)));
  equal(error instanceof SyntaxError || error instanceof RangeError, true);
  equal((await import(write("fine.ts", deep(50)))).a, 1);
});

test("a byte order mark and a #! line", async () => {
  equal((await import(write("bom.ts", "\uFEFF#!/usr/bin/env rt\nexport const a: number = 1;"))).a, 1);
  equal((await import(write("bom2.ts", "\uFEFF#!/usr/bin/env rt\nenum E { A = 3 } export const a = E.A;"))).a, 3);
});

test("bytes that are no UTF-8 read as U+FFFD", async () => {
  const bytes = new TextEncoder().encode('export const a: string = "x?y";');
  bytes[bytes.indexOf(0x3f)] = 0xff;
  equal((await import(write("latin.ts", bytes))).a, "x\uFFFDy");
});

test("an empty file, and one of types only", async () => {
  equal(Object.keys(await import(write("empty.ts", ""))).length, 0);
  equal(Object.keys(await import(write("types.d.ts", "export interface A {}\ndeclare const b: A;"))).length, 0);
});

test("columns count characters, and the mark stands below the place", async () => {
  const wide = 'export const s: string = "\u65e5\u672c\u{1F600}";';
  const lines = {
    "tab": ["\texport let a: number = 1;\tlet b c;", "1:34", `\t${" ".repeat(25)}\t      ~`],
    "wide": [`${wide} let b c;`, "1:39", `${" ".repeat(41)}~`],
    "separator": ["export let a: number = 1;\u2028let b c;", "2:7", "      ~"],
  };
  for (const [name, [code, place, mark]] of Object.entries(lines)) {
    const { message } = await errorOf(write(`place_${name}.ts`, code));
    const line = code.slice(code.indexOf("\u2028") + 1);
    equal(message.endsWith(`/place_${name}.ts:${place}\n\n  ${line}\n  ${mark}`) || message, true);
  }
  const { message } = await errorOf(write("wide.tsx", `${wide} let b c;`));
  equal(message.includes("wide.tsx:1:39\n"), true);
});

test("control characters in a frame are escaped", async () => {
  const error = await errorOf(write("control.ts", "let b c: number; // \x00\x1b[31m\u202e"));
  equal(error.message.includes("  let b c: number; // \\x00\\x1b[31m\\u202e\n"), true);
});

test("what the fast parser refuses and TypeScript takes", async () => {
  const code = `
    export const seen: unknown[] = [];
    for (const of of [1, 2] as number[]) seen.push(of);
    for (let of = 3; of < 4; of++) seen.push(of);
    let async: any = 5;
    for (async of => {}; false; ) ;
    for (var of of [6]) seen.push(of as number);
    export function place(): string { return new Error("x").stack!; }
  `;
  const { seen, place } = await import(write("of.ts", code));
  equal(seen, [1, 2, 3, 6]);
  equal(/of\.ts:8:\d+/.test(place()), true);
});

test("override in a class that extends nothing is a matter of types", async () => {
  equal((await import(write("override.ts", "export class A { override m(): number { return 1; } }"))).A.prototype.m(), 1);
  const both = "enum E { A } export class B { declare x: number; override y = E.A; }";
  equal(new (await import(write("override2.ts", both))).B().y, 0);
});

test("what both refuse is told in the fast parser's words", async () => {
  const codes = {
    "parameter": ["function f(public a: number) {}", "A parameter property is only allowed"],
    "abstract": ["class A { abstract m(): void }", "Abstract methods can only appear"],
    "return": ["const a: number = 1; return a;", "Return statement is not allowed here"],
    "rest": ["for (const of of [1]) let a b;", "Expected ';', '}' or <eof>"],
    "for": ["for (const of of [1]) return;", ""],
  };
  for (const [name, [code, message]] of Object.entries(codes)) {
    const error = await errorOf(write(`both_${name}.ts`, code));
    equal(error instanceof SyntaxError, true);
    equal(error.message.includes(`could not be parsed: ${message}`) || error.message, true);
  }
});

test("too long an expression for TypeScript's transpiler is an error with its place", async () => {
  const sum = (count: number) => Array.from({ length: count }, () => "one").join(" + ");
  const head = "const one = 1;\nexport const b: unknown = <b/>, ";
  const error = await errorOf(write("long.tsx", `${head} a = ${sum(30_000)};`));
  equal(error instanceof SyntaxError, true);
  equal(error.message.includes("long.tsx:2:1\n"), true);
  equal(error.message.includes("too long an expression"), true);
  const fine = `const one = 1; const React = { createElement: () => 2 };\nexport const b = <b/>, `;
  equal((await import(write("fine.tsx", `${fine} a = ${sum(3000)};`))).a, 3000);
});

test("a configuration that makes no sense", async () => {
  Deno.mkdirSync(`${folder}/conf`);
  write("conf/tsconfig.json", '{ "compilerOptions": { "jsx": "preserve" } }');
  const error = await errorOf(write("conf/a.tsx", "export const a = <b/>;"));
  equal(error instanceof TypeError, true);
  equal(error.message.includes("conf/tsconfig.json: compilerOptions.jsx \"preserve\""), true);
});
