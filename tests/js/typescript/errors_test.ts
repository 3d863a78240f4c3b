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

test("a configuration that makes no sense", async () => {
  Deno.mkdirSync(`${folder}/conf`);
  write("conf/tsconfig.json", '{ "compilerOptions": { "jsx": "preserve" } }');
  const error = await errorOf(write("conf/a.tsx", "export const a = <b/>;"));
  equal(error instanceof TypeError, true);
  equal(error.message.includes("conf/tsconfig.json: compilerOptions.jsx \"preserve\""), true);
});
