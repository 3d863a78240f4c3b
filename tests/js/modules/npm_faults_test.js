// npm: specifiers: registries and archives that are not what they should be, logins, permissions,
// two processes at once.
import { assert, assertEquals } from "../harness.js";
import { npmTest } from "./npm_project.js";
import { gzip, NpmRegistry, tar } from "./npm_registry.js";

/** All folders of packages in the cache, and what is left of half-made ones. */
function folders(project) {
  const root = `${project.folder}/cache/npm`;
  const found = [];
  for (const registry of Deno.readDirSync(root)) {
    if (registry.name === ".registry") continue;
    for (const name of Deno.readDirSync(`${root}/${registry.name}`)) {
      found.push(registry.name === ".new" ? `.new/${name.name}` : name.name);
    }
  }
  return found.sort();
}

const manifest = { name: "package/package.json", text: "{}" };

npmTest(
  "an archive that is not what the registry says is refused",
  async ({ registry, run, project }) => {
    const good = await gzip(tar([manifest]));
    for (const [name, options, expected] of [
      [
        "sha512",
        { dist: { integrity: `sha512-${btoa("x".repeat(64))}` } },
        "Integrity check failed",
      ],
      [
        "sha1",
        { dist: { integrity: undefined, shasum: "0".repeat(40) } },
        "Integrity check failed",
      ],
      ["unknown", { dist: { integrity: "md5-AAAA" } }, "is no hash rt knows"],
      ["torn", { tarball: good.slice(0, 60) }, "the archive is damaged"],
      ["cut", { tarball: await gzip(tar([manifest]).slice(0, 700)) }, "it is cut off"],
      ["text", { tarball: new TextEncoder().encode("<html>") }, "the archive is damaged"],
      ["sum", { tarball: await gzip(new Blob(["x".repeat(512)])) }, "checksum is wrong"],
      ["empty", { tarball: await gzip(tar([])) }, "has no package.json"],
      ["up", { entries: [{ name: "package/../../evil.js" }] }, "is outside the package"],
      ["root", { entries: [{ name: "/tmp/rt-evil.js" }] }, "is outside the package"],
      [
        "both",
        { entries: [{ name: "package/a" }, { name: "package/a/b" }] },
        "is a file and a folder",
      ],
    ]) {
      await registry.publish(name, "1.0.0", {}, {}, options);
      const { code, err } = await run(`import "npm:${name}";`);
      assertEquals(code, 1, name);
      assert(
        err.includes(`npm package "${name}@1.0.0": `) && err.includes(expected),
        `${name}: ${err}`,
      );
    }
    assertEquals(folders(project), []);
  },
);

npmTest(
  "links, devices and modes of an archive come to nothing",
  async ({ registry, run, project }) => {
    await registry.publish(
      "p",
      "1.0.0",
      { "index.js": "module.exports = require('./twice.js');" },
      {},
      {
        entries: [
          { name: "package/link", type: "2", link: "/etc" },
          { name: "package/link/passwd.js", text: "" },
          { name: "package/hard.js", type: "1", link: "package/index.js" },
          { name: "package/fifo", type: "6" },
          { name: "package/twice.js", text: "module.exports = 1;" },
          { name: "package/twice.js", text: "module.exports = 2;", mode: 0o6777 },
          { name: "././@LongLink", type: "L", text: `package/${"long".repeat(40)}.js` },
          { name: "package/short.js", text: "" },
          { name: "package/PaxHeader", type: "x", text: "23 path=package/pax.js\n" },
          { name: "package/short.js", text: "" },
        ],
      },
    );
    const { out, err } = await run('import p from "npm:p"; console.log(p);');
    assertEquals(out, "2\n", err);
    const names = [];
    const modes = new Set();
    const walk = (folder) => {
      for (const entry of Deno.readDirSync(folder)) {
        const path = `${folder}/${entry.name}`;
        assert(!entry.isSymlink);
        if (entry.isDirectory) {
          walk(path);
          continue;
        }
        names.push(entry.name);
        modes.add(Deno.statSync(path).mode & 0o7000);
      }
    };
    walk(`${project.folder}/cache/npm`);
    assertEquals([...modes], [0]);
    for (const name of ["passwd.js", "twice.js", "pax.js", `${"long".repeat(40)}.js`]) {
      assert(names.includes(name), name);
    }
    for (const name of ["link", "hard.js", "fifo", "short.js"]) assert(!names.includes(name), name);
  },
);

npmTest("a registry that answers wrongly is named", async ({ registry, run }) => {
  const { files, url } = registry.server;
  const json = (text) => () =>
    new Response(text, { headers: { "content-type": "application/json" } });
  for (const [answer, expected] of [
    [json("<html>"), 'What the npm registry says about "p"'],
    [json('{ "versions": [] }'), 'What the npm registry says about "p"'],
    [() => new Response("", { status: 500 }), "the server answered 500"],
    [() => new Response("", { status: 401 }), "the server answered 401"],
    [() => Response.redirect(`${url}/p`), "Too many redirects"],
    [
      json('{ "versions": { "1.0.0": { "dist": { "tarball": "ftp://x/y" } } } }'),
      "is no http or https URL",
    ],
    [json('{ "versions": { "../1.0.0": {} } }'), 'Could not find npm package "p"'],
    [
      json('{ "versions": { "1.0.0": { "dependencies": { "q": "git+ssh://x" } } } }'),
      "which is no registry",
    ],
    [
      json('{ "versions": { "1.0.0": { "dependencies": { "q": "1" } } } }'),
      'npm package "q" does not exist, which "p@1.0.0" needs',
    ],
  ]) {
    files["/p"] = answer;
    const { code, err } = await run('import "npm:p";', ["--reload"]);
    assertEquals(code, 1);
    assert(err.includes(expected), err);
  }
});

npmTest("logins go to their registry alone", async ({ registry, run, project }) => {
  const other = new NpmRegistry();
  try {
    const seen = [];
    for (const [name, served] of [
      ["plain", registry],
      ["@own/p", other],
    ]) {
      await served.publish(name, "1.0.0", { "index.js": `module.exports = "${name}";` });
      for (const [path, answer] of Object.entries(served.server.files)) {
        served.server.files[path] = (request) => {
          seen.push(`${name} ${request.headers.get("authorization")}`);
          return typeof answer === "function" ? answer(request) : new Response(answer[1]);
        };
      }
    }
    const script = 'import a from "npm:plain"; import b from "npm:@own/p"; console.log(a, b);';
    const fresh = async (npmrc, user, env = {}) => {
      seen.splice(0);
      project.write(".npmrc", npmrc);
      project.write("home/.npmrc", user);
      const home = { HOME: `${project.folder}/home` };
      const { out, err } = await run(script, ["--reload"], { ...home, ...env });
      assertEquals(out, "plain @own/p\n", err);
      return [...new Set(seen)].sort();
    };
    const scope = `@own:registry=${other.url}\n`;
    const host = other.server.origin;
    assertEquals(
      await fresh(`${scope}; a comment\n//${host}/:_authToken=\${TOKEN}\n`, "", {
        TOKEN: "s3cret",
      }),
      ["@own/p Bearer s3cret", "plain null"],
    );
    assertEquals(await fresh(scope, `//${host}/:_auth = "dTpw"\n`), [
      "@own/p Basic dTpw",
      "plain null",
    ]);
    assertEquals(
      await fresh(
        `${scope}//${host}/:username=u\n//${host}/:_password=cA==\n`,
        `//${host}/:_authToken=far`,
      ),
      ["@own/p Basic dTpw", "plain null"],
    );
    assertEquals(await fresh(scope, `//${host}/elsewhere/:_authToken=x\n`), [
      "@own/p null",
      "plain null",
    ]);
    // Without the variable of the environment the file names the registry.
    project.write("package.json", "{}");
    assertEquals(
      await fresh(`registry=${registry.url}\n${scope}`, "registry=http://127.0.0.1:1", {
        NPM_CONFIG_REGISTRY: "",
      }),
      ["@own/p null", "plain null"],
    );
    project.write(".npmrc", "registry=nonsense");
    assert(
      (await run(script, [], { NPM_CONFIG_REGISTRY: "" })).err.includes(
        '"registry" must be an http or https URL',
      ),
    );
  } finally {
    await other.shutdown();
  }
});

npmTest("a package's code is that of another host", async ({ registry, run, project }) => {
  const path = `${project.folder}/secret.json`;
  project.write("secret.json", '{ "x": "secret" }');
  await registry.publish("p", "1.0.0", {
    "index.js": `
      exports.folder = __dirname;
      exports.own = require("./package.json").name;
      exports.grab = (name) => { try { return require(name).x; } catch (error) { return error.name; } };
      exports.load = (name) => import(name, { with: { type: "json" } }).then((m) => m.default.x, (error) => error.name);`,
    "static.mjs": `import secret from "${path}" with { type: "json" }; export default secret;`,
  });
  const script = `
    import p from "npm:p";
    console.log(p.own, p.grab("${path}"), p.grab("/etc/absent.json"), await p.load("file://${path}"));
    const name = (error) => error.name;
    console.log(await import(p.folder + "/index.js").then((m) => m.default === p, name));
    console.log(await Deno.readTextFile(p.folder + "/index.js").then(() => "read", name));
    console.log(await import("npm:p/static.mjs").catch((error) => error.message.slice(0, 53)));
    console.log(await import("npm:q").catch(name));`;
  const { out, err } = await run(script);
  assertEquals(
    out,
    `p NotCapable NotCapable NotCapable
true
NotCapable
Remote modules are not allowed to import local module
TypeError
`,
    err,
  );
  assert((await run(script, ["--allow-read"])).out.startsWith("p secret "));
  // Not the registry that the project names: its host is not allowed.
  const denied = await run('import "npm:p";', [`--deny-import=${registry.server.origin}`]);
  assert(denied.err.includes("Requires import access to"), denied.err);
  const said = await run('import "npm:p";', ["--allow-import=example.com"]);
  assert(said.err.includes("Requires import access to"), said.err);
});

npmTest(
  "processes that fill the cache at once, one of them killed",
  async ({ registry, project, env }) => {
    const size = 40;
    const dependencies = {};
    for (let i = 0; i < size; i++) {
      await registry.publish(`p${i}`, "1.0.0", {
        "index.js": `module.exports = ${i};`,
        "big.txt": "x".repeat(50_000),
      });
      dependencies[`p${i}`] = "1";
    }
    const sum = Object.keys(dependencies)
      .map((name) => `require("${name}")`)
      .join(" + ");
    await registry.publish(
      "all",
      "1.0.0",
      { "index.js": `module.exports = ${sum};` },
      { dependencies },
    );
    project.write("main.js", 'import all from "npm:all"; console.log(all);');
    const start = () => project.command(["run", "--no-prompt", "main.js"], env).spawn();
    const victim = start();
    while (!registry.requests.some((path) => `${path}`.endsWith(".tgz"))) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    victim.kill("SIGKILL");
    await victim.output();
    const outputs = await Promise.all([start(), start(), start()].map((child) => child.output()));
    for (const { stdout, stderr } of outputs) {
      assertEquals(new TextDecoder().decode(stdout), "780\n", new TextDecoder().decode(stderr));
    }
    const left = folders(project).filter((name) => !name.startsWith(".new/"));
    assertEquals(left.length, size + 1);
  },
);

npmTest("a package's folder that is not whole is made anew", async ({ registry, run, project }) => {
  await registry.publish("p", "1.0.0", { "index.js": "module.exports = 1;" });
  const script = 'import p from "npm:p"; console.log(p);';
  assertEquals((await run(script)).out, "1\n");
  const root = `${project.folder}/cache/npm`;
  const place = [...Deno.readDirSync(root)].find(({ name }) => !name.startsWith(".")).name;
  const folder = `${root}/${place}/p/1.0.0`;
  Deno.removeSync(`${folder}/.rt-integrity`);
  Deno.removeSync(`${folder}/index.js`);
  assertEquals((await run(script)).out, "1\n");
  Deno.writeTextFileSync(`${folder}/.rt-integrity`, "sha512-else");
  assertEquals((await run(script)).out, "1\n");
});

npmTest("a cache folder that cannot be written is said", async ({ registry, run, project }) => {
  await registry.publish("p", "1.0.0", { "index.js": "" });
  project.write("file", "");
  const { code, err } = await run('import "npm:p";', [], {
    RT_DIR: `${project.folder}/file/cache`,
  });
  assertEquals(code, 1);
  assert(err.includes("mkdir"), err);
});

npmTest(
  "a registry that says nothing is named after its time",
  async ({ registry, run, project }) => {
    const never = ({ signal }) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve(new Response(""))));
    registry.server.files["/silent"] = never;
    const script = 'import "npm:silent@1";';
    const began = performance.now();
    const silent = await run(script, [], { NPM_CONFIG_FETCH_TIMEOUT: "300" });
    assert(performance.now() - began < 30_000);
    assertEquals([silent.code, silent.out], [1, ""]);
    assert(
      silent.err.includes(`Import '${registry.url}silent' failed: no answer in time`),
      silent.err,
    );

    // One whose answer has a beginning only; and the time from a file.
    registry.server.files["/silent"] = () =>
      new Response(new ReadableStream({ start: (c) => c.enqueue(new TextEncoder().encode("{")) }));
    project.write(".npmrc", "fetch-timeout = 300 ; milliseconds\n");
    const stuck = await run(script);
    assertEquals([stuck.code, stuck.out], [1, ""]);
    assert(stuck.err.includes(`${registry.url}silent' failed: no answer in time`), stuck.err);

    for (const wrong of ["soon", "1s", "-1"]) {
      const { code, err } = await run(script, [], { NPM_CONFIG_FETCH_TIMEOUT: wrong });
      assertEquals(code, 1);
      assert(err.includes(`NPM_CONFIG_FETCH_TIMEOUT=${wrong}: not a number of milliseconds`), err);
    }
  },
);

npmTest("what a registry or a package.json says steers no terminal", async (t) => {
  const { registry, run, project } = t;
  const evil = "1\u001b[31m\u202e\u009b";
  await registry.publish("p", "1.0.0", { "index.js": "" }, { dependencies: { low: evil } });
  await registry.publish("low", "1.0.0", {});
  project.write("package.json", JSON.stringify({ dependencies: { low: evil } }));
  for (const script of ['import "low";', 'import "npm:p";', 'await import("low");']) {
    const { code, err } = await run(script, ["-A"]);
    assertEquals(code, 1);
    assert(err.includes('matching "1\\u{1b}[31m\\u{202e}\\u{9b}"'), err);
    assert(!err.includes("\u001b") && !err.includes("\u202e"), err);
  }
});

npmTest(
  "of long texts from outside a message quotes the ends",
  async ({ registry, run, project }) => {
    const long = "1".repeat(100_000);
    await registry.publish("p", "1.0.0", { "index.js": "" }, { dependencies: { low: long } });
    await registry.publish("low", "1.0.0", {});
    project.write("package.json", JSON.stringify({ dependencies: { low: long } }));
    for (const [script, expected] of [
      ['import "low";', "at file://"],
      [`import "npm:low@${long}";`, "at file://"],
      ['import "npm:p";', 'which "p@1.0.0" needs'],
      [`import "${long}";`, "at file://"],
      [`import "./${long}.js";`, "at file://"],
      [`await import("npm:low@${long}");`, "matching"],
      [`import.meta.resolve("${long}");`, "not a dependency"],
      [
        `import { createRequire } from "node:module"; createRequire(import.meta.url)("${long}");`,
        "Cannot find module",
      ],
    ]) {
      const { code, err } = await run(script, ["-A"]);
      assertEquals(code, 1, script.slice(0, 60));
      const message = err.slice(err.indexOf("error: "), err.indexOf("left out") + 1000);
      assert(message.includes(" bytes left out "), `${script.slice(0, 60)}: ${err.slice(0, 300)}`);
      assert(message.includes(expected), `${script.slice(0, 60)}: ${message}`);
    }
  },
);
