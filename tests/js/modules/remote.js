// A host of modules in this process, and rt processes that import from it. `files` maps paths to
// [media type, text] or to a function of the request.

/** Serves `files`; `requests` lists what was asked for. */
export function host(files) {
  const requests = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    requests.push(pathname);
    const file = files[pathname];
    if (file === undefined) return new Response("no such file", { status: 404 });
    if (typeof file === "function") return file(request);
    const etag = `"${file[1].length}${file[1].at(-1)}"`;
    if (request.headers.get("if-none-match") === etag) {
      requests.push(304);
      return new Response(null, { status: 304 });
    }
    return new Response(file[1], { headers: { "content-type": file[0], etag } });
  });
  const origin = `127.0.0.1:${server.addr.port}`;
  return { files, origin, requests, url: `http://${origin}`, shutdown: () => server.shutdown() };
}

/** Runs `script` (a file's text) in a folder of its own, with a cache of its own. */
export class Project {
  folder = Deno.makeTempDirSync({ prefix: "rt-remote-" });

  write(name, text) {
    Deno.mkdirSync(`${this.folder}/${name.slice(0, name.lastIndexOf("/") + 1)}`, {
      recursive: true,
    });
    Deno.writeTextFileSync(`${this.folder}/${name}`, text);
  }

  read(name) {
    return Deno.readTextFileSync(`${this.folder}/${name}`);
  }

  command(args, env = {}) {
    return new Deno.Command(Deno.execPath(), {
      args,
      cwd: this.folder,
      env: { RT_DIR: `${this.folder}/cache`, NO_COLOR: "1", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  }

  /** {code, out, err} of `rt run <flags> main.js`. */
  async run(script, flags = [], env = {}) {
    this.write("main.js", script);
    const output = await this.command(["run", "--no-prompt", ...flags, "main.js"], env).output();
    const text = (bytes) => new TextDecoder().decode(bytes);
    return { code: output.code, out: text(output.stdout), err: text(output.stderr) };
  }

  /** The files of the cache. */
  entries(folder = `${this.folder}/cache/remote`) {
    const found = [];
    for (const entry of Deno.readDirSync(folder)) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory) found.push(...this.entries(path));
      else found.push(path);
    }
    return found;
  }

  remove() {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** SHA-256 in hexadecimal. */
export async function sha256(text) {
  const child = new Deno.Command("sha256sum", { stdin: "piped", stdout: "piped" }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  return new TextDecoder().decode((await child.output()).stdout).slice(0, 64);
}
