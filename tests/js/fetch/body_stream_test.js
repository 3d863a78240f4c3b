// Bodies as streams: what `body` gives, what may be made of a stream, locks, and clones.
import { assert, assertEquals, assertRejects, assertThrows, test } from "../harness.js";

const encoder = new TextEncoder();
const streamOf = (...texts) => ReadableStream.from(texts.map((text) => encoder.encode(text)));

test("body is a byte stream, always the same one, null without a body", async () => {
  const response = new Response("h\u00e9");
  const { body } = response;
  assert(body instanceof ReadableStream && body === response.body);
  const { value } = await body.getReader({ mode: "byob" }).read(new Uint8Array(9));
  assertEquals(value, encoder.encode("h\u00e9"));
  assertEquals([response.bodyUsed, body.locked], [true, true]);
  assertEquals(new Response().body, null);
  assertEquals(new Request("http://x/").body, null);
  assertEquals((await new Response("").body.getReader().read()).done, true);
});

test("looking at body changes nothing: text, content type, bodyUsed", async () => {
  const response = new Response("text");
  const { body } = response;
  assertEquals([response.bodyUsed, body.locked], [false, false]);
  assertEquals(response.headers.get("content-type"), "text/plain;charset=UTF-8");
  assertEquals(await response.text(), "text");
  assertEquals([response.bodyUsed, body.locked], [true, true]);
  await assertRejects(() => response.text(), TypeError, "Body already consumed");
});

test("after text() body is there, read", async () => {
  const response = new Response("text");
  await response.text();
  assertEquals(response.body.locked, true);
  assertThrows(() => response.body.getReader(), TypeError, "locked");
});

test("a stream in, every form out", async () => {
  assertEquals(await new Response(streamOf("a", "b")).text(), "ab");
  assertEquals(await new Response(streamOf("[1,", "2]")).json(), [1, 2]);
  assertEquals(await new Response(streamOf("ab")).bytes(), new Uint8Array([97, 98]));
  assertEquals((await new Response(streamOf("a", "bc")).arrayBuffer()).byteLength, 3);
  const init = { method: "POST", body: streamOf("up"), duplex: "half" };
  const request = new Request("http://x/", init);
  assertEquals(request.headers.get("content-type"), null);
  assertEquals(await request.text(), "up");
  async function* generate() {
    yield encoder.encode("from a generator");
  }
  assertEquals(await new Response(generate()).text(), "from a generator");
});

test("characters cut in two by a chunk's end", async () => {
  const bytes = encoder.encode("\u20ac");
  const halves = ReadableStream.from([bytes.slice(0, 1), bytes.slice(1)]);
  assertEquals(await new Response(halves).text(), "\u20ac");
});

test("locked or read streams are refused", async () => {
  const stream = streamOf("a");
  const reader = stream.getReader();
  assertThrows(() => new Response(stream), TypeError, "locked or disturbed");
  await reader.read();
  reader.releaseLock();
  assertThrows(() => new Response(stream), TypeError, "locked or disturbed");
  const locked = new Response("x");
  locked.body.getReader();
  await assertRejects(() => locked.text(), TypeError, "Body already consumed");
  assertThrows(() => locked.clone(), TypeError, "Body is unusable");
});

test("chunks that are no bytes, and streams that fail, reject", async () => {
  const textual = new Response(ReadableStream.from(["text"]));
  await assertRejects(() => textual.text(), TypeError, "Uint8Array");
  const failing = new ReadableStream({
    pull() {
      throw new RangeError("broken");
    },
  });
  await assertRejects(() => new Response(failing).text(), RangeError, "broken");
});

test("a clone of a stream gets all of it", async () => {
  const first = new Response(streamOf("a", "b"));
  const second = first.clone();
  const [one, two] = await Promise.all([first.text(), second.text()]);
  assertEquals([one, two], ["ab", "ab"]);
  const seen = new Response("text");
  seen.body;
  assertEquals(seen.clone().headers.get("content-type"), "text/plain;charset=UTF-8");
});

test("a request made from another takes its body", async () => {
  const first = new Request("http://x/", { method: "POST", body: streamOf("a") });
  const { body } = first;
  const second = new Request(first);
  assertEquals([first.bodyUsed, body.locked], [true, true]);
  assertEquals(await second.text(), "a");
  assertThrows(() => new Request(first), TypeError, "unusable");
});

test("ten thousand chunks at hand do not nest", async () => {
  const stream = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 10_000; i++) controller.enqueue(new Uint8Array([65]));
      controller.close();
    },
  });
  assertEquals((await new Response(stream).text()).length, 10_000);
});
