// A connection that its server closed while it rested is not used for a request that is sent only
// once, even if the loop had no turn to be told of it.
import { assertEquals, test } from "../harness.js";

const kServer = `
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  postMessage(listener.addr.port);
  for await (const connection of listener) {
    (async () => {
      await connection.read(new Uint8Array(4096));
      await connection.write(new TextEncoder().encode("HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok"));
      connection.close();
    })();
  }`;

test("a POST after a response whose server closed", async () => {
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(kServer)}`, {
    type: "module",
  });
  const { data: port } = await new Promise((resolve) => (worker.onmessage = resolve));
  const client = Deno.createHttpClient({});
  const blocked = new Int32Array(new SharedArrayBuffer(4));
  for (let i = 0; i < 10; i++) {
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: "POST",
      body: "B",
      client,
    });
    assertEquals(await response.text(), "ok");
    Atomics.wait(blocked, 0, 0, 20);
  }
  client.close();
  worker.terminate();
});
