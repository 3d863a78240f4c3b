// Runs rt on little programs, for tests of what can be seen of it from outside. Each has a folder and a
// cache folder of its own.

import { assert } from "../harness.js";

/** A folder with these files (name to text); `cache` inside it is the cache folder. */
export async function project(files) {
  const folder = await Deno.makeTempDir();
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  return folder;
}

function command(folder, args, extra = {}) {
  return new Deno.Command(Deno.execPath(), {
    args,
    cwd: folder,
    env: { RT_DIR: `${folder}/cache`, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...extra,
  });
}

/** Runs rt to its end: {code, signal, stdout, stderr}. */
export async function run(folder, ...args) {
  const { code, signal, stdout, stderr } = await command(folder, args).output();
  const decoder = new TextDecoder();
  return { code, signal, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** A running rt whose output can be waited for. */
export class Running {
  #child;
  #text = { stdout: "", stderr: "" };
  #pumps;
  #wake = () => {};

  constructor(folder, ...args) {
    this.#child = command(folder, args).spawn();
    this.#pumps = [this.#pump("stdout"), this.#pump("stderr")];
  }

  get pid() {
    return this.#child.pid;
  }
  get stdout() {
    return this.#text.stdout;
  }
  get stderr() {
    return this.#text.stderr;
  }

  async #pump(name) {
    const decoder = new TextDecoder();
    for await (const part of this.#child[name]) {
      this.#text[name] += decoder.decode(part, { stream: true });
      this.#wake();
    }
    this.#wake();
  }

  /** Waits for a match in a stream; fails after 20 seconds. */
  async says(pattern, stream = "stdout") {
    const until = Date.now() + 20_000;
    for (;;) {
      const match = this.#text[stream].match(pattern);
      if (match) return match;
      assert(Date.now() < until, `never said ${pattern}: ${JSON.stringify(this.#text)}`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, 100);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  kill(signal = "SIGTERM") {
    this.#child.kill(signal);
  }

  /** Its end: {code, signal, stdout, stderr}. */
  async end() {
    const { code, signal } = await this.#child.status;
    await Promise.all(this.#pumps);
    return { code, signal, ...this.#text };
  }
}

/** The lines of a text as JSON values. */
export function jsonLines(text) {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
