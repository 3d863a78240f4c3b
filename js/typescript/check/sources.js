// The modules a program is made of, as rt finds them: what has been resolved and loaded so far.

/** Extensions of code. */
export const kCode = /\.(?:[cm]?[jt]s|[jt]sx)$/;
/** Whether a URL is another host's. */
export const isRemote = (url) => /^https?:/.test(url);

/** The modules the program is made of: by URL, and by the name TypeScript has for each. */
export class Sources {
  #host;
  #byUrl = new Map();
  #byName = new Map();
  #resolved = new Map();

  constructor(host) {
    this.#host = host;
  }

  /** Where an import leads: { url } or { error }. */
  resolve(specifier, referrer) {
    const key = `${referrer} ${specifier}`;
    let found = this.#resolved.get(key);
    if (!found) {
      const [url, error] = this.#host.resolve(specifier, referrer);
      found = error === undefined ? { url } : { error };
      this.#resolved.set(key, found);
    }
    return found;
  }

  /** Loads what is not there yet, all at once. */
  load(urls) {
    const wanted = [...new Set(urls)].filter((url) => !this.#byUrl.has(url));
    if (wanted.length === 0) return;
    const loaded = this.#host.load(wanted);
    for (let i = 0; i < wanted.length; i++) {
      const [url, text, kind, extension, types, folder, subpath, error] = loaded[i];
      const source = { url, text, kind, extension, types, folder, subpath, error };
      this.#byUrl.set(wanted[i], source);
      if (error !== undefined || folder !== undefined) continue;
      // After redirects it is one module.
      const known = this.#byUrl.get(url);
      if (known && known !== source && known.name !== undefined) {
        this.#byUrl.set(wanted[i], known);
        continue;
      }
      this.#byUrl.set(url, source);
      source.name = this.#nameOf(source);
      this.#byName.set(source.name, source);
    }
  }

  get(url) {
    this.load([url]);
    return this.#byUrl.get(url);
  }

  /** What TypeScript calls a module: a file's path, or a URL with an extension that says what it is. */
  #nameOf(source) {
    const { url, extension, kind } = source;
    if (url.startsWith("file:")) return this.#host.pathOf(url);
    if (kind === 1) return url.endsWith(".json") ? url : `${url}#.json`;
    if (kind === 2) return `${url}#.d.ts`;
    if (/\.d\.[cm]?ts$/.test(url)) return url;
    const written = kCode.exec(url)?.[0];
    const isSame = written === extension || (extension === ".js" && written === ".mjs");
    return isSame && !url.startsWith("data:") ? url : `${url}#${extension}`;
  }

  named(name) {
    return this.#byName.get(name);
  }

  urlOf(name) {
    return this.#byName.get(name)?.url ?? (isRemote(name) ? name : this.#host.urlOf(name));
  }
}

/** Loads what the roots import, level by level, so that other hosts are asked for many at once. */
export function loadGraph(ts, sources, roots) {
  const seen = new Set();
  let isWorker = false;
  let isNode = false;
  let level = roots;
  while (level.length > 0) {
    for (const url of level) seen.add(url);
    sources.load(level);
    const next = new Set();
    for (const url of level) {
      const source = sources.get(url);
      if (source.text === undefined || source.kind !== 0) continue;
      isWorker ||= /^\/\/\/\s*<reference\s+lib\s*=\s*["']deno\.worker["']/m.test(source.text);
      const specifiers = ts.preProcessFile(source.text, true, true).importedFiles;
      if (source.types !== undefined && !seen.has(source.types)) next.add(source.types);
      for (const { fileName } of specifiers) {
        const found = sources.resolve(fileName, source.url);
        if (found.error !== undefined || seen.has(found.url)) continue;
        isNode ||= found.url.startsWith("node:");
        const isFile = found.url.startsWith("file:");
        // Packages are TypeScript's to follow.
        if (isFile && (!kCode.test(found.url) || found.url.includes("/node_modules/"))) continue;
        if (isFile || isRemote(found.url) || /^(?:npm|jsr):/.test(found.url)) next.add(found.url);
      }
    }
    level = [...next];
  }
  return { isWorker, isNode };
}
