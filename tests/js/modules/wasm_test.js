// WebAssembly files as modules, and `import source` of them.
import { assert, assertEquals, test } from "../harness.js";
import { host, Project } from "./remote.js";
import { addModule, kSeven } from "./wasm.js";

function wasmTest(name, body) {
  test(name, async () => {
    const project = new Project();
    try {
      await body(project);
    } finally {
      project.remove();
    }
  });
}

wasmTest("a file is linked with what it imports", async (project) => {
  Deno.writeFileSync(`${project.folder}/add.wasm`, addModule("./env.js"));
  project.write("env.js", "export const combine = (a, b) => a * 100 + b; export const other = 1;");
  const { out, err } = await project.run(`
    import { add, "an answer" as answer } from "./add.wasm";
    import * as all from "./add.wasm";
    console.log(add(2, 3), answer.value, Object.keys(all).join(), (await import("./add.wasm")) === all);`);
  assertEquals(out, "203 42 add,an answer true\n", err);
});

wasmTest(
  "names of imports are those of the import map, files may be WebAssembly too",
  async (project) => {
    Deno.writeFileSync(`${project.folder}/add.wasm`, addModule("env"));
    Deno.writeFileSync(`${project.folder}/seven.wasm`, kSeven);
    project.write(
      "env.js",
      'import { seven } from "./seven.wasm"; export const combine = (a, b) => a + b + seven();',
    );
    project.write("map.json", '{ "imports": { "env": "./env.js" } }');
    const { out, err } = await project.run(
      'import { add } from "./add.wasm"; console.log(add(1, 2));',
      ["--import-map=map.json"],
    );
    assertEquals(out, "10\n", err);
    const { code, err: missing } = await project.run('import "./add.wasm";');
    assertEquals(code, 1);
    assert(missing.includes('Import "env" not a dependency'), missing);
  },
);

wasmTest("import source gives the module", async (project) => {
  Deno.writeFileSync(`${project.folder}/seven.wasm`, kSeven);
  project.write("a.js", "");
  const { out, err } = await project.run(`
    import source module from "./seven.wasm";
    import { seven } from "./seven.wasm";
    console.log(module instanceof WebAssembly.Module, (await import.source("./seven.wasm")) === module);
    console.log(new WebAssembly.Instance(module).exports.seven(), seven());
    console.log(await import.source("./a.js").catch((error) => error.name + " " + error.message.slice(0, 39)));`);
  assertEquals(out, "true true\n7 7\nSyntaxError Source phase import object is not defin\n", err);
});

wasmTest("a file that is none says so", async (project) => {
  project.write("bad.wasm", "not this");
  project.write("env.js", "export const other = 1;");
  Deno.writeFileSync(`${project.folder}/add.wasm`, addModule("./env.js"));
  const { out, err } = await project.run(`
    const error = await import("./bad.wasm").catch((error) => error);
    console.log(error instanceof WebAssembly.CompileError, error.message.includes("bad.wasm: "));
    console.log(await import("./add.wasm").catch((error) => error.name + " " + error.message.includes("combine")));
    console.log(await import("./bad.wasm", { with: { type: "json" } }).catch((error) => error.name));`);
  assertEquals(out, "true true\nSyntaxError true\nTypeError\n", err);
});

wasmTest("code of other hosts, data: and blob: URLs", async (project) => {
  const server = host({
    "/seven.wasm": () => new Response(kSeven, { headers: { "content-type": "application/wasm" } }),
  });
  try {
    const data = `data:application/wasm;base64,${btoa(String.fromCharCode(...kSeven))}`;
    const { out, err } = await project.run(
      `import { seven } from "${server.url}/seven.wasm";
      import { seven as other } from "${data}";
      const blob = new Blob([${JSON.stringify([...kSeven])}.length ? new Uint8Array(${JSON.stringify([...kSeven])}) : ""], { type: "application/wasm" });
      console.log(seven(), other(), (await import(URL.createObjectURL(blob))).seven());`,
      [`--allow-import=${server.origin}`],
    );
    assertEquals(out, "7 7 7\n", err);
  } finally {
    await server.shutdown();
  }
});

wasmTest("import defer is not there and says so", async (project) => {
  project.write("a.js", "");
  for (const script of ['import defer * as a from "./a.js";', 'await import.defer("./a.js");']) {
    const { code, err } = await project.run(script);
    assertEquals(code, 1);
    assert(err.includes('not implemented: "import defer"'), err);
  }
});

wasmTest("errors of linking are told where the file is imported", async (project) => {
  Deno.writeFileSync(`${project.folder}/add.wasm`, addModule("./env.js"));
  const at = `    at file://${project.folder}/add.wasm\n    at file://${project.folder}/main.js:2:21\n`;
  const script = 'const a = 1;\nimport { add } from "./add.wasm"; console.log(a, add);';
  const dynamic = 'try { await import("./add.wasm"); } catch (error) { console.log(error.stack); }';
  for (const [env, expected] of [
    [null, `TypeError: Module not found "file://${project.folder}/env.js"`],
    ["", "SyntaxError: The requested module './env.js' does not provide an export named 'combine'"],
    [
      "export const combine = 1;",
      'LinkError: WebAssembly.Instance(): Import #0 "./env.js" "combine"',
    ],
  ]) {
    if (env !== null) project.write("env.js", env);
    const { code, err } = await project.run(script);
    assertEquals(code, 1);
    assert(err.includes(expected), err);
    assert(err.endsWith(at), err);
    assert(!/Instance\(module|import0|\.wasm:\d/.test(err), err);
    const later = await project.run(dynamic);
    assert(later.out.includes(expected) && !/\.wasm:\d/.test(later.out), later.out);
  }
});
