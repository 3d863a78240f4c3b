// jsr: specifiers and the lock file, against a registry in this process.
import { assert, assertEquals, test } from "../harness.js";
import { host, Project, sha256 } from "./remote.js";

const TS = "application/typescript";

/** A registry with @s/p in versions 1.0.0, 1.2.0, 1.3.0 (yanked) and 2.0.0-beta.1. */
async function registry() {
  const files = {};
  const publish = async (version, text) => {
    const base = `/@s/p/${version}`;
    files[`${base}/mod.ts`] = [TS, text];
    files[`${base}/deep/x.ts`] = [TS, 'export const x: string = "x";'];
    const manifest = {};
    for (const path of ["/mod.ts", "/deep/x.ts"]) {
      manifest[path] = { size: 1, checksum: `sha256-${await sha256(files[base + path][1])}` };
    }
    const meta = {
      exports: { ".": "./mod.ts", "./x": "./deep/x.ts", "./out": "./../../x.ts" },
      manifest,
    };
    files[`${base}_meta.json`] = ["application/json", JSON.stringify(meta)];
  };
  for (const version of ["1.0.0", "1.2.0", "1.3.0", "2.0.0-beta.1"]) {
    await publish(
      version,
      `import { x } from "./deep/x.ts";\nexport const v: string = "${version}" + x;`,
    );
  }
  const versions = { "1.0.0": {}, "1.2.0": {}, "1.3.0": { yanked: true }, "2.0.0-beta.1": {} };
  files["/@s/p/meta.json"] = [
    "application/json",
    JSON.stringify({ scope: "s", name: "p", versions }),
  ];
  return { server: host(files), publish, versions };
}

function jsrTest(name, body) {
  test(name, async () => {
    const { server, publish, versions } = await registry();
    const project = new Project();
    const run = (script, flags = []) => project.run(script, flags, { JSR_URL: server.url });
    try {
      await body({ server, publish, versions, project, run });
    } finally {
      await server.shutdown();
      project.remove();
    }
  });
}

jsrTest("a range picks the newest version that is not yanked", async ({ run }) => {
  for (const [specifier, expected] of [
    ["jsr:@s/p", "1.2.0x"],
    ["jsr:@s/p@1", "1.2.0x"],
    ["jsr:/@s/p@^1.0.0", "1.2.0x"],
    ["jsr:@s/p@1.0", "1.0.0x"],
    ["jsr:@s/p@2.0.0-beta.1", "2.0.0-beta.1x"],
  ]) {
    const { out, err } = await run(`import { v } from "${specifier}"; console.log(v);`);
    assertEquals(out, `${expected}\n`, err);
  }
  assertEquals((await run('import { x } from "jsr:@s/p@1/x"; console.log(x);')).out, "x\n");
});

jsrTest("deno.json names packages", async ({ run, project }) => {
  project.write("deno.json", '{ "imports": { "p": "jsr:@s/p@1" }, "lock": false }');
  const { out, err } = await run(
    'import { v } from "p"; import { x } from "p/x"; console.log(v, x);',
  );
  assertEquals(out, "1.2.0x x\n", err);
});

jsrTest("what is not there is named", async ({ run }) => {
  for (const [specifier, expected] of [
    ["jsr:@s/p@9", 'Could not find a version of "@s/p" that matches "9"'],
    ["jsr:@s/p/nope", "Unknown export './nope' for '@s/p@1.2.0'"],
    ["jsr:@s/p/out", "Unknown export './out' for '@s/p@1.2.0'"],
    ["jsr:@s/absent", "Module not found"],
    ["jsr:nope", "is no jsr: specifier"],
    ["jsr:@s/p@latest", '"latest" is no range of versions'],
  ]) {
    const { code, err } = await run(`import "${specifier}";`);
    assertEquals(code, 1);
    assert(err.includes(expected), err);
  }
});

jsrTest(
  "a cached list of versions that has none is asked for again",
  async ({ run, server, publish, versions }) => {
    assertEquals((await run('import { v } from "jsr:@s/p@1"; console.log(v);')).out, "1.2.0x\n");
    await publish("1.5.0", 'export const v = "1.5.0";');
    versions["1.5.0"] = {};
    server.files["/@s/p/meta.json"] = ["application/json", JSON.stringify({ versions })];
    assertEquals((await run('import { v } from "jsr:@s/p@1"; console.log(v);')).out, "1.2.0x\n");
    assertEquals((await run('import { v } from "jsr:@s/p@1.5"; console.log(v);')).out, "1.5.0\n");
    assertEquals(
      (await run('import { v } from "jsr:@s/p@1"; console.log(v);', ["-r"])).out,
      "1.5.0\n",
    );
  },
);

jsrTest("a file that is not the published one is refused", async ({ run, server }) => {
  server.files["/@s/p/1.2.0/deep/x.ts"] = [TS, 'export const x = "evil";'];
  const { code, out, err } = await run('import { v } from "jsr:@s/p@1"; console.log(v);');
  assertEquals([code, out], [1, ""]);
  assert(err.includes("Integrity check failed for"), err);
  assert(err.includes("it is not the file that was published"), err);
});

jsrTest(
  "the lock file keeps versions and refuses what changed",
  async ({ run, server, publish, versions, project }) => {
    project.write("deno.json", "{}");
    const script = `import { v } from "jsr:@s/p@1"; import a from "${server.url}/plain.js"; console.log(v, a);`;
    server.files["/plain.js"] = ["text/javascript", "export default 1"];
    const imports = [`--allow-import=${server.origin}`];
    assertEquals((await run(script, imports)).out, "1.2.0x 1\n");
    const lock = JSON.parse(project.read("deno.lock"));
    assertEquals(lock.version, "5");
    assertEquals(lock.specifiers, { "jsr:@s/p@1": "1.2.0" });
    assertEquals(lock.remote, { [`${server.url}/plain.js`]: await sha256("export default 1") });
    assertEquals(Object.keys(lock.jsr), ["@s/p@1.2.0"]);

    await publish("1.9.0", 'export const v = "1.9.0";');
    versions["1.9.0"] = {};
    server.files["/@s/p/meta.json"] = ["application/json", JSON.stringify({ versions })];
    assertEquals((await run(script, [...imports, "-r"])).out, "1.2.0x 1\n");
    assertEquals((await run(script, [...imports, "-r", "--no-lock"])).out, "1.9.0 1\n");

    server.files["/plain.js"] = ["text/javascript", "export default 2"];
    const changed = await run(script, [...imports, "-r"]);
    assertEquals(changed.code, 1);
    assert(
      changed.err.includes(`Integrity check failed for "${server.url}/plain.js"`),
      changed.err,
    );
  },
);

jsrTest("the lock file keeps its mode and its link", async ({ run, server, project }) => {
  server.files["/plain.js"] = ["text/javascript", "export default 1"];
  const flags = [`--allow-import=${server.origin}`, "--lock=link.lock"];
  project.write("real.lock", '{ "version": "5" }');
  Deno.chmodSync(`${project.folder}/real.lock`, 0o664);
  Deno.symlinkSync("real.lock", `${project.folder}/link.lock`);
  assertEquals((await run(`import "${server.url}/plain.js";`, flags)).err, "");
  assert(Deno.lstatSync(`${project.folder}/link.lock`).isSymlink);
  assert(project.read("real.lock").includes("/plain.js"));
  assertEquals(Deno.statSync(`${project.folder}/real.lock`).mode & 0o777, 0o664);
});

jsrTest("--frozen refuses to add to the lock file", async ({ run, server, project }) => {
  server.files["/plain.js"] = ["text/javascript", "export default 1"];
  const flags = [`--allow-import=${server.origin}`, "--frozen", "--lock=my.lock"];
  const script = `import a from "${server.url}/plain.js"; console.log(a);`;
  const refused = await run(script, flags);
  assert(refused.err.includes("--frozen forbids changing it"), refused.err);
  await run(script, [flags[0], flags[2]]);
  assertEquals((await run(script, flags)).out, "1\n");
  project.write("my.lock", "{ not json");
  const bad = await run(script, flags);
  assertEquals(bad.code, 1);
  assert(bad.err.includes("my.lock is no JSON"), bad.err);
  project.write("my.lock", '{ "version": "99" }');
  assert((await run(script, flags)).err.includes("of a version rt does not read"));
  for (const damaged of [
    '"remote":{"a":5}',
    '"redirects":[]',
    '"jsr":{"@s/p@1":5}',
    '"specifiers":{"a":null}',
  ]) {
    project.write("my.lock", `{"version":"5",${damaged}}`);
    assert((await run(script, flags)).err.includes("my.lock is damaged"), damaged);
  }
});
