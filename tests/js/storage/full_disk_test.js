// A disk that is full: caches and localStorage say so, and keep what they have.
import { assertEquals, test } from "../harness.js";

// A file system of 1 MiB of this test's own, where the system lets a user mount one.
const kMounts = ["-Urm", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"];
const canMount = (() => {
  try {
    return new Deno.Command("unshare", { args: kMounts }).outputSync().success;
  } catch {
    return false;
  }
})();

/** Runs a program whose cache folder is there; what it prints. */
function onSmallDisk(program) {
  const mount = kMounts.at(-1);
  const { stdout, stderr } = new Deno.Command("unshare", {
    args: [
      ...kMounts.slice(0, -1),
      `${mount} && cd /mnt && printf %s "$MAIN" >main.js && "$RT" run main.js`,
    ],
    env: { RT: Deno.execPath(), RT_DIR: "/mnt/cache", NO_COLOR: "1", MAIN: program },
  }).outputSync();
  const text = new TextDecoder();
  return (text.decode(stdout) + text.decode(stderr)).trim();
}

const options = { ignore: !canMount };

test("caches", options, () => {
  const out = onSmallDisk(`
    const cache = await caches.open("c");
    await cache.put("http://a.test/", new Response("kept"));
    const errors = new Set();
    // In a file, and in the database.
    for (const size of [2_000_000, 60_000]) {
      for (let i = 0; i < 40; i++) {
        try {
          await cache.put("http://a.test/" + size + i, new Response(new Uint8Array(size)));
        } catch (error) {
          errors.add(size + " " + error.name);
        }
      }
    }
    console.log([...errors].join(", "));
    console.log(await (await cache.match("http://a.test/")).text());
    const sizes = await Promise.all((await cache.matchAll()).map(async (each) => (await each.bytes()).length));
    console.log(sizes.length > 3, new Set(sizes).size);
  `);
  assertEquals(out, "2000000 QuotaExceededError, 60000 QuotaExceededError\nkept\ntrue 2");
});
