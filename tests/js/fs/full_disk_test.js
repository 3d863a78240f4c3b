// A disk that is full: an error that says so, from every way of writing.
import { assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const kText = "x".repeat(100_000);

function isFull(error) {
  assertEquals(error.code, "ENOSPC");
}

test("writeFile and its kin fail with ENOSPC", async () => {
  for (const write of [
    () => Deno.writeTextFileSync("/dev/full", kText),
    () => Deno.writeFileSync("/dev/full", new TextEncoder().encode(kText)),
  ]) {
    isFull(assertThrows(write, Error));
  }
  for (const write of [
    () => Deno.writeTextFile("/dev/full", kText),
    () => Deno.writeFile("/dev/full", new Blob([kText]).stream()),
  ]) {
    isFull(await assertRejects(write, Error));
  }
});

test("an open file and its stream fail with ENOSPC", async () => {
  using file = await Deno.open("/dev/full", { write: true });
  isFull(await assertRejects(() => file.write(new Uint8Array(10)), Error));
  isFull(assertThrows(() => file.writeSync(new Uint8Array(10)), Error));
  const streamed = await Deno.open("/dev/full", { write: true });
  isFull(await assertRejects(() => new Blob([kText]).stream().pipeTo(streamed.writable), Error));
});

// A file system of 256 KiB of this test's own, where the system lets a user mount one.
const kMounts = ["-Urm", "sh", "-c", "mount -t tmpfs -o size=256k tmpfs /mnt"];
const canMount = (() => {
  try {
    return new Deno.Command("unshare", { args: kMounts }).outputSync().success;
  } catch {
    return false;
  }
})();

/** Runs `script` of a shell there, $RT being rt; its output. */
function onSmallDisk(script) {
  const { code, stdout, stderr } = new Deno.Command("unshare", {
    args: [...kMounts.slice(0, -1), `${kMounts.at(-1)} && cd /mnt && ${script}`],
    env: { RT: Deno.execPath(), RT_DIR: "/mnt/cache", NO_COLOR: "1" },
  }).outputSync();
  const text = new TextDecoder();
  assertEquals([code, text.decode(stderr)], [0, ""]);
  return text.decode(stdout);
}

const options = { ignore: !canMount };

test("a disk that fills up: an error, and what was there is whole", options, () => {
  const out = onSmallDisk(`cat >main.js <<'EOF'
    const codes = [];
    const attempt = async (f) => codes.push(await Promise.resolve().then(f).then(() => "done", (e) => e.code));
    Deno.writeTextFileSync("small", "old");
    Deno.writeFileSync("half", new Uint8Array(100_000));
    await attempt(() => Deno.writeFile("new", new Uint8Array(1_000_000)));
    Deno.removeSync("new");
    await attempt(() => Deno.copyFile("half", "copy1"));
    await attempt(() => Deno.copyFile("half", "copy2"));
    await attempt(() => Deno.rename("copy1", "renamed"));
    await attempt(() => Deno.writeTextFile("small", "x".repeat(1_000_000), { append: true }));
    await attempt(() => Deno.truncate("small", 3));
    Deno.removeSync("copy2");
    await attempt(() => Deno.writeFile("half", new Uint8Array(1_000_000).fill(1)));
    const half = Deno.readFileSync("half");
    console.log(codes.join(), Deno.readTextFileSync("small"), Deno.statSync("renamed").size);
    console.log(half.length > 100_000 && half.length < 1_000_000 && half.every((byte) => byte === 1));
EOF
    $RT run -A main.js`);
  assertEquals(out, "ENOSPC,done,ENOSPC,done,ENOSPC,done,ENOSPC old 100000\ntrue\n");
});

test("a full cache folder: the program runs, and nothing half-made is left", options, () => {
  const out = onSmallDisk(`mkdir cache && cat >main.ts <<'EOF'
    const text: string = "${"long ".repeat(8000)}";
    console.log(text.length);
EOF
    head -c 1M /dev/zero >fill 2>/dev/null
    $RT run main.ts && find cache -type f | wc -l`);
  assertEquals(out, "40000\n0\n");
});

test("localStorage on a full disk keeps what it had", options, () => {
  const out = onSmallDisk(`cat >main.js <<'EOF'
    if (Deno.args[0] === "first") localStorage.setItem("key", "old");
    else if (Deno.args[0] === "full") {
      try {
        localStorage.setItem("key", "x".repeat(500_000));
      } catch (error) {
        console.log(error.name);
      }
    }
    console.log(localStorage.getItem("key").length);
EOF
    $RT run main.js first; head -c 100k /dev/zero >fill
    $RT run main.js full; rm fill; $RT run main.js`);
  assertEquals(out.replace(/^\w+Error$/m, "Error"), "3\nError\n3\n3\n");
});
