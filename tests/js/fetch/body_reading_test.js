// Bodies can be read once, in every form.
import { assertEquals, assertRejects, assertThrows, test } from "../harness.js";

test("every form", async () => {
  const make = () => new Response("h\u00e9");
  assertEquals(await make().text(), "h\u00e9");
  assertEquals([...(await make().bytes())], [0x68, 0xc3, 0xa9]);
  assertEquals((await make().arrayBuffer()).byteLength, 3);
  assertEquals(await new Response("[1]").json(), [1]);
  assertEquals(await new Response(new Uint8Array([0xef, 0xbb, 0xbf, 0x61])).text(), "a");
  assertEquals(await new Response("\ud800").text(), "\ufffd");
  assertEquals(await new Response().text(), "");
});

test("bytes are copied when the response is made", async () => {
  const bytes = new Uint8Array([1, 2, 3, 4]);
  const response = new Response(bytes.subarray(1, 3));
  bytes.fill(9);
  assertEquals(await response.arrayBuffer(), new Uint8Array([2, 3]).buffer);
});

test("only once", async () => {
  const response = new Response("x");
  assertEquals(response.bodyUsed, false);
  await response.text();
  assertEquals(response.bodyUsed, true);
  await assertRejects(() => response.text(), TypeError, "Body already consumed");
  assertThrows(() => response.clone(), TypeError, "Body is unusable");
  const empty = new Response();
  await empty.text();
  assertEquals([empty.bodyUsed, await empty.text()], [false, ""]);
});

test("clones are independent", async () => {
  const first = new Response(new Uint8Array([1, 2]));
  const second = first.clone();
  (await first.bytes()).fill(7);
  assertEquals([...(await second.bytes())], [1, 2]);
});

test("bad JSON and bad receivers reject", async () => {
  await assertRejects(() => new Response("{").json(), SyntaxError);
  await assertRejects(() => Response.prototype.text.call({}), TypeError, "Illegal invocation");
});
