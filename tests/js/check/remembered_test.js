// A program that was found in order is checked again only when something has changed.
import { assert, assertEquals, test } from "../harness.js";
import { host, Project } from "../modules/remote.js";

function rememberTest(name, body) {
  test(name, async () => {
    const server = host({});
    const project = new Project();
    /** Whether it was checked anew; throws if it had errors and `fails` is not said. */
    const checks = async ({ fails = false, flags = [] } = {}) => {
      const args = ["check", "--allow-import", ...flags, "main.ts"];
      const { code, stderr } = await project.command(args).output();
      const err = new TextDecoder().decode(stderr);
      assertEquals(code, fails ? 1 : 0, err);
      return err.includes("Check file:");
    };
    try {
      await body({ project, server, checks });
    } finally {
      await server.shutdown();
      project.remove();
    }
  });
}

rememberTest("files, and files that were not there", async ({ project, checks }) => {
  project.write("main.ts", 'import { a } from "./a.ts"; export const n: number = a;');
  project.write("a.ts", "export const a = 1;");
  assert(await checks());
  assert(!(await checks()));
  project.write("a.ts", "export const a = 2;");
  assert(await checks());
  assert(!(await checks()));
  project.write("a.ts", 'export const a = "x";');
  assert(await checks({ fails: true }));
  assert(await checks({ fails: true }), "errors are shown each time");
  project.write("a.ts", "export const a = 2;");
  // What was in order once is so again.
  assert(!(await checks()));
  project.write("deno.json", '{ "compilerOptions": { "noUnusedLocals": true } }');
  assert(await checks());
  project.write("deno.json", '{ "imports": { "./a.ts": "./b.ts" } }');
  await checks({ fails: true });
});

rememberTest("--all is another question", async ({ project, checks }) => {
  project.write("main.ts", "export {};");
  assert(await checks());
  assert(await checks({ flags: ["--all"] }));
  assert(!(await checks({ flags: ["--all"] })));
  assert(!(await checks()));
});

rememberTest("modules of other hosts, asked again with --reload", async (t) => {
  const { project, server, checks } = t;
  server.files["/m.ts"] = ["application/typescript", "export const m = 1;"];
  project.write("main.ts", `import { m } from "${server.url}/m.ts"; export const n: number = m;`);
  assert(await checks());
  assert(!(await checks()));
  server.files["/m.ts"] = ["application/typescript", 'export const m = "text";'];
  assert(!(await checks()), "it is in the cache");
  assert(await checks({ fails: true, flags: ["--reload"] }));
  assert(await checks({ fails: true }));
});

rememberTest("a record that is torn counts as none", async ({ project, checks }) => {
  project.write("main.ts", "export {};");
  assert(await checks());
  for (const path of project.entries(`${project.folder}/cache/checked`)) {
    for (const text of [
      "",
      "[",
      "[]",
      '[["kind"]]',
      '[["resolve","x"]]',
      '[["what","x","y"]]',
      "null",
    ]) {
      Deno.writeTextFileSync(path, text);
      assert(await checks(), text);
    }
  }
  assert(!(await checks()));
});
