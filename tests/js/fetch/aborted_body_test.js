// Reading a body that was aborted before: rejected at once, nothing is waited for.
import { assert, assertEquals, assertRejects, test } from "../harness.js";

// A body that has come, one that has not, and one that was looked at.
const kinds = {
  whole: [() => "x".repeat(200), () => {}],
  "half come": [() => new ReadableStream({ start: (c) => c.enqueue(new Uint8Array(9)) }), () => {}],
  opened: [() => "x".repeat(200_000), (response) => response.body],
};

for (const method of ["arrayBuffer", "blob", "bytes", "formData", "json", "text"]) {
  for (const [kind, [body, touch]] of Object.entries(kinds)) {
    test(`${method}() of a body (${kind}) that was aborted before`, async () => {
      const server = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen() {} },
        () => new Response(body()),
      );
      const controller = new AbortController();
      const url = `http://127.0.0.1:${server.addr.port}/`;
      const response = await fetch(url, { signal: controller.signal });
      touch(response);
      controller.abort(new RangeError("mine"));
      const order = [];
      const reading = response[method]().catch((error) => order.push(error.message));
      const next = Promise.resolve().then(() => order.push("next"));
      await Promise.all([reading, next]);
      assertEquals(order, ["mine", "next"]);
      // It was not read, and never can be.
      assertEquals(response.bodyUsed, false);
      await assertRejects(() => response.text(), RangeError, "mine");
      await server.shutdown();
    });
  }
}

test("the stream of a request that was aborted before is cancelled", async () => {
  const reasons = [];
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1)),
    cancel: (reason) => {
      reasons.push(reason);
    },
  });
  const signal = AbortSignal.abort();
  const options = { method: "POST", body, signal, duplex: "half" };
  const error = await fetch("http://127.0.0.1:1/", options).catch((e) => e);
  assert(error instanceof DOMException && error.name === "AbortError", String(error));
  assert(reasons.length === 1 && reasons[0] === error);
});
