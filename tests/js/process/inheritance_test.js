// What a child gets from rt besides its arguments: nothing but the three standard streams, default
// signal handling, and no zombies stay.
import { assert, assertEquals, test } from "../harness.js";

const run = (script) =>
  new TextDecoder()
    .decode(new Deno.Command("sh", { args: ["-c", script] }).outputSync().stdout)
    .trim();

test("no descriptor of ours", async () => {
  using _file = Deno.openSync("/etc/passwd");
  await using _server = Deno.serve({ port: 0, onListen() {} }, () => new Response());
  // ls itself has the folder open as 3.
  assertEquals(run("exec ls /proc/self/fd").split(/\s+/), ["0", "1", "2", "3"]);
});

test("default signal handling", () => {
  const listener = () => {};
  Deno.addSignalListener("SIGUSR2", listener);
  const ignored = run("grep SigIgn /proc/self/status | cut -f2");
  const blocked = run("grep SigBlk /proc/self/status | cut -f2");
  // SIGPIPE is 13: rt ignores it, its children must not.
  assertEquals(BigInt(`0x${ignored}`) & (1n << 12n), 0n);
  assertEquals(BigInt(`0x${blocked}`), 0n);
  Deno.removeSignalListener("SIGUSR2", listener);
});

test("no zombies, asked for or not", async () => {
  for (let i = 0; i < 20; i++) new Deno.Command("true", { stdout: "null" }).spawn();
  const deadline = Date.now() + 5000;
  const zombies = () => run(`grep -l '^[0-9]* (true) Z ${Deno.pid}' /proc/[0-9]*/stat; true`);
  while (zombies() !== "" && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assertEquals(zombies(), "");
});

test("uid and gid", async () => {
  if (Deno.uid() !== 0) return;
  const output = await new Deno.Command("id", { args: ["-u"], uid: 65534, gid: 65534 }).output();
  assertEquals(new TextDecoder().decode(output.stdout), "65534\n");
  assert(output.success);
  const groups = await new Deno.Command("id", { args: ["-G"], uid: 65534, gid: 65534 }).output();
  assertEquals(new TextDecoder().decode(groups.stdout), "65534\n");
});
