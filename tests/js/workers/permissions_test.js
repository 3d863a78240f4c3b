// What workers may do: never more than their parent.
import { assert, assertEquals, assertThrows, test } from "../harness.js";
import { answerOf, next, sleep, workerOf } from "./help.js";

const kNames = ["read", "write", "net", "env", "run", "sys", "ffi", "import"];
const kQuery = `postMessage(${JSON.stringify(kNames)}.map((name) =>
  Deno.permissions.querySync({ name }).state[0]).join(""))`;

const states = (permissions) => answerOf(kQuery, { deno: { permissions } });

test("inherited by default, and by name", async () => {
  assertEquals(await answerOf(kQuery), "gggggggg");
  assertEquals(await states("inherit"), "gggggggg");
  assertEquals(await states(undefined), "gggggggg");
});

test("none; an object gives what it mentions", async () => {
  assertEquals(await states("none"), "pppppppp");
  assertEquals(await states({}), "pppppppp");
  assertEquals(await states({ read: true, net: "inherit", env: false }), "gpgppppp");
});

test("lists", async () => {
  const answer = await answerOf(
    `const state = (path) => Deno.permissions.querySync({ name: "read", path }).state;
    postMessage([state("/etc/hosts"), state("/usr")]);`,
    { deno: { permissions: { read: ["/etc"] } } },
  );
  assertEquals(answer, ["granted", "prompt"]);
  const url = new URL(".", import.meta.url);
  const byUrl = await answerOf(
    `postMessage(Deno.permissions.querySync({ name: "read", path: ${JSON.stringify(url.pathname)} }).state)`,
    { deno: { permissions: { read: [url] } } },
  );
  assertEquals(byUrl, "granted");
});

test("what is no rule is a TypeError", () => {
  for (const permissions of ["all", 1, [], { read: 1 }, { read: "yes" }, { net: [1] }]) {
    assertThrows(
      () => new Worker("data:text/javascript,", { type: "module", deno: { permissions } }),
      TypeError,
    );
  }
});

test("ops refuse", async () => {
  const answer = await answerOf(
    `try { Deno.readTextFileSync("/etc/hosts"); postMessage("read"); }
    catch (error) { postMessage([error.name, error.message]); }`,
    { deno: { permissions: "none" } },
  );
  assertEquals(answer, [
    "NotCapable",
    'Requires read access to "/etc/hosts", run again with the --allow-read flag',
  ]);
});

test("a worker of a worker has no more", async () => {
  const answer = await answerOf(
    `const make = (permissions) => {
      try {
        new Worker("data:text/javascript,close()", { type: "module", deno: { permissions } });
        return "made";
      } catch (error) { return error.name; }
    };
    postMessage([make("inherit"), make({ read: true }), make({ net: true }), make({ read: ["/"] })]);`,
    { deno: { permissions: { net: true } } },
  );
  assertEquals(answer, ["made", "NotCapable", "made", "NotCapable"]);
});

test("permissions of its own: imports of data need read access, wherever they are", async () => {
  const url = new URL("./fixtures/data.json", import.meta.url).href;
  const source = `
    const one = async (f) => { try { await f(); return "read"; } catch (error) { return error.name; } };
    postMessage([
      await one(() => import(${JSON.stringify(url)}, { with: { type: "json" } })),
      await one(() => import(${JSON.stringify(url)}, { with: { type: "text" } })),
      await one(() => import(${JSON.stringify(new URL("./fixtures/imported.js", import.meta.url).href)})),
    ]);`;
  assertEquals(await answerOf(source), ["read", "read", "read"]);
  assertEquals(
    await answerOf(source, { deno: { permissions: "none" } }),
    Array(3).fill("NotCapable"),
  );
});

test("but the code of its own module is there", async () => {
  const worker = new Worker(new URL("./fixtures/importing.js", import.meta.url), {
    type: "module",
    deno: { permissions: "none" },
  });
  assertEquals((await next(worker)).data, "from another module");
  worker.terminate();
});

test("what a worker gives up, its parent keeps", async () => {
  const answer = await answerOf(
    `Deno.permissions.revokeSync({ name: "env" });
    postMessage(Deno.permissions.querySync({ name: "env" }).state)`,
  );
  assertEquals(answer, "prompt");
  assertEquals(Deno.permissions.querySync({ name: "env" }).state, "granted");
});

test("what a parent gives up, its workers and theirs lose, even in a loop", async () => {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const loop = `onmessage = ({ data }) => {
    Atomics.store(data, 0, 1);
    while (Deno.permissions.querySync({ name: "sys" }).state === "granted");
    postMessage(Deno.permissions.querySync({ name: "sys" }).state);
  }`;
  const worker = workerOf(`
    const url = URL.createObjectURL(new Blob([${JSON.stringify(loop)}]));
    const child = new Worker(url, { type: "module" });
    child.onmessage = (event) => postMessage(event.data);
    onmessage = (event) => child.postMessage(event.data);`);
  worker.postMessage(shared);
  while (Atomics.load(shared, 0) === 0) await sleep(1);
  Deno.permissions.revokeSync({ name: "sys" });
  assertEquals((await next(worker)).data, "prompt");
  worker.terminate();
});

test("broadcast channels reach workers with the same permissions only", async () => {
  const source = `const channel = new BroadcastChannel("b");
    channel.onmessage = (event) => { channel.postMessage("heard " + event.data); };
    postMessage("ready");`;
  const near = workerOf(source);
  const far = workerOf(source, { deno: { permissions: "none" } });
  await Promise.all([next(near), next(far)]);
  const channel = new BroadcastChannel("b");
  const got = [];
  channel.onmessage = (event) => got.push(event.data);
  channel.postMessage("me");
  for (let i = 0; i < 100 && got.length === 0; i++) await sleep(5);
  await sleep(50);
  assertEquals(got, ["heard me"]);
  channel.close();
  near.terminate();
  far.terminate();
});

test("isolated workers hear those that inherit from them", async () => {
  const child = `new BroadcastChannel("c").postMessage("from below"); postMessage(1)`;
  const answer = await answerOf(
    `const channel = new BroadcastChannel("c");
    channel.onmessage = (event) => postMessage(event.data);
    const url = URL.createObjectURL(new Blob([${JSON.stringify(child)}]));
    new Worker(url, { type: "module" });`,
    { deno: { permissions: "none" } },
  );
  assertEquals(answer, "from below");
  assert(true);
});
