// S51: what a peer of HTTP/2 can do to make work. Each flood ends in GOAWAY (or a reset), and the
// server goes on answering others.
import { assert, assertEquals, test } from "../harness.js";
import {
  Client,
  CONTINUATION,
  concat,
  DATA,
  END_HEADERS,
  ENHANCE_YOUR_CALM,
  frame,
  HEADERS,
  headers,
  hpack,
  kGet,
  kPost,
  kPreface,
  PING,
  PRIORITY,
  RST_STREAM,
  SETTINGS,
  WINDOW_UPDATE,
} from "./frames.js";

function start(limits) {
  let count = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {}, limits },
    async (request) => {
      count++;
      if (request.method === "POST") return new Response(`${(await request.bytes()).length}`);
      return new Response("ok");
    },
  );
  const client = Deno.createHttpClient({ http1: false });
  return {
    port: server.addr.port,
    get count() {
      return count;
    },
    /** Still there. */
    async check() {
      const response = await fetch(`http://127.0.0.1:${server.addr.port}/`, { client });
      assertEquals(await response.text(), "ok");
    },
    async close() {
      client.close();
      await server.shutdown();
    },
  };
}

/** Sends `make(i)` in batches until the server ends the connection. */
async function flood(at, make, first = []) {
  const client = await Client.open(at.port);
  for (const each of first) await client.send(each);
  for (let i = 0; i < 40_000 && !client.ended; i += 200) {
    const batch = concat(...Array.from({ length: 200 }, (_, j) => make(i + j)));
    if (!(await client.send(batch))) break;
    if (client.frames.some((each) => each.type === 7)) break;
  }
  const code = await client.goaway();
  await client.reading;
  await client.close();
  return code;
}

test("rapid reset", async () => {
  const at = start();
  const cancel = [0, 0, 0, 8];
  const code = await flood(at, (i) =>
    concat(headers(2 * i + 1), frame(RST_STREAM, 0, 2 * i + 1, cancel)),
  );
  assertEquals(code, ENHANCE_YOUR_CALM);
  assert(at.count < 2000, `${at.count} requests were begun`);
  await at.check();
  await at.close();
});

test("PING", async () => {
  const at = start();
  assertEquals(await flood(at, () => frame(PING, 0, 0, new Uint8Array(8))), ENHANCE_YOUR_CALM);
  await at.check();
  await at.close();
});

test("SETTINGS", async () => {
  const at = start();
  assertEquals(await flood(at, () => frame(SETTINGS, 0, 0)), ENHANCE_YOUR_CALM);
  await at.check();
  await at.close();
});

test("PRIORITY", async () => {
  const at = start();
  const code = await flood(at, (i) => frame(PRIORITY, 0, 2 * i + 1, [0, 0, 0, 0, 15]));
  assertEquals(code, ENHANCE_YOUR_CALM);
  await at.check();
  await at.close();
});

test("frames of unknown types", async () => {
  const at = start();
  for (const type of [0x0a, 0x10, 0xff]) {
    assertEquals(await flood(at, () => frame(type, 0, 0)), ENHANCE_YOUR_CALM);
    assertEquals(await flood(at, () => frame(type, 0, 0, [1, 2, 3])), ENHANCE_YOUR_CALM);
  }
  await at.check();
  await at.close();
});

test("WINDOW_UPDATEs that nothing was sent for", async () => {
  const at = start();
  const code = await flood(at, () => frame(WINDOW_UPDATE, 0, 0, [0, 0, 0, 1]));
  assertEquals(code, ENHANCE_YOUR_CALM);
  await at.check();
  await at.close();
});

test("empty DATA", async () => {
  const at = start();
  const begin = headers(1, kPost, END_HEADERS);
  assertEquals(await flood(at, () => frame(DATA, 0, 1), [begin]), ENHANCE_YOUR_CALM);
  await at.check();
  await at.close();
});

test("CONTINUATION", async () => {
  const at = start();
  const begin = headers(1, kGet, 1);
  const code = await flood(at, (i) => frame(CONTINUATION, 0, 1, hpack([[`x-${i}`, "y"]])), [begin]);
  assert(code !== 0, `GOAWAY with ${code}`);
  await at.check();
  await at.close();
});

test("window updates that overflow, frames out of place, a broken preface", async () => {
  const at = start();
  const bad = {
    "window overflow": frame(8, 0, 0, [0x7f, 0xff, 0xff, 0xff]),
    "DATA on stream 0": frame(DATA, 0, 0, [1]),
    "HEADERS on stream 0": frame(HEADERS, 5, 0, hpack(kGet)),
    "an even stream": headers(2),
    "CONTINUATION of nothing": frame(CONTINUATION, 4, 1, hpack(kGet)),
    "broken HPACK": frame(HEADERS, 5, 1, [0xff, 0xff, 0xff, 0xff, 0xff]),
    "a frame too long": concat(
      frame(DATA, 0, 1).subarray(0, 0),
      [0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1],
    ),
    "PUSH_PROMISE from a client": frame(5, 4, 1, [0, 0, 0, 2]),
  };
  for (const [name, bytes] of Object.entries(bad)) {
    const client = await Client.open(at.port);
    await client.send(Uint8Array.from(bytes));
    const code = await client.goaway();
    assert(code !== 0, `${name}: GOAWAY with ${code}`);
    await client.reading;
    await client.close();
  }
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: at.port });
  await conn.write(concat(kPreface.subarray(0, 20), new Uint8Array(100)));
  assert((await new Response(conn.readable).bytes()).length > 0, "it says why, and closes");
  await at.check();
  await at.close();
});

test("heads that break the rules of messages reset their stream", async () => {
  const at = start();
  const bad = {
    "no path": kGet.slice(0, 3),
    "an upper-case name": [...kGet, ["X-A", "b"]],
    "a pseudo field after others": [...kGet.slice(0, 3), ["x", "y"], kGet[3]],
    "a pseudo field twice": [...kGet, kGet[3]],
    "an unknown pseudo field": [...kGet, [":x", "y"]],
    "a path with a space": [...kGet.slice(0, 3), [":path", "/a b"]],
    connection: [...kGet, ["connection", "close"]],
    "transfer-encoding": [...kGet, ["transfer-encoding", "chunked"]],
    "te: gzip": [...kGet, ["te", "gzip"]],
  };
  const client = await Client.open(at.port);
  let stream = 1;
  for (const [name, fields] of Object.entries(bad)) {
    await client.send(headers(stream, fields));
    assertEquals(await client.reset(stream), 1, name);
    stream += 2;
  }
  assertEquals(at.count, 0);
  await client.close();
  await at.check();
  await at.close();
});

/** The status of the answer to `fields`, which is an HPACK literal or an index of the static table. */
async function statusOf(at, fields) {
  const client = await Client.open(at.port);
  await client.send(headers(1, fields));
  const { payload } = await client.wait((each) => each.type === HEADERS && each.stream === 1);
  await client.close();
  const known = { 136: 200, 140: 400, 141: 404 };
  return known[payload[0]] ?? statusText(payload);
}

/** `:status` as a literal whose name is index 8; Huffman digits are told apart by their length only. */
function statusText(payload) {
  const size = payload[1] & 0x7f;
  const bits = Array.from(payload.subarray(2, 2 + size), (byte) =>
    byte.toString(2).padStart(8, "0"),
  );
  if ((payload[1] & 0x80) === 0)
    return Number(String.fromCharCode(...payload.subarray(2, 2 + size)));
  const codes = {
    "00000": "0",
    "00001": "1",
    "00010": "2",
    "011001": "3",
    "011010": "4",
    "011011": "5",
    "011100": "6",
    "011101": "7",
    "011110": "8",
    "011111": "9",
  };
  let text = "";
  let code = "";
  for (const bit of bits.join("")) {
    code += bit;
    if (codes[code] !== undefined && text.length < 3) {
      text += codes[code];
      code = "";
    }
  }
  return Number(text);
}

test("heads that are refused with a status", async () => {
  const at = start({ maxHeadBytes: 4096, maxTargetBytes: 256, maxHeaders: 20 });
  const many = Array.from({ length: 30 }, (_, i) => [`x-${i}`, "y"]);
  assertEquals(await statusOf(at, kGet), 200);
  assertEquals(await statusOf(at, [...kGet, ...many]), 431);
  assertEquals(await statusOf(at, [...kGet, ["x", "y".repeat(8000)]]), 431);
  assertEquals(await statusOf(at, [...kGet.slice(0, 3), [":path", `/${"a".repeat(300)}`]]), 414);
  assertEquals(await statusOf(at, [...kGet, ["host", "other"]]), 400);
  assertEquals(at.count, 1);
  await at.close();
});

test("a head without end, a greeting that does not come, an answer nobody takes: timeouts", async () => {
  const at = start({ headerTimeoutMs: 200, writeTimeoutMs: 300 });
  const half = await Client.open(at.port);
  await half.send(headers(1, kGet, 1));
  await half.reading;
  await half.close();
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: at.port });
  await conn.write(kPreface);
  await new Response(conn.readable).bytes();
  // INITIAL_WINDOW_SIZE 0: the answer's body can never be sent.
  const stuck = await Client.open(at.port, [0, 4, 0, 0, 0, 0]);
  await stuck.send(headers(1));
  assert((await stuck.wait((each) => each.type === HEADERS)) !== null);
  await stuck.reading;
  await stuck.close();
  await at.check();
  await at.close();
});

test("a body larger than the limit is answered 413", async () => {
  const at = start({ maxBodyBytes: 1000 });
  const client = await Client.open(at.port);
  await client.send(headers(1, kPost, END_HEADERS));
  await client.send(frame(DATA, 0, 1, new Uint8Array(2000)));
  const { payload } = await client.wait((each) => each.type === HEADERS && each.stream === 1);
  assertEquals(statusText(payload), 413);
  await client.close();
  await at.check();
  await at.close();
});
