// An npm registry in this process: packages are written down as files, and served as a registry
// does. Must never ask another host for anything.
import { host } from "./remote.js";

const encoder = new TextEncoder();

function field(block, at, size, text) {
  block.set(encoder.encode(text.slice(0, size)), at);
}

/** A ustar archive. `entries`: [{ name, text, mode, type, link }], with names as they shall be. */
export function tar(entries) {
  const blocks = [];
  for (const { name, text = "", mode = 0o644, type = "0", link = "" } of entries) {
    const body = typeof text === "string" ? encoder.encode(text) : text;
    const block = new Uint8Array(512);
    field(block, 0, 100, name);
    field(block, 100, 8, `${mode.toString(8).padStart(7, "0")}\0`);
    field(block, 108, 8, "0000000\0");
    field(block, 116, 8, "0000000\0");
    field(block, 124, 12, `${body.length.toString(8).padStart(11, "0")}\0`);
    field(block, 136, 12, "00000000000\0");
    field(block, 148, 8, "        ");
    field(block, 156, 1, type);
    field(block, 157, 100, link);
    field(block, 257, 8, "ustar\x0000");
    let sum = 0;
    for (const byte of block) sum += byte;
    field(block, 148, 8, `${sum.toString(8).padStart(6, "0")}\0 `);
    blocks.push(block, body, new Uint8Array((512 - (body.length % 512)) % 512));
  }
  blocks.push(new Uint8Array(1024));
  return new Blob(blocks);
}

export async function gzip(blob) {
  const packed = blob.stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

export async function integrityOf(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-512", bytes));
  return `sha512-${btoa(String.fromCharCode(...hash))}`;
}

export class NpmRegistry {
  #packages = new Map();
  server = host({});

  get url() {
    return `${this.server.url}/`;
  }

  get requests() {
    return this.server.requests;
  }

  /**
   * Publishes a version. `files`: name to text; package.json is made of `about`. `options`: `dist`
   * replaces members of what the registry says of the tarball, `tarball` its bytes, `entries` adds
   * to the archive.
   */
  async publish(name, version, files = {}, about = {}, options = {}) {
    const manifest = { name, version, ...about };
    const entries = [{ name: "package/package.json", text: JSON.stringify(manifest) }];
    for (const [path, text] of Object.entries(files)) {
      entries.push({ name: `package/${path}`, text });
    }
    entries.push(...(options.entries ?? []));
    const bytes = options.tarball ?? (await gzip(tar(entries)));
    const path = `/${name}/-/${name.slice(name.indexOf("/") + 1)}-${version}.tgz`;
    this.server.files[path] = () => new Response(bytes);
    const dist = {
      tarball: `${this.server.url}${path}`,
      integrity: await integrityOf(bytes),
      ...options.dist,
    };
    const versions = this.#packages.get(name) ?? {};
    versions[version] = { ...manifest, dist, ...options.registry };
    this.#packages.set(name, versions);
    this.announce(name, options.tags);
    return bytes;
  }

  /** What the registry answers for a package: newest version last. */
  announce(name, tags = {}) {
    const versions = this.#packages.get(name);
    const latest = Object.keys(versions).at(-1);
    const text = JSON.stringify({ name, versions, "dist-tags": { latest, ...tags } });
    this.server.files[`/${name.replace("/", "%2f")}`] = ["application/json", text];
  }

  shutdown() {
    return this.server.shutdown();
  }
}
