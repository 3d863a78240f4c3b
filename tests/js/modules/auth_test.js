// Who we are to the hosts of modules: URLs with passwords, DENO_AUTH_TOKENS.
import { assert, assertEquals, test } from "../harness.js";
import { host, Project } from "./remote.js";

function authTest(name, body) {
  test(name, async () => {
    const seen = [];
    const answer = (text) => (request) => {
      seen.push(request.headers.get("authorization"));
      return new Response(text, { headers: { "content-type": "text/javascript" } });
    };
    const server = host({
      "/a.js": answer('export * from "./b.js";'),
      "/b.js": answer("export default 1; export const b = 2;"),
      "/away.js": () => Response.redirect(`${server.url.replace("127.0.0.1", "localhost")}/b.js`),
    });
    const project = new Project();
    try {
      await body({ server, project, seen });
    } finally {
      await server.shutdown();
      project.remove();
    }
  });
}

authTest(
  "name and password of a URL are sent, and written down nowhere",
  async ({ server, project, seen }) => {
    const flags = [`--allow-import=${server.origin}`];
    project.write("deno.json", "{}");
    const script = `import { b } from "http://me:p%40ss@${server.origin}/a.js"; console.log(b);`;
    const { out, err } = await project.run(script, flags);
    assertEquals(out, "2\n", err);
    assertEquals(seen.splice(0), Array(2).fill(`Basic ${btoa("me:p@ss")}`));
    assertEquals((await project.run(script, [...flags, "--cached-only"])).out, "2\n");
    for (const file of [...project.entries(), `${project.folder}/deno.lock`]) {
      const text = Deno.readTextFileSync(file);
      assert(!text.includes("p%40ss") && !text.includes("p@ss"), file);
    }
    // Another password does not find what that one opened.
    const other = script.replace("p%40ss", "else");
    assertEquals((await project.run(other, flags)).out, "2\n");
    assertEquals(seen.splice(0), Array(2).fill(`Basic ${btoa("me:else")}`));
  },
);

authTest("tokens go to their host alone", async ({ server, project, seen }) => {
  const port = server.origin.slice(server.origin.indexOf(":"));
  const flags = [`--allow-import=${server.origin},localhost${port}`];
  const run = async (path, tokens) => {
    const script = `import * as m from "${server.url}${path}"; console.log(m.b);`;
    const { out, err } = await project.run(script, [...flags, "-r"], { DENO_AUTH_TOKENS: tokens });
    assertEquals(out, "2\n", err);
    return seen.splice(0);
  };
  assertEquals(await run("/b.js", `x@example.com;abc@${server.origin}`), ["Bearer abc"]);
  assertEquals(await run("/b.js", `me:pw@${server.origin}`), [`Basic ${btoa("me:pw")}`]);
  assertEquals(await run("/b.js", "abc@127.0.0.1"), [null]);
  assertEquals(await run("/away.js", `abc@${server.origin}`), [null]);
});
