// What goes wrong with a program's files, its cache and the hosts of its modules: correct work or a
// clear message, and a cache that is never torn.
import { assert, assertEquals, test } from "../harness.js";
import { host, Project } from "./remote.js";

const JS = "text/javascript";
// A build that collects after every turn of the loop would take half an hour for all of them.
const kShare = typeof globalThis.gc === "function" ? 0.02 : 1;

function faultTest(name, body) {
  test(name, async () => {
    const project = new Project();
    try {
      await body(project);
    } finally {
      project.remove();
    }
  });
}

/** Like faultTest, with a host of modules. */
function hostTest(name, files, body) {
  faultTest(name, async (project) => {
    const server = host(files);
    try {
      await body(server, project, [`--allow-import=${server.origin}`]);
    } finally {
      await server.shutdown();
    }
  });
}

faultTest("graphs with cycles run once, in order", async (project) => {
  project.write(
    "a.ts",
    'import { b } from "./b.js"; import * as self from "./a.ts"; enum E { A = 1 }\n' +
      "export const a: number = E.A; export function late() { return b + self.a; }\n" +
      'try { b; } catch (error) { console.log(error.name); } console.log("a");',
  );
  project.write(
    "b.js",
    'import { late } from "./c.mjs"; import { a } from "./a.ts"; export const b = 9 + a; export { late };',
  );
  project.write("c.mjs", 'export { late } from "./a.ts"; console.log("c");');
  const { out, err } = await project.run(
    'import { late } from "./b.js"; console.log(late(), (await import("./a.ts")).late());',
  );
  assertEquals(out, "ReferenceError\na\nc\n11 11\n", err);
});

faultTest("twenty thousand modules", async (project) => {
  const count = 20_000 * kShare;
  Deno.mkdirSync(`${project.folder}/m`);
  for (let i = 0; i < count; i++) {
    const next = [2 * i + 1, 2 * i + 2].filter((other) => other < count);
    const imports = next
      .map((other) => `import { v as v${other} } from "./m${other}.js";`)
      .join("");
    const sum = ["1", ...next.map((other) => `v${other}`)].join(" + ");
    Deno.writeTextFileSync(`${project.folder}/m/m${i}.js`, `${imports} export const v = ${sum};`);
  }
  const { out, err } = await project.run('import { v } from "./m/m0.js"; console.log(v);');
  assertEquals(out, `${count}\n`, err);
});

faultTest("a chain of imports that is too long for the stack is an error", async (project) => {
  const count = 10_000 * kShare;
  Deno.mkdirSync(`${project.folder}/m`);
  for (let i = 0; i < count; i++) {
    const text = i + 1 < count ? `import "./m${i + 1}.js";` : "";
    Deno.writeTextFileSync(`${project.folder}/m/m${i}.js`, text);
  }
  const { out, code, err } = await project.run(
    'await import("./m/m0.js").then(() => console.log("ran"), (error) => console.log(error.name));',
  );
  assert(out === "RangeError\n" || out === "ran\n", out + err);
  assertEquals(code, 0);
});

faultTest("sources of 50 MB", async (project) => {
  const line = `// ${"x".repeat(997)}\n`;
  const filler = line.repeat(50_000);
  project.write("large.js", `${filler}export const js = "last";`);
  project.write("large.ts", `${filler}export const ts: string = "last of ts";`);
  project.write("large.json", JSON.stringify({ filler, last: 1 }));
  const { out, err } = await project.run(`
    import { js } from "./large.js";
    import { ts } from "./large.ts";
    import json from "./large.json" with { type: "json" };
    console.log(js, ts, json.last, json.filler.length);`);
  assertEquals(out, `last last of ts 1 ${filler.length}\n`, err);
});

faultTest("a byte order mark, a #! line, bytes that are no UTF-8", async (project) => {
  const encoder = new TextEncoder();
  for (const extension of ["js", "mjs", "cjs", "ts", "jsx", "tsx"]) {
    const ends = extension === "cjs" ? "exports.text =" : "export const text =";
    const bytes = encoder.encode(`\uFEFF#!/usr/bin/env -S rt run\n${ends} "a?b";`);
    bytes[bytes.lastIndexOf(0x3f)] = 0xff;
    Deno.writeFileSync(`${project.folder}/m.${extension}`, bytes);
    const { out, err } = await project.run(`
      import { text } from "./m.${extension}"; console.log(text === "a\\uFFFDb");`);
    assertEquals(out, "true\n", extension + err);
  }
  Deno.writeFileSync(`${project.folder}/bad.json`, encoder.encode('\uFEFF{ "a": 1 }'));
  const { out, err } = await project.run(
    'import j from "./bad.json" with { type: "json" }; console.log(j.a);',
  );
  assertEquals(out, "1\n", err);
});

faultTest("files with a byte order mark of UTF-16", async (project) => {
  for (const little of [true, false]) {
    const write = (name, text) => {
      const bytes = new DataView(new ArrayBuffer(2 * text.length + 2));
      [...`\uFEFF${text}`].forEach((c, i) => bytes.setUint16(2 * i, c.charCodeAt(0), little));
      Deno.writeFileSync(`${project.folder}/${name}`, new Uint8Array(bytes.buffer));
    };
    write("a.ts", 'export const a: string = "\u00e4\u4e2d";');
    write("b.cjs", 'module.exports = "\u00f6";');
    write("c.json", '{ "c": "\u00fc" }');
    const { out, err } = await project.run(`
      import { a } from "./a.ts"; import b from "./b.cjs"; import j from "./c.json" with { type: "json" };
      import bytes from "./c.json" with { type: "bytes" }; console.log(a, b, j.c, bytes.length);`);
    assertEquals(out, "\u00e4\u4e2d \u00f6 \u00fc 26\n", err);
  }
});

const slowly = (ms, text) => async () => {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return new Response(text, { headers: { "content-type": JS } });
};

hostTest(
  "a host that is slow is waited for, for all of its modules at once",
  Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`/${i}.js`, slowly(300, `export default ${i}`)]),
  ),
  async ({ url }, project, flags) => {
    const names = Array.from({ length: 20 }, (_, i) => i);
    const imports = names.map((i) => `import v${i} from "${url}/${i}.js";`).join("\n");
    const start = performance.now();
    const { out, err } = await project.run(
      `${imports} console.log(${names.map((i) => `v${i}`).join(" + ")});`,
      flags,
    );
    assertEquals(out, "190\n", err);
    assert(performance.now() - start < 20 * 300, "one after the other");
  },
);

test("a host that answers nothing is named", async () => {
  const project = new Project();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const closing = (async () => {
    for await (const connection of listener) connection.close();
  })();
  try {
    for (const script of [`import "http://127.0.0.1:${port}/a.js";`, 'import "npm:p";']) {
      const { code, err, out } = await project.run(script, ["--allow-import"], {
        NPM_CONFIG_REGISTRY: `http://127.0.0.1:${port}/`,
      });
      assertEquals([code, out], [1, ""]);
      assert(err.includes(`127.0.0.1:${port}`) && err.startsWith("error: "), err);
    }
  } finally {
    listener.close();
    await closing.catch(() => {});
    project.remove();
  }
});

/** The beginning of a module now, the rest when `ready` has settled. */
const inTwo = (text, ready) =>
  new Response(
    new ReadableStream({
      async start(controller) {
        controller.enqueue(new TextEncoder().encode(text.slice(0, 20)));
        await ready;
        try {
          controller.enqueue(new TextEncoder().encode(text.slice(20)));
          controller.close();
        } catch {
          // Nobody reads any more.
        }
      },
    }),
    { headers: { "content-type": JS, "content-length": String(text.length) } },
  );

const killed = Promise.withResolvers();
hostTest(
  "a process killed in the middle of a download leaves nothing torn",
  {
    "/a.js": () => inTwo(`export default "whole"; // ${"x".repeat(1000)}`, killed.promise),
  },
  async ({ url, requests }, project, flags) => {
    const script = `import a from "${url}/a.js"; console.log(a);`;
    project.write("main.js", script);
    const child = project.command(["run", ...flags, "main.js"]).spawn();
    const output = child.output();
    while (requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill("SIGKILL");
    assertEquals((await output).signal, "SIGKILL");
    killed.resolve();
    const cached = await project.run(script, [...flags, "--cached-only"]);
    assert(cached.err.includes("not found in cache"), cached.err);
    assertEquals((await project.run(script, flags)).out, "whole\n");
    assertEquals((await project.run(script, [...flags, "--cached-only"])).out, "whole\n");
    assertEquals(project.entries().length, 1);
  },
);

hostTest(
  "a cache folder that is full is no error, and holds no half entries",
  {
    "/a.ts": [
      "application/typescript",
      `enum E { A = 5 } export default E.A; // ${"x".repeat(50_000)}`,
    ],
  },
  async ({ url, requests }, project, flags) => {
    const script = `import a from "${url}/a.ts"; console.log(a);`;
    project.write("main.js", script);
    const full = async () => {
      // Files may not grow beyond 4 KiB: what a full disk does to who writes more.
      const output = await new Deno.Command("sh", {
        args: ["-c", 'ulimit -f 8; exec "$0" "$@"', Deno.execPath(), "run", ...flags, "main.js"],
        cwd: project.folder,
        env: { RT_DIR: `${project.folder}/cache`, NO_COLOR: "1" },
        stdin: "null",
      }).output();
      const text = (bytes) => new TextDecoder().decode(bytes);
      return { code: output.code, out: text(output.stdout), err: text(output.stderr) };
    };
    assertEquals(await full(), { code: 0, out: "5\n", err: "" });
    assertEquals(await full(), { code: 0, out: "5\n", err: "" });
    assertEquals(requests.length, 2);
    for (const entry of project.entries(`${project.folder}/cache`)) {
      assert(Deno.statSync(entry).size < 4096, entry);
    }
    assertEquals((await project.run(script, flags)).out, "5\n");
    assertEquals((await project.run(script, [...flags, "--cached-only"])).out, "5\n");
  },
);
