// Memory limits of control groups: rt ends by its own message, and buffers are refused, before the
// kernel ends it.
import { assert, assertEquals, test } from "../harness.js";

const V1 = "/sys/fs/cgroup/memory";
const V2 = "/sys/fs/cgroup";

/** Makes a control group with that limit; undefined where that cannot be done. */
function makeGroup(bytes) {
  for (const [root, file] of [
    [V1, "memory.limit_in_bytes"],
    [V2, "memory.max"],
  ]) {
    const group = `${root}/rt-test-${Deno.pid}`;
    try {
      Deno.mkdirSync(group);
    } catch {
      continue;
    }
    try {
      Deno.writeTextFileSync(`${group}/${file}`, `${bytes}`);
      return group;
    } catch {
      Deno.removeSync(group);
    }
  }
  return undefined;
}

const probe = makeGroup(1 << 30);
if (probe !== undefined) Deno.removeSync(probe);

/** Runs a program in a control group with so much memory. */
async function runIn(megabytes, code) {
  const group = makeGroup(megabytes * 1024 * 1024);
  try {
    const {
      code: exit,
      signal,
      stdout,
      stderr,
    } = await new Deno.Command("sh", {
      args: [
        "-c",
        'echo $$ > "$1/cgroup.procs" && exec "$0" eval "$2"',
        Deno.execPath(),
        group,
        code,
      ],
    }).output();
    const text = (bytes) => new TextDecoder().decode(bytes);
    return { exit, signal, stdout: text(stdout), stderr: text(stderr) };
  } finally {
    Deno.removeSync(group);
  }
}

for (const megabytes of [128, 256]) {
  test({
    name: `a full heap in ${megabytes} MiB ends with a message`,
    ignore: probe === undefined,
    async fn() {
      const ended = await runIn(
        megabytes,
        "const kept = []; for (let i = 0; ; i++) kept.push({ i, text: 'x' + i });",
      );
      assertEquals([ended.exit, ended.signal], [124, null]);
      assert(ended.stderr.includes("the JavaScript heap is full"), ended.stderr);
    },
  });

  test({
    name: `buffers in ${megabytes} MiB are refused before the kernel ends rt`,
    ignore: probe === undefined,
    async fn() {
      const ended = await runIn(
        megabytes,
        `const kept = [];
         try {
           for (;;) kept.push(new Uint8Array(1e6).fill(1));
         } catch (error) {
           console.log(error.name, kept.length > ${megabytes / 4});
         }
         kept.length = 0;
         console.log(new Uint8Array(1e7).length);`,
      );
      assertEquals([ended.exit, ended.signal], [0, null]);
      assertEquals(ended.stdout, "RangeError true\n10000000\n");
    },
  });
}

test({
  name: "a heap that grows where buffers are ends with a message, too",
  ignore: probe === undefined,
  async fn() {
    const ended = await runIn(
      512,
      `const buffers = (globalThis.buffers = []);
       for (let i = 0; i < 25; i++) buffers.push(new Uint8Array(1e7).fill(1));
       const kept = [];
       for (let i = 0; ; i++) kept.push({ i, text: "x" + i });`,
    );
    assertEquals([ended.exit, ended.signal], [124, null]);
    assert(ended.stderr.includes("the memory of this container is used up: 512 MiB"), ended.stderr);
  },
});

test({
  name: "garbage is collected before a program is stopped",
  ignore: probe === undefined,
  async fn() {
    const ended = await runIn(
      256,
      `let sum = 0;
       for (let i = 0; i < 400; i++) sum += new Uint8Array(1e7).fill(1)[i];
       let kept = [];
       for (let i = 0; i < 3e6; i++) {
         kept.push({ i, text: "x" + i });
         if (i % 2e5 === 0) kept = [];
       }
       console.log(sum);`,
    );
    assertEquals([ended.exit, ended.signal, ended.stdout], [0, null, "400\n"]);
  },
});
