// rt check of programs that import from other hosts and registries, served by this process.
import { assert, assertEquals, test } from "../harness.js";
import { NpmRegistry } from "../modules/npm_registry.js";
import { host, Project, sha256 } from "../modules/remote.js";

const TS = "application/typescript";
const JS = "text/javascript";

function checkTest(name, body) {
  test(name, async () => {
    const registry = new NpmRegistry();
    const server = host({});
    const project = new Project();
    const env = {
      NPM_CONFIG_REGISTRY: registry.url,
      JSR_URL: server.url,
      HOME: project.folder,
    };
    /** {code, err} of `rt check <flags> main.ts`. */
    const check = async (script, flags = []) => {
      project.write("main.ts", script);
      const args = ["check", "-q", "--allow-import", ...flags, "main.ts"];
      const { code, stderr } = await project.command(args, env).output();
      return { code, err: new TextDecoder().decode(stderr) };
    };
    try {
      await body({ registry, server, project, check });
    } finally {
      await registry.shutdown();
      await server.shutdown();
      project.remove();
    }
  });
}

checkTest("types of a registry's package, and of what it depends on", async (t) => {
  const { registry, check } = t;
  await registry.publish(
    "low",
    "1.0.0",
    { "index.js": "exports.low = 1;", "index.d.ts": "export declare const low: 1;" },
    { types: "index.d.ts" },
  );
  await registry.publish(
    "@s/top",
    "1.0.0",
    {
      "main.js": 'export { low } from "low"; export const top = 2;',
      "main.d.ts": 'export { low } from "low"; export declare const top: 2;',
      "sub.js": "export default 3;",
      "sub.d.ts": "declare const three: 3; export default three;",
    },
    {
      type: "module",
      exports: {
        ".": { types: "./main.d.ts", default: "./main.js" },
        "./sub": { types: "./sub.d.ts", default: "./sub.js" },
      },
      dependencies: { low: "^1" },
    },
  );
  const fine = await check(`
    import { low, top } from "npm:@s/top@1";
    import three from "npm:@s/top@1/sub";
    export const all: [1, 2, 3] = [low, top, three];`);
  assertEquals(fine, { code: 0, err: "" });
  const { code, err } = await check(`
    import { low, top } from "npm:@s/top@1";
    export const all: [string, string] = [low, top];`);
  assertEquals(code, 1);
  assertEquals(err.split("Type 'number' is not assignable to type 'string'").length, 3, err);
});

checkTest("what a package does not have is told", async ({ registry, check }) => {
  await registry.publish("plain", "1.0.0", { "index.js": "exports.x = 1;" });
  const plain = await check('import p from "npm:plain"; p.anything.goes;');
  assertEquals(plain, { code: 0, err: "" });
  const { code, err } = await check('import "npm:absent@1";');
  assertEquals(code, 1);
  assert(err.includes("side-effect import of 'npm:absent@1'"), err);
  assert(err.includes('npm package "absent" does not exist'), err);
});

checkTest("other hosts' modules, their redirects and their declarations", async (t) => {
  const { server, check } = t;
  server.files["/mod.ts"] = [TS, 'export { one } from "./deep/one.ts";'];
  server.files["/deep/one.ts"] = [TS, "export const one: 1 = 1; const bad: string = 2;"];
  server.files["/moved.ts"] = () =>
    new Response(null, { status: 302, headers: { location: "/mod.ts" } });
  server.files["/plain.js"] = () =>
    new Response("export const two = 2;", {
      headers: { "content-type": JS, "x-typescript-types": "./types/two.d.ts" },
    });
  server.files["/types/two.d.ts"] = [TS, "export declare const two: 2;"];
  server.files["/own"] = [JS, '// @ts-self-types="./types/two.d.ts"\nexport const two = 2;'];
  server.files["/x.js"] = [JS, "export const two = 2;"];
  const program = `
    import { one } from "${server.url}/moved.ts";
    import { two } from "${server.url}/plain.js";
    import { two as own } from "${server.url}/own";
    // @ts-types="${server.url}/types/two.d.ts"
    import { two as told } from "${server.url}/x.js";
    export const all: [1, 2, 2, 2] = [one, two, own, told];`;
  // The mistake in deep/one.ts is not the program's.
  assertEquals(await check(program), { code: 0, err: "" });
  const { code, err } = await check(program, ["--all"]);
  assertEquals(code, 1);
  assert(err.includes(`${server.url}/deep/one.ts:1:32 - error TS2322`), err);
  // All of it is in the cache.
  server.files = {};
  const asked = server.requests.length;
  assertEquals(await check(program, ["--cached-only"]), { code: 0, err: "" });
  assertEquals(server.requests.length, asked);
});

checkTest("a package of JSR", async ({ server, check }) => {
  const mod = "export const v: string = 'v';";
  const manifest = { "/mod.ts": { size: 1, checksum: `sha256-${await sha256(mod)}` } };
  const json = (value) => ["application/json", JSON.stringify(value)];
  server.files["/@s/p/meta.json"] = json({ versions: { "1.0.0": {} } });
  server.files["/@s/p/1.0.0_meta.json"] = json({ exports: { ".": "./mod.ts" }, manifest });
  server.files["/@s/p/1.0.0/mod.ts"] = [TS, mod];
  const { code, err } = await check('import { v } from "jsr:@s/p@1"; v satisfies number;');
  assertEquals(code, 1);
  assert(err.includes("Type 'string' does not satisfy the expected type 'number'"), err);
});

checkTest("what is not in the cache with --cached-only", async ({ server, check }) => {
  const { code, err } = await check(`import "${server.url}/a.ts";`, ["--cached-only"]);
  assertEquals(code, 1);
  assert(err.includes("main.ts:1:8 - error TS2882"), err);
  assert(err.includes("--cached-only is specified"), err);
  assertEquals(server.requests, []);
});

checkTest("a host that may not be imported from", async ({ server, check }) => {
  server.files["/a.ts"] = [TS, "export {};"];
  const { code, err } = await check(`import "${server.url}/a.ts";`, ["--deny-import"]);
  assertEquals(code, 1);
  assert(err.includes("import access to"), err);
  assertEquals(server.requests, []);
});

checkTest("many modules are asked for at once", async ({ server, check }) => {
  let atOnce = 0;
  let most = 0;
  const imports = [];
  for (let i = 0; i < 8; i++) {
    imports.push(`import "${server.url}/${i}.ts";`);
    server.files[`/${i}.ts`] = async () => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 50));
      atOnce--;
      return new Response("export {};", { headers: { "content-type": TS } });
    };
  }
  assertEquals(await check(imports.join("\n")), { code: 0, err: "" });
  assert(most > 4, `${most} at once`);
});

checkTest("the project's own TypeScript is used if it can be", async ({ project, check }) => {
  const own = (version, text) => {
    const folder = "node_modules/typescript";
    project.write(`${folder}/package.json`, JSON.stringify({ name: "typescript", version }));
    project.write(`${folder}/lib/typescript.js`, text);
  };
  own("5.9.0", 'throw new Error("it ran");');
  const { code, err } = await check("export {};");
  assertEquals(code, 1);
  assert(err.includes("TypeScript failed: Error: it ran"), err);
  own("7.0.0", "");
  assertEquals(await check("export {};"), { code: 0, err: "" });
});

checkTest("the compiler in node_modules works as the project's own", async ({ project, check }) => {
  const pinned = new URL("../../../third_party/npm/node_modules/typescript", import.meta.url);
  project.write("node_modules/.keep", "");
  Deno.symlinkSync(pinned.pathname, `${project.folder}/node_modules/typescript`);
  const fine = "export const n: number = [1].map((x) => x)[0]; export const later = fetch;";
  assertEquals(await check(fine), { code: 0, err: "" });
  const { code, err } = await check('export const n: number = "x"; Deno.absent();');
  assertEquals(code, 1);
  assert(err.includes("main.ts:1:14 - error TS2322"), err);
  assert(err.includes("main.ts:1:36 - error TS2339"), err);
});

checkTest(
  "declarations of Node's modules come from the registry, if they are the right ones",
  async (t) => {
    const { registry, project, check } = t;
    const program = 'import process from "node:process"; export const n: number = process.pid;';
    const absent = await check(program);
    assertEquals(absent.code, 1);
    assert(absent.err.includes("Node's types, @types/node, are not installed"), absent.err);
    assert(absent.err.includes('npm package "@types/node" does not exist'), absent.err);
    const text = 'declare module "node:process" { const p: { pid: number }; export default p; }';
    await registry.publish(
      "@types/node",
      "24.10.1",
      { "index.d.ts": text },
      { types: "index.d.ts" },
    );
    const wrong = await check(program);
    assertEquals(wrong.code, 1);
    assert(wrong.err.includes('Integrity check failed for "npm:@types/node@24.10.1"'), wrong.err);
    // The project's own need no registry.
    const folder = "node_modules/@types/node";
    project.write(`${folder}/package.json`, '{ "name": "@types/node", "types": "index.d.ts" }');
    project.write(`${folder}/index.d.ts`, text);
    assertEquals(await check(program, ["--cached-only"]), { code: 0, err: "" });
  },
);
