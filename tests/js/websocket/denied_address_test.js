// A name that is allowed and an address that is not: no failure of the peer's.
import { assertEquals, test } from "../harness.js";

// A name of this test's own, where the system lets a user mount a file.
function run(program) {
  const folder = Deno.makeTempDirSync();
  Deno.writeTextFileSync(`${folder}/hosts`, "127.0.0.1 denied.test\n");
  Deno.writeTextFileSync(`${folder}/main.js`, program);
  const flags = "--no-prompt --allow-net=denied.test --deny-net=127.0.0.1";
  const { success, stdout, stderr } = new Deno.Command("unshare", {
    args: [
      "-Urm",
      "sh",
      "-c",
      `mount --bind ${folder}/hosts /etc/hosts && "$RT" run ${flags} ${folder}/main.js`,
    ],
    env: { RT: Deno.execPath(), NO_COLOR: "1" },
  }).outputSync();
  Deno.removeSync(folder, { recursive: true });
  const text = new TextDecoder();
  return { success, out: (text.decode(stdout) + text.decode(stderr)).trim() };
}

const canMount = (() => {
  try {
    return run("").success;
  } catch {
    return false;
  }
})();

test("WebSocketStream tells it as what it is", { ignore: !canMount }, () => {
  const { out } = run(`
    const stream = new WebSocketStream("ws://denied.test:9999/");
    for (const promise of [stream.opened, stream.closed]) {
      await promise.catch((error) => console.log(error instanceof Deno.errors.NotCapable));
    }
  `);
  assertEquals(out, "true\ntrue");
});
