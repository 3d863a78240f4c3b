// S40: an rt with more rights than who started it (AT_SECURE) takes no file names from that person's
// environment.
import { assertEquals, test } from "../harness.js";

test({
  name: "S40 an rt that is setuid writes no cache and no key log where the caller says",
  ignore: Deno.uid() !== 0,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.chmod(folder, 0o755);
      const rt = `${folder}/rt`;
      await Deno.copyFile(Deno.execPath(), rt);
      await Deno.writeTextFile(
        `${folder}/main.js`,
        `localStorage.setItem("a", "1"); console.log("ran");`,
      );
      await Deno.mkdir(`${folder}/cache`);
      const run = async () => {
        const { stdout, stderr } = await new Deno.Command(rt, {
          args: ["run", "--no-prompt", `${folder}/main.js`],
          cwd: folder,
          clearEnv: true,
          env: { RT_DIR: `${folder}/cache`, SSLKEYLOGFILE: `${folder}/cache/keys` },
        }).output();
        const text = (bytes) => new TextDecoder().decode(bytes);
        return text(stdout) + text(stderr);
      };
      assertEquals(await run(), "ran\n");
      const written = () => [...Deno.readDirSync(`${folder}/cache`)].length > 0;
      assertEquals(written(), true);
      await Deno.remove(`${folder}/cache`, { recursive: true });
      await Deno.mkdir(`${folder}/cache`);
      await Deno.chmod(`${folder}/cache`, 0o777);
      // Root starts what belongs to nobody.
      await Deno.chown(rt, 65534, 65534);
      await Deno.chmod(rt, 0o4755);
      assertEquals(await run(), "ran\n");
      assertEquals(written(), false);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
