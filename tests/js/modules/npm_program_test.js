// `rt run npm:x`: programs of packages, against a registry in this process. And what package.json
// declares from elsewhere.
import { assert, assertEquals, test } from "../harness.js";
import { NpmRegistry } from "./npm_registry.js";
import { Project } from "./remote.js";

function programTest(name, body) {
  test(name, async () => {
    const registry = new NpmRegistry();
    const project = new Project();
    const env = { NPM_CONFIG_REGISTRY: registry.url, HOME: project.folder };
    const run = async (...args) => {
      const output = await project.command(["run", "--no-prompt", ...args], env).output();
      const text = (bytes) => new TextDecoder().decode(bytes);
      return { code: output.code, out: text(output.stdout), err: text(output.stderr) };
    };
    try {
      await body({ registry, project, run });
    } finally {
      await registry.shutdown();
      project.remove();
    }
  });
}

const says = (text) => `#!/usr/bin/env node\nconsole.log("${text}", ...Deno.args);\n`;
const printed = (text) => ({ code: 0, out: `${text}\n`, err: "" });

programTest("the program of the package's name, and another", async ({ registry, run }) => {
  await registry.publish(
    "@s/say",
    "1.0.0",
    { "cli.js": says("say"), "other.mjs": says("other"), "main.js": says("main") },
    { main: "main.js", bin: { other: "./other.mjs", say: "cli.js" } },
  );
  assertEquals(await run("npm:@s/say@1", "a", "--b"), printed("say a --b"));
  assertEquals(await run("npm:@s/say/other", "c"), printed("other c"));
  const absent = await run("npm:@s/say/absent");
  assertEquals(absent.code, 1);
});

programTest("one program, however it is called", async ({ registry, run }) => {
  await registry.publish("one", "1.0.0", { "p.js": says("p") }, { bin: { uno: "./p.js" } });
  await registry.publish("text", "1.0.0", { "p.js": says("t") }, { bin: "p.js" });
  assertEquals(await run("npm:one"), printed("p"));
  assertEquals(await run("npm:text"), printed("t"));
});

programTest("without a program it is the package's main module", async ({ registry, run }) => {
  await registry.publish("lib", "1.0.0", { "index.js": says("lib") });
  assertEquals(await run("npm:lib"), printed("lib"));
});

programTest("a program outside its package is an error", async ({ registry, run }) => {
  await registry.publish("bad", "1.0.0", { "index.js": says("lib") }, { bin: "../../x.js" });
  const { code, err } = await run("npm:bad");
  assertEquals(code, 1);
  assert(err.includes('Invalid "bin" target "../../x.js"'), err);
});

programTest(
  "an import is of the package, not of its program",
  async ({ registry, project, run }) => {
    await registry.publish(
      "both",
      "1.0.0",
      { "p.js": says("p"), "main.js": "export default 'main';" },
      { type: "module", exports: "./main.js", bin: "p.js" },
    );
    project.write("main.js", 'import both from "npm:both"; console.log(both);');
    assertEquals(await run("main.js"), printed("main"));
  },
);

programTest("a dependency from elsewhere has to be installed", async ({ project, run }) => {
  project.write("main.js", 'import "x";');
  for (const from of ["git+ssh://git@example.com/x.git", "https://example.com/x.tgz", "user/x"]) {
    project.write("package.json", JSON.stringify({ dependencies: { x: from } }));
    const { code, err } = await run("main.js");
    assertEquals(code, 1);
    assert(err.includes('not implemented: "x" from "'), err);
    assert(err.includes("Install it into node_modules"), err);
  }
});

programTest("its configuration is that of the current folder", async ({ registry, project }) => {
  await registry.publish("@own/say", "1.0.0", { "cli.js": says("own") }, { bin: "cli.js" });
  project.write("project/deno.json", "{}");
  project.write("project/.npmrc", `@own:registry=${registry.url}\nregistry=http://127.0.0.1:1/`);
  Deno.mkdirSync(`${project.folder}/project/below`);
  const run = () =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "npm:@own/say@1"],
      cwd: `${project.folder}/project/below`,
      clearEnv: true,
      env: { RT_DIR: `${project.folder}/cache`, NO_COLOR: "1", HOME: project.folder },
    }).output();
  const text = (bytes) => new TextDecoder().decode(bytes);
  const output = await run();
  assertEquals(text(output.stdout), "own\n", text(output.stderr));
  const lock = JSON.parse(project.read("project/deno.lock"));
  assertEquals(lock.specifiers, { "npm:@own/say@1": "1.0.0" });
  // Of the folder the package is kept in there is none.
  Deno.removeSync(`${project.folder}/project/.npmrc`);
  project.write("project/deno.lock", '{ "version": "99" }');
  assert(text((await run()).stderr).includes("project/deno.lock is of a version"));
});

programTest("a FIFO in a program's place is not waited for", async ({ registry, run, project }) => {
  await registry.publish("say", "1.0.0", { "cli.js": says("said") }, { bin: "cli.js" });
  assertEquals(await run("npm:say"), printed("said"));
  const root = `${project.folder}/cache/npm`;
  const place = [...Deno.readDirSync(root)].find(({ name }) => !name.startsWith(".")).name;
  const file = `${root}/${place}/say/1.0.0/cli.js`;
  Deno.removeSync(file);
  new Deno.Command("mkfifo", { args: [file] }).outputSync();
  assertEquals(await run("npm:say"), printed("said"));
});
