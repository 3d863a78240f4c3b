import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";
import { tcpPair, writeAll } from "./pair.js";

const { BadResource, BrokenPipe, ConnectionReset, Interrupted } = Deno.errors;
const bytes = (text) => new TextEncoder().encode(text);

test("bytes go both ways, addresses agree", async () => {
  const { client, server } = await tcpPair();
  assertEquals(client.remoteAddr.hostname, "127.0.0.1");
  assertEquals(client.remoteAddr.transport, "tcp");
  assertEquals(client.remoteAddr, server.localAddr);
  assertEquals(client.localAddr, server.remoteAddr);
  assertEquals(await client.write(bytes("ping")), 4);
  const buffer = new Uint8Array(10);
  assertEquals(await server.read(buffer), 4);
  assertEquals(new TextDecoder().decode(buffer.subarray(0, 4)), "ping");
  assertEquals(await server.write(bytes("pong!")), 5);
  assertEquals(await client.read(buffer.subarray(0, 2)), 2);
  assertEquals(await client.read(buffer), 3);
  client.close();
  assertEquals(await server.read(buffer), null);
  server.close();
});

test("half-close: the other direction goes on", async () => {
  const { client, server } = await tcpPair();
  await client.write(bytes("request"));
  await client.closeWrite();
  const buffer = new Uint8Array(10);
  assertEquals(await server.read(buffer), 7);
  assertEquals(await server.read(buffer), null);
  assertEquals(await server.write(bytes("answer")), 6);
  assertEquals(await client.read(buffer), 6);
  await assertRejects(() => client.write(bytes("x")), BrokenPipe);
  client.close();
  server.close();
});

test("reads take their turn; closing interrupts those that wait", async () => {
  const { client, server } = await tcpPair();
  const one = new Uint8Array(1),
    two = new Uint8Array(1),
    three = new Uint8Array(1);
  const reads = [client.read(one), client.read(two), client.read(three)];
  await server.write(bytes("ab"));
  assertEquals(await Promise.all(reads.slice(0, 2)), [1, 1]);
  assertEquals([one[0], two[0]], [97, 98]);
  client.close();
  await assertRejects(() => reads[2], Interrupted, "operation canceled");
  for (const call of ["read", "write"]) {
    await assertRejects(() => client[call](one), BadResource, "Bad resource ID");
  }
  await assertRejects(() => client.closeWrite(), BadResource);
  assertThrows(() => client.setNoDelay(), BadResource);
  assertThrows(() => client.close(), BadResource);
  client[Symbol.dispose]();
  server.close();
});

test("the stack of a read that fails late names who awaits it", async () => {
  const { client, server } = await tcpPair();
  async function caller() {
    await client.read(new Uint8Array(1));
  }
  const failing = assertRejects(caller, Interrupted);
  client.close();
  const error = await failing;
  assert(/^Interrupted: operation canceled\n +at async caller /.test(error.stack), error.stack);
  // Also of one that fails at once.
  const at_once = await assertRejects(caller, BadResource);
  assert(/^BadResource: Bad resource ID\n +at caller /.test(at_once.stack), at_once.stack);
  server.close();
});

test("a read that fails late and that nobody awaits yet is no unhandled rejection once it is", async () => {
  const { client, server } = await tcpPair();
  const reading = client.read(new Uint8Array(1));
  const seen = reading.then(
    () => "read",
    (error) => error.name,
  );
  client.close();
  assertEquals(await seen, "Interrupted");
  server.close();
});

test("reads and writes refuse what is no view", async () => {
  const { client, server } = await tcpPair();
  for (const call of ["read", "write"]) {
    for (const data of ["text", new ArrayBuffer(1), undefined]) {
      const promise = client[call](data);
      assert(promise instanceof Promise);
      await assertRejects(() => promise, TypeError, "expected typed ArrayBufferView");
    }
  }
  assertEquals(await client.write(new Uint8Array(0)), 0);
  assertEquals(await client.read(new Uint8Array(0)), 0);
  client.close();
  server.close();
});

test("writes take their turn when the peer does not read", async () => {
  const { client, server } = await tcpPair();
  const large = new Uint8Array(16 * 1024 * 1024).fill(1);
  const first = writeAll(client, large);
  // Of the first one a part waits: nothing may overtake it.
  const second = client.write(new Uint8Array([2]));
  const got = new Uint8Array(1024 * 1024);
  let total = 0;
  let last = 0;
  let twos = 0;
  const reading = (async () => {
    while (total < large.length + 1) {
      const size = await server.read(got);
      total += size;
      last = got[size - 1];
      for (let i = 0; i < size; i++) twos += got[i] === 2 ? 1 : 0;
    }
  })();
  await Promise.all([first, second, reading]);
  assertEquals([total, twos], [large.length + 1, 1]);
  assert(last === 1 || last === 2);
  client.close();
  server.close();
});

test("a write that waits is interrupted too", async () => {
  const { client, server } = await tcpPair();
  const chunk = new Uint8Array(1 << 20);
  let waiting;
  for (;;) {
    const write = client.write(chunk);
    const timeout = new Promise((resolve) => setTimeout(resolve, 100, "waits"));
    if ((await Promise.race([write, timeout])) === "waits") {
      waiting = write;
      break;
    }
  }
  client.close();
  await assertRejects(() => waiting, Interrupted, "operation canceled");
  server.close();
});

test("writing to a peer that is gone", async () => {
  const { client, server } = await tcpPair();
  client.close();
  await server.write(bytes("x"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  await assertRejects(() => server.write(bytes("x")), BrokenPipe, "Broken pipe (os error 32)");
  server.close();
});

test("a reset is ConnectionReset", async () => {
  const { client, server } = await tcpPair();
  // Closing with unread data resets the connection.
  await server.write(bytes("unread"));
  const reading = server.read(new Uint8Array(1));
  await new Promise((resolve) => setTimeout(resolve, 20));
  client.close();
  await assertRejects(() => reading, ConnectionReset, "Connection reset by peer (os error 104)");
  server.close();
});

test("options, and buffers that are none", async () => {
  const { client, server } = await tcpPair();
  client.setNoDelay();
  client.setNoDelay(false);
  client.setKeepAlive();
  client.setKeepAlive(false);
  assertEquals(await client.read(new Uint8Array(0)), 0);
  assertEquals(await client.write(new Uint8Array(0)), 0);
  await assertRejects(() => client.read("x"), TypeError, "expected typed ArrayBufferView");
  await assertRejects(() => client.write("x"), TypeError, "expected typed ArrayBufferView");
  client.close();
  server.close();
});

test("64 MiB arrive as they were sent", async () => {
  const { client, server } = await tcpPair();
  const total = 64 << 20;
  const chunk = new Uint8Array(1 << 18);
  for (let i = 0; i < chunk.length; i++) chunk[i] = i * 31 + (i >> 8);
  const sending = (async () => {
    for (let sent = 0; sent < total; sent += chunk.length) await writeAll(client, chunk);
    await client.closeWrite();
  })();
  let received = 0;
  const buffer = new Uint8Array(100_003);
  for (let size = await server.read(buffer); size !== null; size = await server.read(buffer)) {
    for (let i = 0; i < size; i += 4099) {
      const at = (received + i) % chunk.length;
      if (buffer[i] !== chunk[at]) throw new Error(`wrong byte at ${received + i}`);
    }
    received += size;
  }
  await sending;
  assertEquals(received, total);
  client.close();
  server.close();
});

test("a peer that always has data does not keep timers from firing", async () => {
  const { client, server } = await tcpPair();
  let stop = false;
  const flood = (async () => {
    const chunk = new Uint8Array(1 << 16);
    while (!stop) await writeAll(client, chunk);
    client.close();
  })();
  setTimeout(() => (stop = true), 50);
  const started = Date.now();
  const buffer = new Uint8Array(1 << 16);
  while ((await server.read(buffer)) !== null);
  await flood;
  assert(Date.now() - started < 5000);
  server.close();
});

test("nothing is left open", () => {
  assertEquals(Object.keys(Deno.resources()).length, 3);
});
