// The server of HTTP/2 under nghttp2's own load generator: many connections, many streams on each, in the
// clear and over TLS. Every request is answered with 200, whole, and nothing is reset.
import { assertEquals, test } from "../harness.js";
import { pair } from "./certificates.js";

const isThere = (() => {
  try {
    return new Deno.Command("h2load", { args: ["--version"], stdout: "null" }).outputSync().success;
  } catch {
    return false;
  }
})();
const options = { ignore: !isThere };

const kLarge = new Uint8Array(300_000).fill(65);
const kPost = 100_000;

async function answer(request) {
  switch (new URL(request.url).pathname) {
    case "/large":
      return new Response(kLarge);
    case "/stream":
      return new Response(ReadableStream.from([kLarge.subarray(0, 70_000), kLarge.subarray(0, 5)]));
    case "/post": {
      const { length } = await request.bytes();
      return new Response(null, { status: length === kPost ? 200 : 500 });
    }
    default:
      return new Response("hello");
  }
}

/** Runs h2load and returns [requests that succeeded, with 2xx, that failed, bytes of bodies]. */
async function load(server, scheme, path, args) {
  const url = `${scheme}://127.0.0.1:${server.addr.port}${path}`;
  const { stdout } = await new Deno.Command("h2load", { args: [...args, url] }).output();
  const text = new TextDecoder().decode(stdout);
  const number = (pattern) => Number(pattern.exec(text)?.[1]);
  return [
    number(/(\d+) succeeded/),
    number(/(\d+) 2xx/),
    number(/(\d+) failed/) + number(/(\d+) errored/) + number(/(\d+) timeout/),
    number(/\((\d+)\) data/),
  ];
}

for (const [scheme, settings] of [
  ["http", () => ({})],
  ["https", () => pair("leaf")],
]) {
  test(`h2load, ${scheme}`, options, async () => {
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {}, ...settings() },
      answer,
    );
    const run = (path, ...args) => load(server, scheme, path, args);
    assertEquals(await run("/", "-n4000", "-c20", "-m100"), [4000, 4000, 0, 4000 * 5]);
    assertEquals(await run("/", "-n500", "-c100", "-m1"), [500, 500, 0, 500 * 5]);
    assertEquals(await run("/large", "-n60", "-c3", "-m20"), [60, 60, 0, 60 * 300_000]);
    // A window that is small: 2^16-1 bytes for all streams together.
    assertEquals(await run("/large", "-n20", "-c2", "-m10", "-w14", "-W16"), [
      20,
      20,
      0,
      20 * 300_000,
    ]);
    assertEquals(await run("/stream", "-n200", "-c4", "-m50"), [200, 200, 0, 200 * 70_005]);
    const body = await Deno.makeTempFile();
    await Deno.writeFile(body, new Uint8Array(kPost));
    assertEquals(await run("/post", "-n200", "-c4", "-m20", "-d", body), [200, 200, 0, 0]);
    await Deno.remove(body);
    await server.shutdown();
  });
}
