// What is too deep for TypeScript's checker is an error that names the file.
import { assert, assertEquals, test } from "../harness.js";
import { Project } from "../modules/remote.js";

async function check(files) {
  const project = new Project();
  try {
    for (const [name, text] of Object.entries(files)) project.write(name, text);
    const { code, stderr } = await project.command(["check", "main.ts"]).output();
    return { code, err: new TextDecoder().decode(stderr) };
  } finally {
    project.remove();
  }
}

test("a file that is nested too deeply is named", async () => {
  const depth = 100_000;
  const { code, err } = await check({
    "main.ts": 'import "./deep.ts";',
    "deep.ts": `export type A = ${"(".repeat(depth)}1${")".repeat(depth)};`,
  });
  assertEquals(code, 1);
  assert(err.includes("error: deep.ts, or what it imports, is nested too deeply"), err);
  assert(!err.includes("transpile.js"), err);
});

test("so is one of a chain of imports that is too long", async () => {
  const files = { "main.ts": 'import "./m0.ts";' };
  for (let i = 0; i < 8000; i++) files[`m${i}.ts`] = `import "./m${i + 1}.ts"; export {};`;
  files["m8000.ts"] = "export {};";
  const { code, err } = await check(files);
  // TypeScript may be up to it, on a thread with a larger stack.
  assert(code === 0 || /error: m\d+\.ts, or what it imports, is nested too deeply/.test(err), err);
});
