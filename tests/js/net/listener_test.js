import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const { AddrInUse, AddrNotAvailable, BadResource, Busy } = Deno.errors;
const local = { hostname: "127.0.0.1" };

test("addr, names and options", () => {
  using any = Deno.listen({ port: 0 });
  assertEquals(any.addr.hostname, "0.0.0.0");
  assertEquals(any.addr.transport, "tcp");
  assert(any.addr.port > 0);
  assertEquals(any.constructor.name, "Listener");
  using six = Deno.listen({ hostname: "[::1]", port: 0 });
  assertEquals(six.addr.hostname, "::1");
  using named = Deno.listen({ hostname: "localhost" });
  assert(named.addr.hostname === "127.0.0.1" || named.addr.hostname === "::1");
  using first = Deno.listen({ ...local, port: 0, reusePort: true });
  using second = Deno.listen({ ...local, port: first.addr.port, reusePort: true });
  assertEquals(second.addr, first.addr);
});

test("bad ports and addresses", () => {
  assertThrows(() => Deno.listen({ port: -1 }), RangeError, "Invalid port (out of range): -1");
  assertThrows(() => Deno.listen({ port: 65536 }), RangeError, "Invalid port (out of range)");
  assertThrows(() => Deno.listen({ port: "x" }), TypeError, "Invalid port: 'x'");
  assertThrows(() => Deno.listen({ port: 1.5 }), TypeError, "Invalid port: 1.5");
  assertThrows(
    () => Deno.listen({ port: true }),
    TypeError,
    "Invalid port (expected number): true",
  );
  assertThrows(() => Deno.listen({ hostname: "a b", port: 0 }), URIError);
  assertThrows(() => Deno.listen({ transport: "x" }), TypeError, "Unsupported transport: 'x'");
  assertThrows(
    () => Deno.listen({ hostname: "192.0.2.1", port: 0 }),
    AddrNotAvailable,
    "Cannot assign requested address (os error 99)",
  );
  using taken = Deno.listen({ ...local, port: 0 });
  assertThrows(
    () => Deno.listen({ ...local, port: taken.addr.port }),
    AddrInUse,
    "Address already in use (os error 98)",
  );
});

test("async iteration ends when the listener is closed", async () => {
  const listener = Deno.listen({ ...local, port: 0 });
  let seen = 0;
  const serving = (async () => {
    for await (const conn of listener) {
      seen++;
      conn.close();
    }
  })();
  for (let i = 0; i < 3; i++) {
    const conn = await Deno.connect({ ...local, port: listener.addr.port });
    assertEquals(await conn.read(new Uint8Array(1)), null);
    conn.close();
  }
  listener.close();
  await serving;
  assertEquals(seen, 3);
  assertThrows(() => listener.close(), BadResource);
});

test("leaving the loop closes the listener", async () => {
  const listener = Deno.listen({ ...local, port: 0 });
  const client = await Deno.connect({ ...local, port: listener.addr.port });
  for await (const conn of listener) {
    conn.close();
    break;
  }
  client.close();
  await assertRejects(() => listener.accept(), BadResource, "Listener has been closed");
});

test("one accept at a time; closing ends it", async () => {
  const listener = Deno.listen({ ...local, port: 0 });
  const waiting = listener.accept();
  await assertRejects(() => listener.accept(), Busy, "Another accept task is ongoing");
  listener.close();
  await assertRejects(() => waiting, BadResource, "Listener has been closed");
  await assertRejects(() => listener.accept(), BadResource, "Listener has been closed");
});

test("accept as each arrives, in order of arrival", async () => {
  using listener = Deno.listen({ ...local, port: 0, tcpBacklog: 128 });
  const clients = [];
  for (let i = 0; i < 100; i++) {
    clients.push(await Deno.connect({ ...local, port: listener.addr.port }));
  }
  for (const client of clients) {
    const conn = await listener.accept();
    assertEquals(conn.remoteAddr.port, client.localAddr.port);
    conn.close();
    client.close();
  }
});
