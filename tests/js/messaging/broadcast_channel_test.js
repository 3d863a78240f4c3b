// BroadcastChannel: every other channel of the name hears.
import { assertEquals, assertThrows, test } from "../harness.js";

test("others of the same name, not itself", async () => {
  const [a, b, c, other] = ["x", "x", "x", "y"].map((name) => new BroadcastChannel(name));
  const log = [];
  for (const [name, channel] of Object.entries({ a, b, c, other })) {
    channel.onmessage = ({ data }) => log.push(`${name}${data.n}`);
  }
  c.close();
  a.postMessage({ n: 1 });
  b.postMessage({ n: 2 });
  await new Promise((resolve) => setTimeout(resolve, 10));
  assertEquals(log, ["b1", "a2"]);
  assertThrows(() => c.postMessage(1), DOMException, "already closed");
  assertThrows(() => a.postMessage(() => {}), DOMException);
  assertThrows(() => new BroadcastChannel(), TypeError);
  for (const channel of [a, b, other]) channel.close();
});
