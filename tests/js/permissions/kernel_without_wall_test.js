// A kernel that has neither Landlock nor seccomp: rt says so once, and its own checks hold.
import { assertEquals, test } from "../harness.js";

// Becomes the command in its arguments, behind a filter that plays such a kernel: the calls that make
// a wall are not there.
const kOldKernel = `
import ctypes, os, platform, struct, sys
seccomp = {"x86_64": 317, "aarch64": 277}[platform.machine()]
prctl = {"x86_64": 157, "aarch64": 167}[platform.machine()]
ENOSYS, EINVAL = 0x50000 | 38, 0x50000 | 22
def op(code, jt, jf, k): return struct.pack("HBBI", code, jt, jf, k)
code = [
    op(0x20, 0, 0, 0),
    op(0x15, 0, 1, 444), op(0x06, 0, 0, ENOSYS),
    op(0x15, 0, 1, seccomp), op(0x06, 0, 0, ENOSYS),
    op(0x15, 0, 3, prctl), op(0x20, 0, 0, 16), op(0x15, 0, 1, 22), op(0x06, 0, 0, EINVAL),
    op(0x06, 0, 0, 0x7fff0000),
]
text = ctypes.create_string_buffer(b"".join(code))
program = struct.pack("HxxxxxxP", len(code), ctypes.addressof(text))
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.create_string_buffer(program), 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])
`;

const kWarning =
  "warning: --os-sandbox: this kernel has neither Landlock nor seccomp filters; only rt's own checks hold\n";

test("where the kernel has no wall rt says so once", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      `${folder}/main.js`,
      `try { Deno.readTextFileSync("/etc/hostname"); } catch (error) { console.log(error.name); }
      console.log(new TextDecoder().decode(new Deno.Command("echo", { args: ["ran"] }).outputSync().stdout).trim());`,
    );
    const run = async (...flags) => {
      const { stdout, stderr } = await new Deno.Command("python3", {
        args: [
          "-c",
          kOldKernel,
          Deno.execPath(),
          "run",
          "--no-prompt",
          ...flags,
          `${folder}/main.js`,
        ],
        clearEnv: true,
        env: { PATH: Deno.env.get("PATH"), RT_DIR: `${folder}/cache`, NO_COLOR: "1" },
      }).output();
      assertEquals(new TextDecoder().decode(stdout), "NotCapable\nran\n");
      return new TextDecoder().decode(stderr);
    };
    const allow = "--allow-run=echo";
    assertEquals(await run("--quiet", allow), "");
    assertEquals(await run(allow), kWarning);
    assertEquals(await run(allow), "");
    // Who asks for it by name is told each time; who wants none, never.
    assertEquals(await run("--os-sandbox", allow), kWarning);
    assertEquals(await run("--no-os-sandbox", allow), "");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
