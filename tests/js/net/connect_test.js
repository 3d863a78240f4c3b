import { assert, assertEquals, assertRejects, test } from "../harness.js";

const { ConnectionRefused } = Deno.errors;

/** A port nobody listens on. */
function freePort() {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

test("refused, unknown and malformed hosts", async () => {
  const port = freePort();
  for (const hostname of [undefined, "127.0.0.1", "localhost", "[::1]"]) {
    await assertRejects(
      () => Deno.connect({ hostname, port }),
      ConnectionRefused,
      "Connection refused (os error 111)",
    );
  }
  const unknown = await assertRejects(
    () => Deno.connect({ hostname: "nothing.invalid", port }),
    Error,
    "failed to lookup address information: ",
  );
  assertEquals(unknown.constructor, Error);
  await assertRejects(
    () => Deno.connect({ hostname: "a b", port }),
    URIError,
    "invalid host 'a b'",
  );
  await assertRejects(
    () => Deno.connect({ hostname: "", port }),
    URIError,
    "invalid empty host: ''",
  );
  await assertRejects(
    () => Deno.connect({ port: 0 }),
    RangeError,
    "Invalid port (out of range): 0",
  );
  await assertRejects(() => Deno.connect({}), TypeError, "Invalid port (expected number)");
  await assertRejects(
    () => Deno.connect({ transport: "x" }),
    TypeError,
    "Unsupported transport: 'x'",
  );
});

test("a name with several addresses connects to the one that listens", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using conn = await Deno.connect({ hostname: "localhost", port: listener.addr.port });
  assertEquals(conn.remoteAddr.hostname, "127.0.0.1");
  (await listener.accept()).close();
});

test("an aborted signal", async () => {
  const port = freePort();
  const aborted = await assertRejects(() => Deno.connect({ port, signal: AbortSignal.abort() }));
  assertEquals(aborted.name, "AbortError");
  const reason = { why: 1 };
  let caught;
  try {
    await Deno.connect({ port, signal: AbortSignal.abort(reason) });
  } catch (error) {
    caught = error;
  }
  assert(caught === reason);
  await assertRejects(() => Deno.connect({ port, signal: {} }), TypeError);
});

test("aborting while it looks up a name", async () => {
  const controller = new AbortController();
  const connecting = Deno.connect({
    hostname: "localhost",
    port: freePort(),
    signal: controller.signal,
  });
  controller.abort();
  assertEquals((await assertRejects(() => connecting)).name, "AbortError");
});

test("aborting after it connected closes nothing", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const controller = new AbortController();
  using client = await Deno.connect({ port: listener.addr.port, signal: controller.signal });
  controller.abort();
  using server = await listener.accept();
  await client.write(new Uint8Array(1));
  assertEquals(await server.read(new Uint8Array(2)), 1);
});

test("nothing is left open", () => {
  assertEquals(Object.keys(Deno.resources()).length, 3);
});
