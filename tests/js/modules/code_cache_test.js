// Compiled code kept from one run to the next.
import { assert, assertEquals, test } from "../harness.js";
import { Project } from "./remote.js";

const kBig = `${Array.from({ length: 600 }, (_, i) => `export function f${i}(a, b) { return a + b + ${i}; }`).join("\n")}\n`;

function cacheTest(name, body) {
  test(name, async () => {
    const project = new Project();
    project.write("big.js", kBig);
    project.write("part.cjs", `${kBig.replaceAll("export ", "")}module.exports = f7;`);
    try {
      await body(project, () => {
        try {
          return project.entries(`${project.folder}/cache/code`);
        } catch {
          return [];
        }
      });
    } finally {
      project.remove();
    }
  });
}

const kScript =
  'import { f5 } from "./big.js"; import f7 from "./part.cjs"; console.log(f5(1, 2), f7(1, 1));';

cacheTest(
  "a second run uses what the first one left, and leaves it as it is",
  async (project, entries) => {
    assertEquals((await project.run(kScript)).out, "8 9\n");
    const [file] = entries();
    const made = Deno.statSync(file);
    assert(made.size > 10_000);
    assertEquals((await project.run(kScript)).out, "8 9\n");
    assertEquals(entries(), [file]);
    assertEquals(Deno.statSync(file).ino, made.ino);
  },
);

cacheTest("a changed file is compiled anew", async (project, entries) => {
  assertEquals((await project.run(kScript)).out, "8 9\n");
  const { ino } = Deno.statSync(entries()[0]);
  project.write("big.js", kBig.replaceAll("a + b", "a - b"));
  assertEquals((await project.run(kScript)).out, "4 9\n");
  assert(Deno.statSync(entries()[0]).ino !== ino);
  assertEquals((await project.run(kScript)).out, "4 9\n");
});

cacheTest("what is torn, changed or rubbish counts as not there", async (project, entries) => {
  await project.run(kScript);
  const [file] = entries();
  const whole = Deno.readFileSync(file);
  for (const broken of [
    whole.slice(0, 100),
    whole.slice(0, whole.length - 1),
    whole.map((byte, i) => (i === 5000 ? byte ^ 1 : byte)),
    new Uint8Array(0),
    new Uint8Array(64),
  ]) {
    Deno.writeFileSync(file, broken);
    const { code, out, err } = await project.run(kScript);
    assertEquals([code, out], [0, "8 9\n"], err);
    assertEquals(Deno.readFileSync(file).length > 10_000, true);
  }
});

cacheTest("little programs and --no-code-cache keep nothing", async (project, entries) => {
  await project.run("console.log(1);");
  await project.run(kScript, ["--no-code-cache"]);
  assertEquals(entries(), []);
  await project.run(kScript, ["--v8-flags=--no-lazy"]);
  await project.run(kScript);
  assertEquals(entries().length, 2);
});

cacheTest("errors in kept code are where they were", async (project) => {
  project.write("big.js", `${kBig}export function fail() {\n  throw new Error("here");\n}\n`);
  const script = 'import { fail } from "./big.js"; fail();';
  const first = await project.run(script);
  assert(first.err.includes("big.js:602:9"), first.err);
  assertEquals((await project.run(script)).err, first.err);
});
