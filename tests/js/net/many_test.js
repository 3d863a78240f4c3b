import { assertEquals, test } from "../harness.js";

test("2 000 connections at once, each answered", async () => {
  const count = 2000;
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0, tcpBacklog: 4096 });
  const serving = (async () => {
    for await (const conn of listener) {
      (async () => {
        const buffer = new Uint8Array(8);
        const size = await conn.read(buffer);
        await conn.write(buffer.subarray(0, size));
        conn.close();
      })();
    }
  })();
  const clients = [];
  for (let i = 0; i < count; i += 100) {
    clients.push(
      ...(await Promise.all(Array.from({ length: 100 }, () => Deno.connect(listener.addr)))),
    );
  }
  await Promise.all(clients.map((client, i) => client.write(new Uint32Array([i]))));
  const answers = await Promise.all(
    clients.map(async (client) => {
      const answer = new Uint32Array(1);
      await client.read(answer);
      client.close();
      return answer[0];
    }),
  );
  assertEquals(
    answers,
    Array.from({ length: count }, (_, i) => i),
  );
  listener.close();
  await serving;
});
