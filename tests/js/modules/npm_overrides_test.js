// `overrides` of the project's package.json, against a registry in this process.
import { assert, assertEquals, test } from "../harness.js";
import { NpmRegistry } from "./npm_registry.js";
import { Project } from "./remote.js";

const esm = (dependencies) => ({ type: "module", exports: "./main.js", dependencies });

function overridesTest(name, overrides, body) {
  test(name, async () => {
    const registry = new NpmRegistry();
    const project = new Project();
    const env = { NPM_CONFIG_REGISTRY: registry.url, HOME: project.folder };
    /** Says the rules, and runs a program that prints the versions of `low` that a and b found. */
    const run = (rules, flags = []) => {
      const manifest = { dependencies: { low: "1.1.0" }, overrides: rules };
      project.write("package.json", JSON.stringify(manifest));
      return project.run(
        'import a from "npm:a@1"; import b from "npm:b@1"; console.log(a, b);',
        flags,
        env,
      );
    };
    try {
      for (const version of ["1.0.0", "1.1.0", "2.0.0"]) {
        await registry.publish("low", version, { "index.js": `module.exports = "${version}";` });
      }
      const main = { "main.js": 'export { default } from "low";' };
      await registry.publish("a", "1.0.0", main, esm({ low: "1.0.0" }));
      await registry.publish("b", "1.0.0", main, esm({ low: "^2" }));
      await body({ registry, project, run, first: await run(overrides) });
    } finally {
      await registry.shutdown();
      project.remove();
    }
  });
}

const printed = (versions) => ({ code: 0, out: `${versions}\n`, err: "" });

overridesTest("a version for everybody", { low: "1.1.0" }, ({ first }) => {
  assertEquals(first, printed("1.1.0 1.1.0"));
});

overridesTest("for those who ask for some versions", { "low@1": "1.1.0" }, ({ first }) => {
  assertEquals(first, printed("1.1.0 2.0.0"));
});

overridesTest("below one package", { b: { low: "1.0.0" } }, ({ first }) => {
  assertEquals(first, printed("1.0.0 1.0.0"));
});

overridesTest("the version the project itself asks for", { low: "$low" }, ({ first }) => {
  assertEquals(first, printed("1.1.0 1.1.0"));
});

overridesTest("another package under the name", {}, async ({ registry, run }) => {
  await registry.publish("c", "1.0.0", { "index.js": 'module.exports = "c";' });
  assertEquals(await run({ low: "npm:c@1" }), printed("c c"));
});

overridesTest("a lock file from before does not count", { low: "1.0.0" }, async (t) => {
  const { project, run } = t;
  project.write("deno.json", "{}");
  assertEquals(await run({ low: "1.0.0" }), printed("1.0.0 1.0.0"));
  const lock = project.read("deno.lock");
  assert(lock.includes("low@1.0.0"), lock);
  const frozen = await run({ low: "2.0.0" }, ["--frozen"]);
  assertEquals(frozen.code, 1);
  assert(frozen.err.includes("is out of date"), frozen.err);
  assertEquals(await run({ low: "2.0.0" }), printed("2.0.0 2.0.0"));
  assertEquals(await run({ low: "2.0.0" }, ["--frozen"]), printed("2.0.0 2.0.0"));
  assert(project.read("deno.lock").includes("low@2.0.0"));
});

overridesTest("rules that make no sense are errors", {}, async ({ run }) => {
  for (const [rules, message] of [
    [["low"], '"overrides" must be an object'],
    [{ low: 1 }, '"low" must be a string or an object'],
    [{ "../low": "1" }, '"../low" is no package\'s name'],
    [{ low: "$absent" }, 'refers to "$absent", which is no dependency'],
    [{ low: "git+https://example.com/x.git" }, "which is no registry"],
  ]) {
    const { code, err } = await run(rules);
    assertEquals(code, 1);
    assert(err.includes(message), err);
  }
});
