// Modules of other hosts: identity, cache, flags, permissions, faults.
import { assert, assertEquals, test } from "../harness.js";
import { host, Project } from "./remote.js";

const JS = "text/javascript";

function remoteTest(name, files, body) {
  test(name, async () => {
    const server = host(files);
    const project = new Project();
    try {
      await body(server, project, [`--allow-import=${server.origin}`]);
    } finally {
      await server.shutdown();
      project.remove();
    }
  });
}

remoteTest(
  "a redirected module is known by where the redirect ended",
  {
    "/old.ts": () => new Response(null, { status: 302, headers: { location: "/lib/new.ts" } }),
    "/lib/new.ts": [
      "application/typescript",
      'import { b } from "./b"; import d from "./d.json" with { type: "json" };\nexport const a: string = b + d.x + import.meta.url;',
    ],
    "/lib/b": ["text/typescript; charset=utf-8", 'export const b: string = "b";'],
    "/lib/d.json": ["application/json", '{ "x": 5 }'],
  },
  async ({ url }, project, flags) => {
    const script = `
      import * as one from "${url}/old.ts";
      import * as two from "${url}/lib/new.ts";
      console.log(one === two, one.a, (await import("${url}/old.ts")) === one);`;
    assertEquals((await project.run(script, flags)).out, `true b5${url}/lib/new.ts true\n`);
  },
);

remoteTest(
  "what was loaded once is there without the host, and asked for again with --reload",
  { "/a.js": [JS, "export default 1"], "/b.js": [JS, "export default 2"] },
  async ({ url, requests, files }, project, flags) => {
    const script = `import a from "${url}/a.js"; import b from "${url}/b.js"; console.log(a, b);`;
    assertEquals((await project.run(script, flags)).out, "1 2\n");
    files["/a.js"] = [JS, "export default 10 + 1"];
    assertEquals((await project.run(script, [...flags, "--cached-only"])).out, "1 2\n");
    assertEquals((await project.run(script, flags)).out, "1 2\n");
    assertEquals(requests.splice(0).sort(), ["/a.js", "/b.js"]);
    assertEquals((await project.run(script, [...flags, `--reload=${url}/a`])).out, "11 2\n");
    assertEquals(requests.splice(0), ["/a.js"]);
    assertEquals((await project.run(script, [...flags, "-r"])).out, "11 2\n");
    assertEquals(requests.splice(0).sort(), ["/a.js", "/b.js", 304, 304]);
  },
);

remoteTest(
  "--cached-only and --no-remote name what they refuse",
  { "/a.js": [JS, ""] },
  async ({ url, requests }, project, flags) => {
    const script = `import "${url}/a.js";`;
    const cached = await project.run(script, [...flags, "--cached-only"]);
    assertEquals(cached.code, 1);
    assert(cached.err.includes(`Specifier not found in cache: "${url}/a.js", --cached-only is`));
    const none = await project.run(script, [...flags, "--no-remote"]);
    assert(none.err.includes(`"${url}/a.js", but --no-remote is specified`), none.err);
    assertEquals(requests, []);
  },
);

remoteTest(
  "a host that may not be imported from is not asked, nor one that a redirect leads to",
  {
    "/away.js": () =>
      new Response(null, { status: 302, headers: { location: "http://127.0.0.2:1/x.js" } }),
  },
  async ({ url, origin, requests }, project, flags) => {
    const denied = await project.run(`import "${url}/away.js";`);
    assertEquals(denied.code, 1);
    assert(denied.err.includes(`Requires import access to "${origin}"`), denied.err);
    assertEquals(requests, []);
    const redirected = await project.run(`import "${url}/away.js";`, flags);
    assert(redirected.err.includes('Requires import access to "127.0.0.2:1"'), redirected.err);
    const address = await project.run(
      `import "${url.replace("127.0.0.1", "localhost")}/away.js";`,
      ["--allow-import", "--deny-import=127.0.0.1"],
    );
    assert(address.err.includes("Requires import access to"), address.err);
    // In the cache or not: the permission is needed.
    assertEquals((await project.run(`import "${url}/away.js";`)).code, 1);
  },
);

remoteTest(
  "the lock file keeps redirects that led to a module, and no others",
  {
    "/old.js": () => new Response(null, { status: 302, headers: { location: "/new.js" } }),
    "/new.js": [JS, "export default 1"],
    "/file.js": () =>
      new Response(null, { status: 302, headers: { location: "file:///etc/hostname" } }),
    "/loop.js": () => new Response(null, { status: 302, headers: { location: "/loop.js" } }),
    "/gone.js": () => new Response(null, { status: 302, headers: { location: "/nothing.js" } }),
  },
  async ({ url }, project, flags) => {
    const script = `for (const name of ["old", "file", "loop", "gone"]) {
      await import(\`${url}/\${name}.js\`).then(() => console.log(name), () => {});
    }`;
    const { out, err } = await project.run(script, [...flags, "--lock"]);
    assertEquals(out, "old\n", err);
    assertEquals(JSON.parse(project.read("deno.lock")).redirects, {
      [`${url}/old.js`]: `${url}/new.js`,
    });
  },
);

remoteTest(
  "remote code reads no local files",
  {
    "/static.js": [JS, 'import "file:///etc/hostname"'],
    "/dynamic.js": [
      JS,
      'export const seen = (path) => import(path, { with: { type: "text" } }).then(() => "read", (error) => error.message);',
    ],
  },
  async ({ url }, project, flags) => {
    project.write("data.txt", "secret");
    const script = `
      import { seen } from "${url}/dynamic.js";
      await import("${url}/static.js").catch((error) => console.log(error.message));
      console.log(await seen("file://" + import.meta.dirname + "/data.txt"));
      console.log(await import("./data.txt", { with: { type: "text" } }).then(() => "read"));`;
    const { out } = await project.run(script, flags);
    assert(out.startsWith("Remote modules are not allowed to import local modules."), out);
    assert(out.includes(`Requires read access to "${project.folder}/data.txt"`), out);
    assert(out.endsWith("\nread\n"), out);
  },
);

remoteTest(
  "nor through createRequire, workers, data: URLs or code without an address",
  {
    "/a.js": [
      JS,
      `import { createRequire, Module } from "node:module";
      const seen = [];
      const attempt = async (name, read) => {
        try { seen.push(name + ": " + JSON.stringify(await read())); } catch (error) { seen.push(name + ": " + error.name); }
      };
      const url = (code) => "data:text/javascript," + encodeURIComponent(code);
      const json = 'with { type: "json" }';
      export async function run(folder) {
        const file = "file://" + folder + "/secret.json";
        await attempt("createRequire", () => createRequire(folder + "/x.js")("./secret.json"));
        await attempt("resolve", () => createRequire(folder + "/x.js").resolve("./secret"));
        await attempt("detached", () => Promise.resolve(folder + "/x.js").then(createRequire).then((r) => r("./secret.json")));
        await attempt("Module", () => { const m = new Module(folder + "/x.js"); return m.require("./secret.json"); });
        await attempt("load", () => { const m = new Module(); m.load(folder + "/secret.json"); return m.exports; });
        await attempt("data", () => import(url("import x from '" + file + "' " + json + "; export default x")));
        await attempt("data later", async () => (await import(url("export default () => import('" + file + "', { with: { type: 'json' } })"))).default());
        await attempt("Function", () => new Function("return import('" + file + "', { with: { type: 'json' } })")());
        await attempt("eval", () => (0, eval)("import('" + file + "', { with: { type: 'json' } })"));
        await attempt("cjs", () => createRequire(folder + "/x.js")("./local.cjs"));
        for (const start of [
          url("import x from '" + file + "' " + json + "; postMessage(x)"),
          url("import '" + "file://" + folder + "/local.mjs'; postMessage(1)"),
          "file://" + folder + "/local.mjs",
        ]) {
          await attempt("worker", () => new Promise((resolve, reject) => {
            const worker = new Worker(start, { type: "module" });
            worker.onmessage = ({ data }) => { worker.terminate(); resolve(data); };
            worker.onerror = (event) => { event.preventDefault(); reject(new Error("refused")); };
          }));
        }
        return seen;
      }`,
    ],
  },
  async ({ url }, project, flags) => {
    project.write("secret.json", '"secret"');
    project.write("local.cjs", 'module.exports = require("./secret.json");');
    project.write("local.mjs", 'postMessage("ran");');
    const script = `
      import { createRequire } from "node:module";
      import { run } from "${url}/a.js";
      console.log((await run(import.meta.dirname)).join("\\n"));`;
    const { out, err } = await project.run(script, flags);
    assertEquals(
      out,
      `createRequire: NotCapable
resolve: NotCapable
detached: NotCapable
Module: NotCapable
load: NotCapable
data: NotCapable
data later: NotCapable
Function: NotCapable
eval: NotCapable
cjs: NotCapable
worker: Error
worker: Error
worker: Error
`,
      err,
    );
    // With the permission all of it works, and local CommonJS goes on as before.
    const granted = await project.run(script, [...flags, "--allow-read=."]);
    assert(granted.out.includes('createRequire: "secret"'), granted.out);
    assert(granted.out.endsWith('worker: "ran"\n'), granted.out);
    const local = await project.run(
      `import "${url}/a.js"; import x from "./local.cjs"; console.log(x);`,
      flags,
    );
    assertEquals(local.out, "secret\n", local.err);
  },
);

remoteTest(
  "failures name the module and who imports it",
  {
    "/missing.js": [JS, '\nimport "./nope.js"'],
    "/syntax.js": [JS, "export const = 1"],
    "/loop.js": () => new Response(null, { status: 302, headers: { location: "/loop.js" } }),
    "/broken.js": () => new Response("x", { status: 500 }),
    "/nowhere.js": () => new Response(null, { status: 302 }),
    "/json": ["application/json", "{}"],
    "/throws.ts": [
      "text/typescript",
      'interface X {}\nexport function f(x: X) {\n  throw new Error("here");\n}',
    ],
  },
  async ({ url }, project, flags) => {
    const script = `
      for (const name of ["missing", "syntax", "loop", "broken", "nowhere", "absent"]) {
        await import("${url}/" + name + ".js").catch((error) => console.log(error.name + ": " + error.message));
      }
      await import("${url}/json").catch((error) => console.log(error.message));
      await import("http://127.0.0.1:1/x.js").catch((error) => console.log(error.message.slice(0, 45)));
      (await import("${url}/throws.ts")).f({});`;
    const { out, err } = await project.run(script, ["--allow-import"]);
    assertEquals(
      out,
      `TypeError: Module not found "${url}/nope.js"
    at ${url}/missing.js:2:8
SyntaxError: Unexpected token '='
Http: Too many redirects while loading "${url}/loop.js"
TypeError: Import '${url}/broken.js' failed: the server answered 500 Internal Server Error
TypeError: Import '${url}/nowhere.js' failed: a redirect that leads nowhere
TypeError: Module not found "${url}/absent.js"
Attempted to load JSON module without specifying "type": "json" attribute in the import statement: ${url}/json
Import 'http://127.0.0.1:1/x.js' failed: Conn
`,
    );
    assert(err.includes(`at Module.f (${url}/throws.ts:3:9)`), err);
    void flags;
  },
);

remoteTest(
  "a failed import is tried again, and imports at the same time load once",
  {
    "/flaky.js": (() => {
      let count = 0;
      return () =>
        count++ === 0
          ? new Response("", { status: 503 })
          : new Response("export default 1", { headers: { "content-type": JS } });
    })(),
    "/shared.js": [JS, 'console.log("evaluated"); export default {};'],
    "/one.js": [JS, 'export { default } from "./shared.js"'],
    "/two.js": [JS, 'export { default } from "./shared.js"'],
  },
  async ({ url, requests }, project, flags) => {
    const script = `
      await import("${url}/flaky.js").catch((error) => console.log(error.name));
      console.log((await import("${url}/flaky.js")).default);
      const [a, b, c] = await Promise.all([import("${url}/one.js"), import("${url}/two.js"), import("${url}/shared.js")]);
      console.log(a.default === b.default, b.default === c.default);`;
    const { out, err } = await project.run(script, flags);
    assertEquals(out, "TypeError\n1\nevaluated\ntrue true\n", err);
    assertEquals(requests.filter((path) => path === "/shared.js").length, 1);
  },
);

remoteTest(
  "encoded bodies are decoded, text and bytes are taken as they are",
  {
    "/gzip.js": async () => {
      const stream = new Blob(["export default 'packed'"])
        .stream()
        .pipeThrough(new CompressionStream("gzip"));
      return new Response(await new Response(stream).bytes(), {
        headers: { "content-type": JS, "content-encoding": "gzip" },
      });
    },
    "/note.txt": ["text/plain", "a note"],
  },
  async ({ url }, project, flags) => {
    const script = `
      import packed from "${url}/gzip.js";
      import text from "${url}/note.txt" with { type: "text" };
      import bytes from "${url}/note.txt" with { type: "bytes" };
      console.log(packed, text, bytes.length);`;
    const { out, err } = await project.run(script, flags);
    assertEquals(out, "packed a note 6\n", err);
  },
);

remoteTest(
  "a torn or changed entry of the cache is loaded anew, and a cache that cannot be written is no error",
  { "/a.js": [JS, "export default 'good'"] },
  async ({ url, requests }, project, flags) => {
    const script = `import a from "${url}/a.js"; console.log(a);`;
    await project.run(script, flags);
    const [entry] = project.entries();
    const good = Deno.readTextFileSync(entry);
    for (const bad of [good.slice(0, -3), good.replace("'good'", "'evil'"), "", "\0".repeat(100)]) {
      Deno.writeTextFileSync(entry, bad);
      assertEquals((await project.run(script, flags)).out, "good\n");
      assertEquals(Deno.readTextFileSync(entry), good);
    }
    assertEquals(requests.length, 5);
    project.write("file", "");
    const { out, err } = await project.run(script, flags, { RT_DIR: `${project.folder}/file` });
    assertEquals([out, err], ["good\n", ""]);
  },
);

remoteTest(
  "what is no file in the place of a cached module is replaced",
  { "/a.js": [JS, "export default 'good'"] },
  async ({ url, requests }, project, flags) => {
    const script = `import a from "${url}/a.js"; console.log(a);`;
    await project.run(script, flags);
    const [entry] = project.entries();
    const good = Deno.readTextFileSync(entry);
    for (const [what, put] of [
      ["folder", () => Deno.mkdirSync(entry)],
      ["link", () => Deno.symlinkSync("/dev/zero", entry)],
      ["FIFO", () => new Deno.Command("mkfifo", { args: [entry] }).outputSync()],
    ]) {
      Deno.removeSync(entry);
      put();
      const cached = await project.run(script, [...flags, "--cached-only"]);
      assert(cached.err.includes("Specifier not found in cache"), `${what}: ${cached.err}`);
      assertEquals((await project.run(script, flags)).out, "good\n", what);
      assert(Deno.lstatSync(entry).isFile, what);
      assertEquals(Deno.readTextFileSync(entry), good);
    }
    // Somebody's files stay; the module is loaded each time.
    Deno.removeSync(entry);
    Deno.mkdirSync(entry);
    Deno.writeTextFileSync(`${entry}/file`, "");
    requests.splice(0);
    assertEquals((await project.run(script, flags)).out, "good\n");
    assertEquals((await project.run(script, flags)).out, "good\n");
    assertEquals(requests, ["/a.js", "/a.js"]);
  },
);

remoteTest(
  "processes that fill the cache at the same time, one of them killed, leave it whole",
  Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [
      `/${i}.js`,
      [
        JS,
        i === 59
          ? "export default 1"
          : `import x from "./${i + 1}.js"; export default x + 1; // ${"x".repeat(5000)}`,
      ],
    ]),
  ),
  async ({ url }, project, flags) => {
    project.write("main.js", `import x from "${url}/0.js"; console.log(x);`);
    const start = () => project.command(["run", ...flags, "main.js"]).spawn();
    const killed = start();
    const others = [start(), start(), start()];
    await new Promise((resolve) => setTimeout(resolve, 60));
    killed.kill("SIGKILL");
    await killed.output();
    for (const child of others) {
      assertEquals(new TextDecoder().decode((await child.output()).stdout), "60\n");
    }
    const { out } = await project.run(project.read("main.js"), [...flags, "--cached-only"]);
    assertEquals(out, "60\n");
  },
);
