// EventSource: events, reconnecting with Last-Event-ID, and answers that are no stream.
import { assert, assertEquals, test } from "../harness.js";
import { answering, rawServer, serving } from "../fetch/raw_server.js";
import { event } from "./helpers.js";

const kHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n";

test("events, ids and types, however they are cut", async () => {
  const text =
    "\ufeff: comment\ndata: one\n\nevent: other\rdata: two\rdata:three\r\rid: 7\r\ndata\r\n\r\n" +
    "data: \ud83d\ude00\n\nunknown: x\nevent: nothing\n\ndata: last\n\n";
  const bytes = new TextEncoder().encode(text);
  for (const step of [1, 3, bytes.length]) {
    const server = rawServer(async (connection) => {
      await connection.request();
      await connection.say(kHead);
      for (let at = 0; at < bytes.length; at += step) {
        await connection.say(bytes.subarray(at, at + step));
        if (step === 3) await new Promise((resolve) => setTimeout(resolve));
      }
      await connection.closed();
    });
    const source = new EventSource(server.url);
    assertEquals(source.readyState, EventSource.CONNECTING);
    const seen = [];
    const note = ({ type, data, lastEventId }) => seen.push([type, data, lastEventId]);
    source.addEventListener("other", note);
    source.onmessage = note;
    await new Promise((resolve) => {
      source.addEventListener("message", ({ data, origin }) => {
        assertEquals(origin, server.url);
        if (data === "last") resolve();
      });
    });
    assertEquals(seen, [
      ["message", "one", ""],
      ["other", "two\nthree", ""],
      ["message", "", "7"],
      ["message", "\ud83d\ude00", "7"],
      ["message", "last", "7"],
    ]);
    assertEquals(source.readyState, EventSource.OPEN);
    source.close();
    assertEquals(source.readyState, EventSource.CLOSED);
    await server.close();
  }
});

test("it comes back with the last id after the time the server says", async () => {
  const heads = [];
  const server = rawServer(async (connection, index) => {
    heads.push(await connection.request());
    await connection.say(`${kHead}retry: 20\nid: \u20ac${index}\ndata: ${index}\n\n`);
  });
  const source = new EventSource(server.url);
  const seen = [];
  source.onerror = () => seen.push(`error ${source.readyState}`);
  await new Promise((resolve) => {
    source.onmessage = ({ data }) => {
      seen.push(data);
      if (data === "2") resolve();
    };
  });
  source.close();
  assertEquals(seen, ["0", "error 0", "1", "error 0", "2"]);
  assertEquals(/last-event-id/i.test(heads[0]), false);
  assert(heads[0].includes("accept: text/event-stream"));
  assert(heads[1].includes("last-event-id: \u00e2\u0082\u00ac0"), heads[1]);
  await server.close();
});

test("what is no stream ends it for good", async () => {
  for (const answer of [
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 500 No\r\nContent-Type: text/event-stream\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 204 No Content\r\n\r\n",
  ]) {
    const server = answering(answer);
    const source = new EventSource(server.url);
    await event(source, "error");
    assertEquals(source.readyState, EventSource.CLOSED);
    await server.close();
  }
});

test("from Deno.serve, with headers", async () => {
  let timer;
  const server = serving((request) => {
    const body = new ReadableStream({
      start(controller) {
        let count = 0;
        timer = setInterval(() => {
          controller.enqueue(
            new TextEncoder().encode(`data: ${count++} ${request.headers.get("x-a")}\n\n`),
          );
        }, 5);
      },
      cancel() {
        clearInterval(timer);
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  });
  const source = new EventSource(server.url, { headers: { "x-a": "b" } });
  const first = await event(source, "message");
  assertEquals(first.data, "0 b");
  source.close();
  await server.close();
});

test("arguments", () => {
  let name;
  try {
    new EventSource("http://[");
  } catch (error) {
    name = error.name;
  }
  assertEquals(name, "SyntaxError");
  assertEquals(EventSource.CLOSED, 2);
});
