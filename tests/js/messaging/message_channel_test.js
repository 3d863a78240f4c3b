// MessageChannel: delivery, transfer, closing, errors.
import { assert, assertEquals, assertThrows, test } from "../harness.js";

function next(port, type = "message") {
  return new Promise((resolve) => port.addEventListener(type, resolve, { once: true }));
}

test("messages arrive in order, each in a task of its own", async () => {
  const { port1, port2 } = new MessageChannel();
  const log = [];
  port1.postMessage("before");
  const done = new Promise((resolve) => {
    port2.onmessage = ({ data }) => {
      log.push(data);
      Promise.resolve().then(() => log.push(`microtask of ${data}`));
      if (data === "last") setTimeout(resolve, 0);
    };
  });
  port1.postMessage("last");
  log.push("posted");
  await done;
  assertEquals(log, ["posted", "before", "microtask of before", "last", "microtask of last"]);
  port1.close();
});

test("nothing arrives before start", async () => {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(1);
  let seen = false;
  port2.addEventListener("message", () => (seen = true));
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert(!seen && !port2.hasRef());
  port2.start();
  await next(port2);
  assert(seen && port2.hasRef());
  port2.close();
  assert(!port2.hasRef());
});

test("buffers and ports are transferred", async () => {
  const one = new MessageChannel();
  const two = new MessageChannel();
  two.port1.postMessage("waits in the port that travels");
  const buffer = new ArrayBuffer(8);
  one.port1.postMessage({ buffer, port: two.port2 }, [two.port2, buffer]);
  assertEquals(buffer.byteLength, 0);
  one.port2.start();
  const event = await next(one.port2);
  assertEquals(event.data.buffer.byteLength, 8);
  assert(
    event.ports.length === 1 && event.ports[0] === event.data.port && Object.isFrozen(event.ports),
  );
  event.ports[0].start();
  assertEquals((await next(event.ports[0])).data, "waits in the port that travels");
  two.port2.postMessage("a detached port says nothing");
  assertThrows(() => one.port1.postMessage(0, [two.port2]), DOMException, "already detached");
  one.port1.close();
  two.port1.close();
});

test("closing one side closes the other, after what was sent", async () => {
  const { port1, port2 } = new MessageChannel();
  const log = [];
  port2.onmessage = ({ data }) => log.push(data);
  port1.postMessage(1);
  port1.close();
  port1.postMessage(2);
  await next(port2, "close");
  assertEquals([log, port2.hasRef()], [[1], false]);
});

test("a port that is dropped with its message closes its channel", async () => {
  const outer = new MessageChannel();
  const inner = new MessageChannel();
  inner.port1.onmessage = () => {};
  outer.port1.postMessage(null, [inner.port2]);
  outer.port2.close();
  await next(inner.port1, "close");
});

test("a long chain of ports in messages is dropped without recursion", () => {
  let { port2: last } = new MessageChannel();
  for (let i = 0; i < 50_000; i++) {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(null, [last]);
    last = port2;
  }
  last.close();
});

test("what cannot be sent", () => {
  const { port1, port2 } = new MessageChannel();
  assertThrows(() => port1.postMessage(() => {}), DOMException, "could not be cloned");
  assertThrows(() => port1.postMessage(port2), DOMException, "must be transferred");
  assertThrows(() => port1.postMessage(0, [port1]), DOMException, "source port");
  assertThrows(() => port1.postMessage(0, [port2, port2]), DOMException, "duplicate");
  assertThrows(() => port1.postMessage(0, [{}]), DOMException, "not transferable");
  assertThrows(() => port1.postMessage(0, 1), TypeError);
  assertThrows(() => port1.postMessage(), TypeError, "1 argument required");
  assertThrows(() => new MessagePort(), TypeError, "Illegal constructor");
});

test("structuredClone transfers ports", async () => {
  const { port1, port2 } = new MessageChannel();
  const { port } = structuredClone({ port: port2 }, { transfer: [port2] });
  assert(port instanceof MessagePort && port !== port2);
  port.start();
  port1.postMessage(5);
  assertEquals((await next(port)).data, 5);
  port1.close();
});
