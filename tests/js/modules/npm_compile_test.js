// rt compile of a program with packages of a registry: its executable needs neither registry nor cache.
import { assertEquals } from "../harness.js";
import { npmTest } from "./npm_project.js";

npmTest("packages travel with the program", async ({ registry, project, env }) => {
  await registry.publish(
    "es",
    "1.0.0",
    { "index.js": 'import { name } from "cjs"; export const es = "es with " + name;' },
    { type: "module", dependencies: { cjs: "1" } },
  );
  await registry.publish(
    "cjs",
    "1.0.0",
    {
      "index.js": 'const { part } = require("./lib"); exports.name = part + require("dep");',
      "lib/index.js": 'exports.part = require("./data.json").part + __dirname.slice(-3);',
      "lib/data.json": '{ "part": "cjs in " }',
    },
    { dependencies: { dep: "*" } },
  );
  await registry.publish("dep", "1.0.0", { "index.js": 'module.exports = " and dep";' });
  project.write("deno.json", '{ "imports": { "named": "npm:es@1" } }');
  project.write(
    "main.js",
    `import { es } from "named"; import cjs from "npm:cjs@1";
     console.log(es, "|", cjs.name, "|", (await import("npm:dep")).default);`,
  );
  const text = (bytes) => new TextDecoder().decode(bytes);
  const made = await project.command(["compile", "-q", "-o", "app", "main.js"], env).output();
  assertEquals([made.code, text(made.stderr)], [0, ""]);
  registry.requests.length = 0;
  Deno.removeSync(`${project.folder}/cache`, { recursive: true });
  Deno.removeSync(`${project.folder}/main.js`);
  const ran = await new Deno.Command(`${project.folder}/app`, {
    cwd: "/",
    clearEnv: true,
  }).output();
  assertEquals(text(ran.stdout), "es with cjs in lib and dep | cjs in lib and dep |  and dep\n");
  assertEquals([ran.code, text(ran.stderr), registry.requests.length], [0, "", 0]);
});
