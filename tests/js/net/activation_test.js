// Socket activation: sockets that a service manager opened, as sd_listen_fds(3) passes them.
import { assert, assertEquals, test } from "../harness.js";

// Opens sockets as 3, 4, …, says where, and becomes rt.
const kManager = `
import os, socket, sys
names, argv = sys.argv[1], sys.argv[2:]
kinds = {"v4": (socket.AF_INET, "127.0.0.1"), "any": (socket.AF_INET6, "::")}
opened = []
for name in names.split(":"):
    if name.startswith("unix"):
        one = socket.socket(socket.AF_UNIX)
        one.bind(os.path.join(os.getcwd(), name))
    elif name == "udp":
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind(("127.0.0.1", 0))
    else:
        family, host = kinds[name]
        one = socket.socket(family)
        one.bind((host, 0))
    if one.type == socket.SOCK_STREAM: one.listen()
    opened.append(one)
ports = [one.getsockname()[1] if one.family != socket.AF_UNIX else 0 for one in opened]
for at, one in enumerate(opened): os.dup2(one.fileno(), 100 + at)
for at in range(len(opened)): os.dup2(100 + at, 3 + at)
os.closerange(3 + len(opened), 256)
pid = os.getpid() + (1 if os.environ.get("WRONG_PID") else 0)
os.environ.update(LISTEN_FDS=str(len(opened)), LISTEN_PID=str(pid), LISTEN_FDNAMES=names)
os.execv(argv[0], argv + [str(port) for port in ports])
`;

/** Runs `code` (its arguments are the ports) with sockets of these names; what it printed. */
async function activated(names, flags, code, env = {}) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/main.js`, code);
    const { stdout, stderr } = await new Deno.Command("python3", {
      args: [
        "-c",
        kManager,
        names,
        Deno.execPath(),
        "run",
        "--no-prompt",
        ...flags,
        `${folder}/main.js`,
      ],
      cwd: folder,
      env: { ...env, NO_COLOR: "1" },
    }).output();
    const text = (bytes) => new TextDecoder().decode(bytes);
    assertEquals(text(stderr), "");
    return text(stdout);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const kAllow = ["--allow-net", "--allow-env", "--allow-run=sh", "--allow-read", "--allow-write"];

test("the address of a passed socket is listened on with it", async () => {
  const out = await activated(
    "v4",
    kAllow,
    `const port = Number(Deno.args[0]);
    // Bound already: without activation this would be AddrInUse.
    const listener = Deno.listen({ hostname: "127.0.0.1", port });
    const [conn, client] = await Promise.all([listener.accept(), Deno.connect({ port })]);
    await conn.write(new TextEncoder().encode("hello"));
    const bytes = new Uint8Array(5);
    await client.read(bytes);
    console.log(new TextDecoder().decode(bytes), listener.addr.port === port);
    conn.close();
    client.close();
    listener.close();
    // The manager's is still open, so it can be listened on again.
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    console.log(["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"].map((name) => Deno.env.get(name)));
    const child = await new Deno.Command("sh", { args: ["-c", "env | grep -c LISTEN; ls /proc/self/fd | wc -l"] }).output();
    console.log(new TextDecoder().decode(child.stdout).split("\\n").join(" "));`,
  );
  assertEquals(out, "hello true\n[ undefined, undefined, undefined ]\n0 4 \n");
});

test("Deno.serve takes one by its address or its name", async () => {
  const out = await activated(
    "any:unix.sock",
    kAllow,
    `const port = Number(Deno.args[0]);
    const quiet = { onListen() {} };
    const byAddress = Deno.serve({ ...quiet, port }, () => new Response("address"));
    console.log(await (await fetch("http://127.0.0.1:" + port)).text());
    await byAddress.shutdown();
    const byName = Deno.serve({ ...quiet, activated: "any" }, () => new Response("name"));
    console.log(await (await fetch("http://127.0.0.1:" + port)).text(), byName.addr.port === port);
    await byName.shutdown();
    const unix = Deno.serve({ ...quiet, activated: "unix.sock" }, () => new Response("unix"));
    const client = Deno.createHttpClient({ proxy: { transport: "unix", path: Deno.cwd() + "/unix.sock" } });
    console.log(await (await fetch("http://localhost/", { client })).text());
    client.close();
    await unix.shutdown();
    // The manager's file stays.
    console.log(Deno.statSync("unix.sock").isSocket);`,
  );
  assertEquals(out, "address\nname true\nunix\ntrue\n");
});

test("datagrams, and names nobody passed", async () => {
  const out = await activated(
    "udp",
    kAllow,
    `const socket = Deno.listenDatagram({ activated: "udp", transport: "udp" });
    console.log(socket.addr.port === Number(Deno.args[0]));
    await socket.send(new Uint8Array(3), socket.addr);
    console.log((await socket.receive())[0].length);
    socket.close();
    for (const activated of ["other", 3]) {
      try {
        Deno.listen({ activated });
      } catch (error) {
        console.log(error.name, error.message);
      }
    }`,
  );
  assertEquals(
    out,
    'true\n3\nNotFound No socket called "other" was passed to this process\nTypeError Invalid activated: must be a string\n',
  );
});

test("a passed socket needs the permission that its address needs", async () => {
  const code = `
    for (const options of [{ activated: "v4" }, { hostname: "127.0.0.1", port: Number(Deno.args[0]) }]) {
      try {
        Deno.listen(options);
      } catch (error) {
        console.log(error.name);
      }
    }
    try {
      Deno.openSync("/dev/fd/3");
    } catch (error) {
      console.log(error.name);
    }`;
  assertEquals(await activated("v4", [], code), "NotCapable\nNotCapable\nNotCapable\n");
  const out = await activated("v4", ["--allow-net=10.0.0.1", "--allow-read"], code);
  assertEquals(out, "NotCapable\nNotCapable\nNotCapable\n");
});

test("sockets for another process are not taken", async () => {
  const out = await activated(
    "v4",
    kAllow,
    `try {
      Deno.listen({ hostname: "127.0.0.1", port: Number(Deno.args[0]) });
    } catch (error) {
      console.log(error.name, Deno.env.get("LISTEN_FDS"));
    }`,
    { WRONG_PID: "1" },
  );
  assert(out === "AddrInUse undefined\n", out);
});
