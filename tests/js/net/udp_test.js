import { assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const { BadResource, Interrupted } = Deno.errors;
const local = { transport: "udp", hostname: "127.0.0.1" };
const bytes = (text) => new TextEncoder().encode(text);

test("datagrams keep their bounds", async () => {
  using a = Deno.listenDatagram({ ...local, port: 0 });
  using b = Deno.listenDatagram({ ...local, port: 0 });
  assertEquals(await a.send(bytes("one"), b.addr), 3);
  assertEquals(await a.send(bytes(""), b.addr), 0);
  assertEquals(await a.send(bytes("three"), { hostname: "localhost", port: b.addr.port }), 5);
  const [one, sender] = await b.receive();
  assertEquals(new TextDecoder().decode(one), "one");
  assertEquals(sender, a.addr);
  assertEquals((await b.receive())[0].length, 0);
  // Truncated to the buffer.
  const buffer = new Uint8Array(2);
  const [part] = await b.receive(buffer);
  assertEquals(part, bytes("th"));
  assertEquals(part.buffer, buffer.buffer);
});

test("IPv6", async () => {
  using a = Deno.listenDatagram({ transport: "udp", hostname: "::1", port: 0 });
  await a.send(bytes("x"), a.addr);
  assertEquals((await a.receive())[1], a.addr);
});

test("closing ends receives and iteration", async () => {
  const socket = Deno.listenDatagram({ ...local, port: 0 });
  const iterating = (async () => {
    let seen = 0;
    for await (const [data] of socket) seen += data.length;
    return seen;
  })();
  await socket.send(bytes("abc"), socket.addr);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const waiting = socket.receive();
  socket.close();
  assertEquals(await iterating, 3);
  await assertRejects(() => waiting, Interrupted);
  await assertRejects(() => socket.receive(), BadResource);
  await assertRejects(() => socket.send(bytes("x"), socket.addr), BadResource);
  assertThrows(() => socket.close(), BadResource);
});

test("multicast", async () => {
  using socket = Deno.listenDatagram({
    transport: "udp",
    hostname: "0.0.0.0",
    port: 0,
    reuseAddress: true,
    loopback: true,
  });
  const group = await socket.joinMulticastV4("224.0.0.114", "127.0.0.1");
  await group.setLoopback(true);
  await group.setTTL(2);
  await group.leave();
  await assertRejects(() => group.leave(), Deno.errors.AddrNotAvailable);
  await assertRejects(() => socket.joinMulticastV4("224.0.0", "127.0.0.1"), Error, "IPv4 address");
  await assertRejects(() => socket.joinMulticastV4("127.0.0.1", "127.0.0.1"), TypeError);
});

test("IPv6 multicast", async () => {
  using socket = Deno.listenDatagram({ transport: "udp", hostname: "::", port: 0 });
  await assertRejects(() => socket.joinMulticastV6("ff02", 0), Error, "IPv6 address");
  await assertRejects(() => socket.joinMulticastV6("ff01::1", -1), TypeError, "expected u32");
  const group = await socket.joinMulticastV6("ff01::1", 1);
  await group.setLoopback(false);
  await group.leave();
});

test("bad arguments", async () => {
  assertThrows(() => Deno.listenDatagram({ transport: "tcp" }), TypeError, "Unsupported transport");
  assertThrows(() => Deno.listenDatagram({ transport: "udp", port: -1 }), RangeError);
  using socket = Deno.listenDatagram({ ...local, port: 0 });
  await assertRejects(() => socket.send("x", socket.addr), TypeError, "ArrayBufferView");
  await assertRejects(() => socket.send(bytes("x"), { hostname: "127.0.0.1" }), TypeError, "port");
  await assertRejects(
    () => socket.send(new Uint8Array(70000), socket.addr),
    Error,
    "Message too long (os error 90)",
  );
});

test("unixpacket", async () => {
  const dir = Deno.makeTempDirSync();
  const transport = "unixpacket";
  const a = Deno.listenDatagram({ transport, path: `${dir}/a` });
  const nameless = Deno.listenDatagram({ transport });
  assertEquals(await a.send(bytes("self"), { path: `${dir}/a` }), 4);
  const [data, sender] = await a.receive();
  assertEquals(new TextDecoder().decode(data), "self");
  assertEquals(sender.transport, transport);
  await nameless.send(bytes("hello"), a.addr);
  assertEquals((await a.receive())[1], { transport, path: null });
  await assertRejects(() => a.send(bytes("x"), { path: `${dir}/no` }), Deno.errors.NotFound);
  a.close();
  nameless.close();
  assertThrows(() => Deno.statSync(`${dir}/a`), Deno.errors.NotFound);
  Deno.removeSync(dir);
});
