import { assertEquals, assertRejects, assertThrows, test } from "../harness.js";
import { readAll } from "./pair.js";

const { AddrInUse, ConnectionRefused, NotFound } = Deno.errors;
const dir = Deno.makeTempDirSync();
const path = `${dir}/socket`;
const transport = "unix";

test("bytes go both ways, the file goes with the listener", async () => {
  const listener = Deno.listen({ transport, path });
  assertEquals(listener.addr, { transport, path });
  assertEquals(Deno.statSync(path).isSocket, true);
  const client = await Deno.connect({ transport, path });
  const server = await listener.accept();
  assertEquals(client.constructor.name, "UnixConn");
  assertEquals(client.remoteAddr, { transport, path });
  assertEquals(server.localAddr, { transport, path });
  await client.write(new TextEncoder().encode("hello"));
  await client.closeWrite();
  assertEquals(await readAll(server), "hello");
  client.close();
  server.close();
  assertThrows(() => Deno.listen({ transport, path }), AddrInUse, "(os error 98)");
  listener.close();
  assertThrows(() => Deno.statSync(path), NotFound);
});

test("a file put in its place is left alone", () => {
  const listener = Deno.listen({ transport, path });
  Deno.removeSync(path);
  Deno.writeTextFileSync(path, "mine");
  listener.close();
  assertEquals(Deno.readTextFileSync(path), "mine");
  Deno.removeSync(path);
});

test("what cannot be connected to", async () => {
  await assertRejects(
    () => Deno.connect({ transport, path }),
    NotFound,
    "No such file or directory (os error 2)",
  );
  Deno.writeTextFileSync(path, "");
  await assertRejects(() => Deno.connect({ transport, path }), ConnectionRefused, "(os error 111)");
  Deno.removeSync(path);
  assertThrows(() => Deno.listen({ transport, path: `${dir}/no/socket` }), NotFound);
  assertThrows(() => Deno.listen({ transport }), TypeError);
  assertThrows(
    () => Deno.listen({ transport, path: `${dir}/${"a".repeat(200)}` }),
    TypeError,
    "path must be shorter than SUN_LEN",
  );
});

test("abstract names have no file", async () => {
  const name = `\0rt-test-${dir}`;
  using listener = Deno.listen({ transport, path: name });
  using client = await Deno.connect({ transport, path: name });
  using server = await listener.accept();
  await client.write(new Uint8Array(3));
  assertEquals(await server.read(new Uint8Array(9)), 3);
});

test("nothing is left open", () => {
  Deno.removeSync(dir, { recursive: true });
  assertEquals(Object.keys(Deno.resources()).length, 3);
});
