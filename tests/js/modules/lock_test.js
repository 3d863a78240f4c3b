// deno.lock: where it is, how it names what is asked for, and what is no file in its place.
import { assert, assertEquals } from "../harness.js";
import { npmTest } from "./npm_project.js";

const script = 'import v from "p"; console.log(v);';
const text = (bytes) => new TextDecoder().decode(bytes);

/** Whether there is such a file. */
function has(project, name) {
  try {
    return Deno.statSync(`${project.folder}/${name}`).isFile;
  } catch {
    return false;
  }
}

/** Two versions of a package, the second published by newer(). */
async function publish({ registry, project }) {
  await registry.publish("p", "1.0.0", { "index.js": "module.exports = 'old';" });
  return async () => {
    await registry.publish("p", "1.5.0", { "index.js": "module.exports = 'new';" });
    Deno.removeSync(`${project.folder}/cache`, { recursive: true });
  };
}

npmTest("a project with only a package.json has a lock file beside it", async (t) => {
  const { project, run } = t;
  const newer = await publish(t);
  project.write("package.json", '{ "dependencies": { "p": "^1.0.0" } }');
  const refused = await run(script, ["--frozen"]);
  assertEquals(refused.code, 1);
  assert(refused.err.includes(`${project.folder}/deno.lock is out of date`), refused.err);
  assertEquals((await run(script, ["--no-lock"])).out, "old\n");
  assertEquals((await run(script, ["--no-config"])).out, "old\n");
  assert(!has(project, "deno.lock"));
  assertEquals((await run(script)).out, "old\n");
  assertEquals(JSON.parse(project.read("deno.lock")).specifiers, { "npm:p@1": "1.0.0" });
  await newer();
  assertEquals((await run(script, ["--frozen"])).out, "old\n");
  assertEquals((await run(script, ["--no-lock"])).out, "new\n");
  assertEquals((await run(script, ["--lock=other.lock"])).out, "new\n");
  assert(has(project, "other.lock"));
});

npmTest("with a lock file no list of versions is looked at", async (t) => {
  const { project, run } = t;
  await publish(t);
  project.write("package.json", '{ "dependencies": { "p": "^1.0.0" } }');
  assertEquals((await run(script)).out, "old\n");
  Deno.removeSync(`${project.folder}/cache/npm/.registry`, { recursive: true });
  assertEquals((await run(script, ["--cached-only"])).out, "old\n");
  const unlocked = await run(script, ["--cached-only", "--no-lock"]);
  assert(unlocked.err.includes('not found in cache: "p"'), unlocked.err);
});

npmTest("the package.json above the main module counts, one of a package does not", async (t) => {
  const { project, env } = t;
  await publish(t);
  project.write("package.json", '{ "dependencies": { "p": "1" } }');
  for (const [folder, lock] of [
    ["src/deep", "deno.lock"],
    ["node_modules/x", "node_modules/x/deno.lock"],
  ]) {
    project.write(`${folder}/main.mjs`, 'import v from "npm:p@1"; console.log(v);');
    if (folder.startsWith("node")) project.write(`${folder}/package.json`, "{}");
    const output = await project.command(["run", `${folder}/main.mjs`], env).output();
    assertEquals(text(output.stdout), "old\n", text(output.stderr));
    assertEquals(has(project, lock), folder.startsWith("src"), folder);
  }
});

npmTest("what Deno locked is found, however the range is written", async (t) => {
  const { project, run } = t;
  const newer = await publish(t);
  project.write("deno.json", "{}");
  await run('import "npm:p@1";');
  const locked = project.read("deno.lock");
  await newer();
  for (const range of ["^1.0.0", "~1", "1.x", ">=1.0.0 <2.0.0"]) {
    const { out, err } = await run(`import v from "npm:p@${range}"; console.log(v);`, ["--frozen"]);
    assertEquals(out, "old\n", err);
  }
  // And what rt wrote when it named them as they stood.
  project.write("deno.lock", locked.replace('"npm:p@1"', '"npm:p@^1.0.0"'));
  const { out, err } = await run('import v from "npm:p@^1.0.0"; console.log(v);', ["--frozen"]);
  assertEquals(out, "old\n", err);
});

npmTest("what is no file in a lock file's place is named, and stays", async (t) => {
  const { project, run } = t;
  await publish(t);
  project.write("package.json", '{ "dependencies": { "p": "1" } }');
  const path = `${project.folder}/deno.lock`;
  Deno.mkdirSync(path);
  const folder = await run(script);
  assertEquals([folder.code, folder.out], [1, ""]);
  const advice = ": remove it, name another file with --lock=FILE, or use --no-lock";
  assert(folder.err.includes(`The lock file ${path} is a folder${advice}`), folder.err);
  assert(Deno.statSync(path).isDirectory);
  Deno.removeSync(path);
  await new Deno.Command("mkfifo", { args: [path] }).output();
  const fifo = await run(script);
  assert(fifo.err.includes(`The lock file ${path} is no regular file${advice}`), fifo.err);
  const device = await run(script, ["--lock=/dev/null"]);
  assert(device.err.includes("The lock file /dev/null is no regular file"), device.err);
  assert(Deno.statSync("/dev/null").isCharDevice);
});
