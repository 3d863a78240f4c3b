// npm: packages whose files in the cache are not what was published, and lock files that say
// nothing about them.
import { assert, assertEquals } from "../harness.js";
import { npmTest } from "./npm_project.js";

const script = 'import p from "npm:p@1"; console.log(p);';

/** Publishes a package of three files; where it will be in the cache. */
async function publish(registry, project) {
  await registry.publish("p", "1.0.0", {
    "index.js": 'module.exports = require("./lib/part.js") + require("./data.json").more;',
    "lib/part.js": "module.exports = 1;",
    "data.json": '{ "more": 1 }',
  });
  return () => {
    const root = `${project.folder}/cache/npm`;
    const place = [...Deno.readDirSync(root)].find(({ name }) => !name.startsWith(".")).name;
    return `${root}/${place}/p/1.0.0`;
  };
}

function makeFifo(path) {
  new Deno.Command("mkfifo", { args: [path] }).outputSync();
}

npmTest(
  "what was changed in the cache is loaded again, and never runs",
  async ({ registry, run, project }) => {
    const folder = await publish(registry, project);
    assertEquals((await run(script, ["--lock=l.json"])).out, "2\n");
    project.write("elsewhere.js", 'module.exports = "poisoned";');
    const elsewhere = `${project.folder}/elsewhere.js`;
    for (const file of ["index.js", "lib/part.js", "data.json", "package.json", ".rt-files"]) {
      const path = `${folder()}/${file}`;
      const original = Deno.readFileSync(path);
      const instead = (put) => () => {
        Deno.removeSync(path);
        put(path);
      };
      for (const [what, change] of [
        ["other", () => Deno.writeTextFileSync(path, 'module.exports = "poisoned";')],
        ["empty", () => Deno.truncateSync(path)],
        ["cut", () => Deno.truncateSync(path, 3)],
        ["gone", () => Deno.removeSync(path)],
        ["a folder", instead((place) => Deno.mkdirSync(place))],
        ["a link", instead((place) => Deno.symlinkSync("/dev/zero", place))],
        ["a link elsewhere", instead((place) => Deno.symlinkSync(elsewhere, place))],
        ["a FIFO", instead(makeFifo)],
      ]) {
        change();
        const cached = await run(script, ["--cached-only", "--no-lock"]);
        assertEquals(cached.code, 1, `${file} ${what}`);
        assertEquals(cached.out, "");
        assert(cached.err.includes('npm package "p@1.0.0" is damaged in the cache'), cached.err);
        assert(cached.err.includes(`${folder()}/`), cached.err);
        const before = registry.requests.length;
        const { out, err } = await run(script, ["--lock=l.json", "--frozen"]);
        assertEquals(out, "2\n", `${file} ${what}: ${err}`);
        assertEquals(registry.requests.slice(before), ["/p/-/p-1.0.0.tgz"]);
        assertEquals(Deno.readFileSync(path), original);
        assert(Deno.lstatSync(path).isFile);
      }
    }
  },
);

npmTest(
  "what has been changed in the cache and at the registry is an error",
  async ({ registry, run, project }) => {
    const folder = await publish(registry, project);
    assertEquals((await run(script, ["--lock=l.json"])).out, "2\n");
    Deno.writeTextFileSync(`${folder()}/index.js`, "module.exports = 3;");
    await registry.publish("p", "1.0.0", { "index.js": "module.exports = 4;" });
    const { code, out, err } = await run(script, ["--lock=l.json"]);
    assertEquals(code, 1);
    assertEquals(out, "");
    assert(err.includes("it cannot be loaded again") && err.includes("Integrity"), err);
  },
);

npmTest("a file that was added to a package is none of it", async ({ registry, run, project }) => {
  const folder = await publish(registry, project);
  assertEquals((await run(script)).out, "2\n");
  Deno.writeTextFileSync(`${folder()}/evil.js`, "module.exports = 3;");
  const { code, out, err } = await run('import p from "npm:p@1/evil.js"; console.log(p);');
  assertEquals(code, 1);
  assertEquals(out, "");
  assert(err.includes("evil.js"), err);
});

npmTest(
  "an import() in a sandboxed program repairs a package too",
  async ({ registry, run, project }) => {
    const folder = await publish(registry, project);
    assertEquals((await run(script)).out, "2\n");
    Deno.writeTextFileSync(`${folder()}/lib/part.js`, "module.exports = 3;");
    const dynamic = 'const name = "npm:p@1"; console.log((await import(name)).default);';
    const { out, err } = await run(dynamic, [`--allow-import=${registry.server.origin}`]);
    assertEquals(out, "2\n", err);
  },
);

npmTest(
  "an integrity that is none is an error, in the cache or not",
  async ({ registry, run, project }) => {
    await publish(registry, project);
    assertEquals((await run(script, ["--lock=l.json"])).out, "2\n");
    const locked = JSON.parse(project.read("l.json"));
    const right = locked.npm["p@1.0.0"].integrity;
    const wrong = `sha512-${btoa("x".repeat(64))}`;
    for (const [integrity, expected] of [
      ["", "is no hash rt knows"],
      ["garbage", "is no hash rt knows"],
      ["md5-abc", "is no hash rt knows"],
      ["sha512-", "is no hash rt knows"],
      ["sha512-AAAA", "is no hash rt knows"],
      ["sha1-abc", "is no hash rt knows"],
      [`${right} sha512-AAAA`, "is no hash rt knows"],
      [wrong, "Integrity check failed"],
      [`sha384-${btoa("x".repeat(48))}`, "Integrity check failed"],
      [`sha256-${btoa("x".repeat(32))}`, "Integrity check failed"],
      [`sha1-${btoa("x".repeat(20))}`, "Integrity check failed"],
      ["0".repeat(40), "Integrity check failed"],
    ]) {
      locked.npm["p@1.0.0"].integrity = integrity;
      const text = JSON.stringify(locked);
      project.write("l.json", text);
      for (const flags of [["--frozen"], ["--frozen"], []]) {
        const { code, out, err } = await run(script, ["--lock=l.json", ...flags]);
        assertEquals(code, 1, `${integrity}: ${err}`);
        assertEquals(out, "");
        assert(err.includes(expected), `${integrity}: ${err}`);
        assertEquals(project.read("l.json"), text);
      }
    }
    locked.npm["p@1.0.0"].integrity = `${wrong} ${right}`;
    project.write("l.json", JSON.stringify(locked));
    assertEquals((await run(script, ["--lock=l.json", "--frozen"])).out, "2\n");
  },
);

npmTest(
  "the type checker reads a package's declarations as they were published",
  async ({ registry, project, env }) => {
    await registry.publish("typed", "1.0.0", {
      "package.json": JSON.stringify({
        name: "typed",
        version: "1.0.0",
        type: "module",
        exports: { ".": { types: "./index.d.ts", default: "./index.js" } },
      }),
      "index.js": "export const one = 1;",
      "index.d.ts": 'export { one } from "./lib/part.js";',
      "lib/part.d.ts": "export declare const one: number;",
      "lib/part.js": "export const one = 1;",
    });
    project.write(
      "main.ts",
      'import { one } from "npm:typed@1"; const a: number = one; console.log(a);',
    );
    const check = async (...flags) => {
      const output = await project.command(["check", ...flags, "main.ts"], env).output();
      return { code: output.code, err: new TextDecoder().decode(output.stderr) };
    };
    const first = await check();
    assertEquals(first.code, 0, first.err);
    const root = `${project.folder}/cache/npm`;
    const place = [...Deno.readDirSync(root)].find(({ name }) => !name.startsWith(".")).name;
    for (const file of ["index.d.ts", "lib/part.d.ts", "package.json"]) {
      const path = `${root}/${place}/typed/1.0.0/${file}`;
      const original = Deno.readTextFileSync(path);
      for (const change of [
        () => Deno.writeTextFileSync(path, "export declare const one: string;"),
        () => Deno.removeSync(path),
      ]) {
        change();
        const cached = await check("--cached-only");
        assertEquals(cached.code, 1, file);
        assert(cached.err.includes('npm package "typed@1.0.0" is damaged'), cached.err);
        const before = registry.requests.length;
        const repaired = await check();
        assertEquals(repaired.code, 0, `${file}: ${repaired.err}`);
        assertEquals(registry.requests.slice(before), ["/typed/-/typed-1.0.0.tgz"]);
        assertEquals(Deno.readTextFileSync(path), original);
      }
    }
  },
);
