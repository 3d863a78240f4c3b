// Reading a body that was aborted before: rejected at once, nothing is waited for.
import { assertEquals, assertRejects, test } from "../harness.js";

for (const method of ["arrayBuffer", "blob", "bytes", "formData", "json", "text"]) {
  test(`${method}() of a body that was aborted before`, async () => {
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => new Response("x".repeat(200_000)),
    );
    const controller = new AbortController();
    const url = `http://127.0.0.1:${server.addr.port}/`;
    const response = await fetch(url, { signal: controller.signal });
    void response.body;
    controller.abort(new RangeError("mine"));
    const order = [];
    const reading = response[method]().catch((error) => order.push(error.message));
    const next = Promise.resolve().then(() => order.push("next"));
    await Promise.all([reading, next]);
    assertEquals(order, ["mine", "next"]);
    assertEquals(response.bodyUsed, true);
    await assertRejects(() => response.text(), TypeError);
    await server.shutdown();
  });
}
