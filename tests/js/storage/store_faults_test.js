// A cache folder that cannot be made, or whose stores are damaged.
import { DatabaseSync } from "node:sqlite";
import { assert, assertEquals, test } from "../harness.js";

const kProgram = `
  const tell = (error) => error.name + ": " + error.message;
  if (Deno.args[0] === "show") {
    console.log(localStorage);
    Deno.exit();
  }
  try {
    localStorage.setItem("a", "local");
    console.log(localStorage.getItem("a"));
  } catch (error) {
    console.log(tell(error));
  }
  try {
    const cache = await caches.open("c");
    await cache.put("http://a.test/", new Response("x".repeat(100_000)));
    console.log((await (await cache.match("http://a.test/")).text()).length);
  } catch (error) {
    console.log(tell(error));
  }`;

const program = (folder, ...args) =>
  new Deno.Command(Deno.execPath(), {
    args: ["eval", "--location=http://a.test/", kProgram, ...args],
    env: { RT_DIR: folder, NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  });

function said({ stdout, stderr }) {
  const text = new TextDecoder();
  return (text.decode(stdout) + text.decode(stderr)).trim();
}

const run = (folder) => said(program(folder).outputSync());

test("where no folder can be made they last as long as the process", () => {
  for (const folder of ["/dev/null/cache", "/proc/none/cache"]) {
    assertEquals(run(folder), "local\n100000");
  }
});

test("a damaged store says what to do, and not where it is", () => {
  const folder = Deno.makeTempDirSync();
  assertEquals(run(folder), "local\n100000");
  const [{ name }] = [...Deno.readDirSync(`${folder}/storage`)];
  for (const store of ["local_storage", "caches"]) {
    Deno.writeTextFileSync(`${folder}/storage/${name}/${store}`, "no database".repeat(1000));
    for (const end of ["-wal", "-shm"]) {
      try {
        Deno.removeSync(`${folder}/storage/${name}/${store}${end}`);
      } catch {
        // The last process that used it has removed it.
      }
    }
  }
  // Of console.log(globalThis) it is a part, so showing it is no error.
  assertEquals(said(program(folder, "show").outputSync()), "Storage {}");
  const out = run(folder);
  for (const area of ["localStorage", "caches"]) {
    const wanted = `Error: ${area}: the program's store is damaged (file is not a database); "rt clean"`;
    assert(out.includes(wanted), out);
  }
  assert(!out.includes(folder), out);
  const clean = new Deno.Command(Deno.execPath(), {
    args: ["clean", "-q"],
    env: { RT_DIR: folder },
  });
  assert(clean.outputSync().success);
  assertEquals(run(folder), "local\n100000");
  Deno.removeSync(folder, { recursive: true });
});

test("a store whose file cannot be opened is an error without a path", () => {
  const folder = Deno.makeTempDirSync();
  run(folder);
  const [{ name }] = [...Deno.readDirSync(`${folder}/storage`)];
  const store = `${folder}/storage/${name}/local_storage`;
  Deno.removeSync(store);
  Deno.mkdirSync(store);
  const out = run(folder);
  assert(
    out.startsWith("Error: localStorage: the program's store in rt's cache folder cannot"),
    out,
  );
  assert(!out.includes(folder), out);
  Deno.removeSync(folder, { recursive: true });
});

test("who opens a new store waits for another who is making it", async () => {
  const folder = Deno.makeTempDirSync();
  run(folder);
  const [{ name }] = [...Deno.readDirSync(`${folder}/storage`)];
  const making = [];
  for (const store of ["local_storage", "caches"]) {
    const path = `${folder}/storage/${name}/${store}`;
    Deno.removeSync(path);
    const database = new DatabaseSync(path);
    database.exec("BEGIN IMMEDIATE; CREATE TABLE other (a)");
    making.push(database);
  }
  const child = program(folder).spawn();
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (const database of making) {
    database.exec("COMMIT");
    database.close();
  }
  assertEquals(said(await child.output()), "local\n100000");
  Deno.removeSync(folder, { recursive: true });
});
