// Text and bytes that the code of a registry's package imports: nothing may be read that
// Deno.readTextFile would refuse.
import { assert, assertEquals, test } from "../harness.js";
import { NpmRegistry } from "./npm_registry.js";
import { Project } from "./remote.js";

function dataTest(name, body) {
  test(name, async () => {
    const registry = new NpmRegistry();
    const project = new Project();
    const env = { NPM_CONFIG_REGISTRY: registry.url, HOME: project.folder };
    const run = (script, flags = []) => project.run(script, flags, env);
    project.write("beside.txt", "beside the program");
    try {
      await registry.publish(
        "p",
        "1.0.0",
        {
          "main.js": `
            export const here = import.meta.dirname;
            export const load = (url, type) =>
              import(url, { with: { type } }).then(
                ({ default: data }) => (type === "text" ? data : new TextDecoder().decode(data)),
                (error) => error.name,
              );`,
          "own.txt": "of the package",
          "text.js": `import t from "file://${project.folder}/beside.txt" with { type: "text" };`,
          "bytes.js": `import b from "../../../../../beside.txt" with { type: "bytes" };`,
        },
        { type: "module", exports: { ".": "./main.js", "./*": "./*" } },
      );
      await body({ project, run });
    } finally {
      await registry.shutdown();
      project.remove();
    }
  });
}

const script = (project) => `
  import { here, load } from "npm:p";
  for (const type of ["text", "bytes"]) {
    console.log(type, "outside:", await load("file://${project.folder}/beside.txt", type));
    console.log(type, "absent:", await load("file://${project.folder}/absent.txt", type));
    console.log(type, "relative:", await load("../../../../../beside.txt", type));
    console.log(type, "own:", await load("./own.txt", type));
  }`;

const lines = (values) =>
  ["text", "bytes"]
    .flatMap((type) => Object.entries(values).map(([what, value]) => `${type} ${what}: ${value}\n`))
    .join("");

dataTest("without read permission all of it is refused alike", async ({ project, run }) => {
  const refused = "NotCapable";
  const { out, err } = await run(script(project));
  const expected = { outside: refused, absent: refused, relative: refused, own: refused };
  assertEquals(out, lines(expected), err);
});

dataTest("with it what is there is read", async ({ project, run }) => {
  const { out, err } = await run(script(project), [`--allow-read=${project.folder}`]);
  const beside = "beside the program";
  const expected = {
    outside: beside,
    absent: "TypeError",
    relative: beside,
    own: "of the package",
  };
  assertEquals(out, lines(expected), err);
});

dataTest("a static import of a file outside is an error, whatever may be read", async ({ run }) => {
  for (const name of ["text.js", "bytes.js"]) {
    const { code, err } = await run(`import "npm:p/${name}";`, ["--allow-read"]);
    assertEquals(code, 1);
    assert(err.includes("Remote modules are not allowed to import local modules"), err);
    assert(!err.includes("beside the program"), err);
  }
});
