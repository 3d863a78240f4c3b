// npm: specifiers: versions, dependencies, the cache, the lock file, against a registry in this
// process.
import { assert, assertEquals } from "../harness.js";
import { npmTest } from "./npm_project.js";

const ESM = { type: "module", exports: { ".": "./main.js", "./sub/*": "./lib/*.js" } };

npmTest("each package sees the versions it asked for", async ({ registry, run }) => {
  await registry.publish("low", "1.4.0", { "index.js": "exports.v = '1.4.0';" });
  await registry.publish("low", "2.0.0", { "index.js": "exports.v = '2.0.0';" });
  await registry.publish(
    "low",
    "3.0.0-beta.1",
    { "index.js": "exports.v = 'beta';" },
    {},
    {
      tags: { latest: "2.0.0", next: "3.0.0-beta.1" },
    },
  );
  await registry.publish(
    "@s/top",
    "1.0.0",
    {
      "main.js":
        'import low from "low"; export default "top+" + low.v + new URL(import.meta.url).pathname.slice(-8);',
    },
    { ...ESM, dependencies: { low: "^1.0.0" } },
  );
  await registry.publish(
    "cjs",
    "1.0.0",
    {
      "index.js":
        'module.exports = require("low").v + require("./data.json").x + require("other").v;',
      "data.json": '{ "x": "!" }',
    },
    { dependencies: { low: ">=2 <3", other: "npm:low@next" } },
  );
  const { out, err } = await run(`
    import top from "npm:@s/top@1";
    import cjs from "npm:/cjs";
    import { v } from "npm:low@^1.2.0";
    console.log(top, cjs, v, (await import("npm:low")).v, (await import("npm:low@next")).v);
    console.log((await import("npm:low@1")) === (await import("npm:low@^1.0.0")));`);
  assertEquals(out, "top+1.4.0/main.js 2.0.0!beta 1.4.0 2.0.0 beta\ntrue\n", err);
});

npmTest("exports, imports and subpaths of packages", async ({ registry, run }) => {
  await registry.publish(
    "p",
    "1.0.0",
    {
      "main.js": 'import own from "#own"; import self from "p/sub/a"; export default own + self;',
      "lib/a.js": 'export default "a";',
      "own.js": 'export default "own";',
    },
    { ...ESM, imports: { "#own": "./own.js" } },
  );
  const { out, err } = await run(
    'import p from "npm:p"; import a from "npm:p@1/sub/a"; console.log(p, a);',
  );
  assertEquals(out, "owna a\n", err);
  for (const [specifier, expected] of [
    ["npm:p/own.js", "Package subpath './own.js' is not defined by \"exports\""],
    ["npm:p@7", 'Could not find npm package "p" matching "7"'],
    ["npm:p@canary", 'Could not find npm package "p" matching "canary"'],
    ["npm:absent", 'npm package "absent" does not exist'],
    ["npm:../x", "is no npm: specifier"],
    ["npm:@../x", "is no npm: specifier"],
  ]) {
    const { code, err } = await run(`import "${specifier}";`);
    assertEquals(code, 1);
    assert(err.includes(expected), err);
  }
});

npmTest("names of deno.json and of package.json", async ({ registry, run, project }) => {
  await registry.publish(
    "p",
    "1.0.0",
    { "main.js": "export default 1;", "lib/a.js": "export default 'a1';" },
    ESM,
  );
  await registry.publish(
    "p",
    "2.0.0",
    { "main.js": "export default 2;", "lib/a.js": "export default 'a2';" },
    ESM,
  );
  const script = 'import p from "p"; import a from "p/sub/a"; console.log(p, a);';
  project.write("package.json", '{ "dependencies": { "p": "^1" } }');
  const { out, err } = await run(script);
  assertEquals(out, "1 a1\n", err);
  project.write("package.json", '{ "devDependencies": { "p": "npm:p@2" } }');
  assertEquals((await run(script)).out, "2 a2\n");
  project.write("package.json", '{ "devDependencies": { "p": "file:../p" } }');
  assert((await run(script)).err.includes('not implemented: "p" from "file:../p"'));
  project.write("deno.json", '{ "imports": { "p": "npm:p@1" }, "lock": false }');
  assertEquals((await run(script)).out, "1 a1\n");
});

npmTest("a peer is the one its user has", async ({ registry, run }) => {
  for (const version of ["1.0.0", "1.1.0", "2.0.0"]) {
    await registry.publish("host", version, {
      "index.js": `exports.id = {}; exports.v = "${version}";`,
    });
  }
  await registry.publish(
    "plugin",
    "1.0.0",
    { "index.js": "exports.host = require('host');" },
    {
      peerDependencies: { host: "*", absent: "*" },
      peerDependenciesMeta: { absent: { optional: true } },
    },
  );
  await registry.publish(
    "app",
    "1.0.0",
    {
      "index.js":
        "exports.same = require('host') === require('plugin').host; exports.v = require('host').v;",
    },
    { dependencies: { host: "1.0.0", plugin: "1" } },
  );
  const { out, err } = await run('import app from "npm:app"; console.log(app.same, app.v);');
  assertEquals(out, "true 1.0.0\n", err);
  assertEquals((await run('import p from "npm:plugin"; console.log(p.host.v);')).out, "2.0.0\n");
});

npmTest("what is optional and for other machines is left out", async ({ registry, run }) => {
  await registry.publish("mac", "1.0.0", { "index.js": "" }, { os: ["darwin"] });
  await registry.publish(
    "here",
    "1.0.0",
    { "index.js": "exports.v = 1;" },
    { os: ["linux", "!win32"] },
  );
  await registry.publish(
    "p",
    "1.0.0",
    {
      "index.js": `const has = (name) => { try { return !!require(name); } catch (e) { return e.code; } };
        exports.v = [has("mac"), has("here"), has("gone")];`,
    },
    { optionalDependencies: { mac: "1", here: "1", gone: "1" } },
  );
  const { out, err } = await run('import p from "npm:p"; console.log(p.v.join());');
  assertEquals(out, "MODULE_NOT_FOUND,true,MODULE_NOT_FOUND\n", err);
  assert(!registry.requests.includes("/mac/-/mac-1.0.0.tgz"));
});

npmTest("what was loaded once is there without the registry", async ({ registry, run }) => {
  await registry.publish("p", "1.0.0", { "index.js": "module.exports = 1;" });
  const script = 'import p from "npm:p@1"; console.log(p);';
  const cold = await run(script, ["--cached-only"]);
  assert(
    cold.err.includes('npm package not found in cache: "p", --cached-only is specified.'),
    cold.err,
  );
  assertEquals((await run(script)).out, "1\n");
  registry.requests.splice(0);
  await registry.publish("p", "1.1.0", { "index.js": "module.exports = 11;" });
  assertEquals((await run(script)).out, "1\n");
  assertEquals((await run(script, ["--cached-only"])).out, "1\n");
  assertEquals(registry.requests.splice(0), []);
  // A version nobody had heard of is asked for.
  assertEquals((await run('import p from "npm:p@1.1"; console.log(p);')).out, "11\n");
  registry.requests.splice(0);
  assertEquals((await run(script, ["--reload=npm:other"])).out, "11\n");
  assertEquals(registry.requests.splice(0), []);
  assertEquals((await run(script, ["--reload=npm:"])).out, "11\n");
  assertEquals(registry.requests.splice(0), ["/p", 304, "/p/-/p-1.1.0.tgz"]);
  const refused = await run(script, ["--no-npm"]);
  assertEquals(refused.code, 1);
  assert(
    refused.err.includes(
      'Following npm specifiers were requested: "p@1"; but --no-npm is specified.',
    ),
    refused.err,
  );
  assertEquals((await run(script, ["--no-remote"])).out, "11\n");
});

npmTest("the lock file has packages as Deno writes them", async ({ registry, run, project }) => {
  await registry.publish("low", "1.0.0", { "index.js": "exports.v = 1;" });
  await registry.publish(
    "low",
    "2.0.0",
    { "index.js": "exports.v = 2;" },
    { os: ["linux"], cpu: ["!mips"] },
  );
  await registry.publish("host", "1.0.0", { "index.js": "" });
  await registry.publish(
    "p",
    "1.0.0",
    { "index.js": "exports.v = require('low').v;" },
    {
      dependencies: { low: "1", other: "npm:low@2" },
      peerDependencies: { host: "1" },
      bin: "x.js",
    },
  );
  project.write("deno.json", "{}");
  const script = 'import p from "npm:p@1"; import low from "npm:low@2"; console.log(p.v, low.v);';
  assertEquals((await run(script)).out, "1 2\n");
  const lock = JSON.parse(project.read("deno.lock"));
  for (const entry of Object.values(lock.npm)) {
    assert(entry.integrity.startsWith("sha512-"));
    delete entry.integrity;
  }
  assertEquals(lock, {
    version: "5",
    specifiers: { "npm:low@2": "2.0.0", "npm:p@1": "1.0.0_host@1.0.0" },
    npm: {
      "host@1.0.0": {},
      "low@1.0.0": {},
      "low@2.0.0": { os: ["linux"], cpu: ["!mips"] },
      "p@1.0.0_host@1.0.0": {
        dependencies: ["host", "low@1.0.0", "other@npm:low@2.0.0"],
        bin: true,
      },
    },
  });
  const text = project.read("deno.lock");
  // Locked: newer versions are nothing, and no list of versions is needed.
  await registry.publish("p", "1.5.0", { "index.js": "exports.v = 'new';" });
  Deno.removeSync(`${project.folder}/cache`, { recursive: true });
  registry.requests.splice(0);
  assertEquals((await run(script, ["--frozen"])).out, "1 2\n");
  assertEquals(
    registry.requests.filter((path) => !`${path}`.endsWith(".tgz")),
    [],
  );
  assertEquals(project.read("deno.lock"), text);
  const frozen = await run('import "npm:p@1.5";', ["--frozen"]);
  assert(frozen.err.includes("--frozen forbids changing it"), frozen.err);
  // A package that is not the one that was locked.
  await registry.publish("low", "2.0.0", { "index.js": "exports.v = 'evil';" });
  Deno.removeSync(`${project.folder}/cache`, { recursive: true });
  const changed = await run(script);
  assertEquals([changed.code, changed.out], [1, ""]);
  assert(changed.err.includes('npm package "low@2.0.0": Integrity check failed'), changed.err);
  project.write("deno.lock", text.replace('"low@1.0.0",', '"nobody",'));
  assert((await run(script)).err.includes("is damaged"));
});

npmTest("a worker has packages too", async ({ registry, run, project }) => {
  await registry.publish("p", "1.0.0", { "index.js": "module.exports = 'p';" });
  project.write("worker.js", 'import p from "npm:p"; postMessage(p);');
  const { out, err } = await run(`
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    worker.onmessage = (event) => { console.log(event.data); worker.terminate(); };`);
  assertEquals(out, "p\n", err);
});

npmTest("what Node has and rt has not is named", async ({ registry, run }) => {
  await registry.publish("p", "1.0.0", { "index.js": "require('repl');" });
  const { code, err } = await run('import "npm:p";');
  assertEquals(code, 1);
  assert(err.includes("not implemented: node:repl"), err);
});
