// What RFC 9113 and RFC 7541 say a server does with each frame a client gets wrong, section by section
// (the same ground h2spec covers), and with what looks wrong and is not.
import { assert, assertEquals, test } from "../harness.js";
import {
  Client,
  CONTINUATION,
  concat,
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  GOAWAY,
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

const PUSH_PROMISE = 5;
const PADDED = 8;
const ACK = 1;
const PROTOCOL = 1;
const FLOW_CONTROL = 3;
const STREAM_CLOSED = 5;
const FRAME_SIZE = 6;
const REFUSED_STREAM = 7;
const COMPRESSION = 9;

const kBlock = hpack(kGet);
const kHalf = kBlock.slice(0, 20);
const kRest = kBlock.slice(20);
const get = (stream) => headers(stream);
const post = (stream, more = []) => headers(stream, [...kPost, ...more], END_HEADERS);
const int32 = (value) => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];
const setting = (id, value) => [0, id, ...int32(value)];
const cancel = (stream, code = 8) => frame(RST_STREAM, 0, stream, int32(code));
const reserved = (bytes) => bytes.map((byte, i) => (i === 5 ? byte | 128 : byte));

const kServe = { hostname: "127.0.0.1", port: 0, onListen() {} };

/** Runs each case on a connection of its own; `check(client, case)`. */
function cases(name, list, check) {
  test(name, async () => {
    const server = Deno.serve({ ...kServe, onError: () => new Response() }, async (request) => {
      if (request.method === "POST") return new Response(`${(await request.bytes()).length}`);
      if (request.url.endsWith("/slow")) {
        await new Promise((resolve) => request.signal.addEventListener("abort", resolve));
      }
      return new Response("hello");
    });
    const failures = [];
    for (const [what, bytes, ...expected] of list) {
      const client = await Client.open(server.addr.port);
      // Otherwise a test that fails would wait for ever.
      const timer = setTimeout(() => client.close(), 3000);
      await client.send(Uint8Array.from(bytes));
      const problem = await check(client, ...expected);
      if (problem !== undefined) failures.push(`${what}: ${problem}`);
      clearTimeout(timer);
      await client.close();
    }
    await server.shutdown();
    assertEquals(failures, []);
  });
}

/** The connection ends with GOAWAY and one of these codes. */
const connectionErrors = (name, list) =>
  cases(name, list, async (client, ...codes) => {
    const code = await client.goaway();
    await client.reading;
    if (!codes.includes(code)) return `GOAWAY with ${code}, not ${codes}`;
  });

/** The stream, or the connection, ends with one of these codes, and nothing was answered. */
const streamErrors = (name, list) =>
  cases(name, list, async (client, stream, ...codes) => {
    const found = await client.wait(
      ({ type, stream: of }) => type === GOAWAY || (type === RST_STREAM && of === stream),
    );
    const code = found === null ? null : found.payload[found.type === GOAWAY ? 7 : 3];
    if (!codes.includes(code)) return `ended with ${code}, not ${codes}`;
  });

/** A request on `stream` is answered; the connection goes on. */
const accepted = (name, list) =>
  cases(name, list, async (client, stream = 1) => {
    const end = await client.wait(
      (each) => each.type === GOAWAY || (each.stream === stream && each.flags & END_STREAM),
    );
    if (end === null || end.type !== DATA) return `ended with ${end?.type} ${end?.payload}`;
    if (client.frames.some(({ type }) => type === RST_STREAM)) return "a stream was reset";
  });

accepted("what is to be passed over", [
  ["4.1 a frame of an unknown type", concat(frame(0x16, 0, 0, [1, 2, 3]), get(1))],
  ["4.1 one on a stream", concat(frame(0x16, 255, 1, [1, 2, 3]), get(1))],
  ["4.1 flags nobody defined", concat(frame(PING, 0x16, 0, new Uint8Array(8)), get(1))],
  ["4.1 the reserved bit", concat(reserved(frame(PING, 0, 0, new Uint8Array(8))), get(1))],
  ["4.2 DATA of 2^14 bytes", concat(post(1), frame(DATA, END_STREAM, 1, new Uint8Array(16384)))],
  ["5.1 PRIORITY on an idle stream", concat(frame(PRIORITY, 0, 3, [0, 0, 0, 0, 9]), get(1))],
  [
    "5.1 PRIORITY on a closed stream",
    concat(get(1), frame(PRIORITY, 0, 1, [0, 0, 0, 3, 9]), get(3)),
    3,
  ],
  [
    "5.1 WINDOW_UPDATE on a closed stream",
    concat(post(1), cancel(1), frame(WINDOW_UPDATE, 0, 1, int32(9)), get(3)),
    3,
  ],
  ["5.1 RST_STREAM on a closed stream", concat(post(1), cancel(1), cancel(1), get(3)), 3],
  ["6.1 padding", concat(post(1), frame(DATA, END_STREAM | PADDED, 1, [3, 65, 0, 0, 0]))],
  ["6.2 padding", frame(HEADERS, 5 | PADDED, 1, [2, ...kBlock, 0, 0])],
  [
    "6.5 ENABLE_PUSH 0 and 1",
    concat(frame(SETTINGS, 0, 0, setting(2, 0)), frame(SETTINGS, 0, 0, setting(2, 1)), get(1)),
  ],
  ["6.5.2 a setting nobody defined", concat(frame(SETTINGS, 0, 0, setting(255, 1)), get(1))],
  ["6.5.2 the largest MAX_FRAME_SIZE", concat(frame(SETTINGS, 0, 0, setting(5, 16777215)), get(1))],
  [
    "6.9.1 a window at its end",
    concat(frame(WINDOW_UPDATE, 0, 0, int32(0x7fffffff - 65535)), get(1)),
  ],
  [
    "6.10 CONTINUATION",
    concat(frame(HEADERS, END_STREAM, 1, kHalf), frame(CONTINUATION, END_HEADERS, 1, kRest)),
  ],
  [
    "6.10 several",
    concat(
      frame(HEADERS, END_STREAM, 1, kHalf),
      frame(CONTINUATION, 0, 1, kRest.slice(0, 5)),
      frame(CONTINUATION, 0, 1),
      frame(CONTINUATION, END_HEADERS, 1, kRest.slice(5)),
    ),
  ],
  ["7 RST_STREAM with an unknown code", concat(post(1), cancel(1, 0xff), get(3)), 3],
  ["8.1 trailers", concat(post(1), frame(DATA, 0, 1, [65]), headers(1, [["x-a", "b"]]))],
  ["8.2.2 te: trailers", headers(1, [...kGet, ["te", "trailers"]])],
  [
    "8.1.1 the content-length there is",
    concat(
      post(1, [["content-length", "2"]]),
      frame(DATA, 0, 1, [65]),
      frame(DATA, END_STREAM, 1, [65]),
    ),
  ],
  [
    "RFC 7541 6.3 a table's new size first",
    frame(HEADERS, 5, 1, [0x20, 0x3f, 0xe1, 0x1f, ...kBlock]),
  ],
]);

connectionErrors("frames: 4.2, 4.3, 5.5", [
  [
    "4.2 DATA too long",
    concat(post(1), frame(DATA, END_STREAM, 1, new Uint8Array(16385))),
    FRAME_SIZE,
  ],
  ["4.2 HEADERS too long", headers(1, [...kGet, ["x", "y".repeat(16500)]]), FRAME_SIZE],
  ["4.3 a broken block", frame(HEADERS, 5, 1, [0x40, 0x7f, 1]), COMPRESSION],
  [
    "4.3 PRIORITY within a block",
    concat(frame(HEADERS, 1, 1, kHalf), frame(PRIORITY, 0, 1, [0, 0, 0, 0, 9])),
    PROTOCOL,
  ],
  [
    "4.3 HEADERS of another stream within a block",
    concat(frame(HEADERS, 1, 1, kHalf), get(3)),
    PROTOCOL,
  ],
  [
    "5.5 an unknown frame within a block",
    concat(frame(HEADERS, 1, 1, kHalf), frame(0x16, 0, 1, [1])),
    PROTOCOL,
  ],
]);

connectionErrors("states of streams: 5.1", [
  ["idle: DATA", frame(DATA, END_STREAM, 1, [65]), PROTOCOL, STREAM_CLOSED],
  ["idle: RST_STREAM", cancel(1), PROTOCOL],
  ["idle: WINDOW_UPDATE", frame(WINDOW_UPDATE, 0, 1, int32(1)), PROTOCOL],
  ["idle: CONTINUATION", frame(CONTINUATION, END_HEADERS, 1, kBlock), PROTOCOL],
  ["5.1.1 an even stream", get(2), PROTOCOL],
]);

const slow = (stream) => headers(stream, [...kGet.slice(0, 3), [":path", "/slow"]]);
streamErrors("streams that are half closed or closed: 5.1", [
  ["half closed: DATA", concat(slow(1), frame(DATA, END_STREAM, 1, [65])), 1, STREAM_CLOSED],
  ["half closed: HEADERS", concat(slow(1), slow(1)), 1, STREAM_CLOSED],
  [
    "half closed: CONTINUATION",
    concat(slow(1), frame(CONTINUATION, END_HEADERS, 1, kBlock)),
    1,
    STREAM_CLOSED,
    PROTOCOL,
  ],
  [
    "closed: CONTINUATION",
    concat(post(1), cancel(1), frame(CONTINUATION, END_HEADERS, 1, kBlock)),
    0,
    STREAM_CLOSED,
    PROTOCOL,
  ],
]);

connectionErrors("DATA, HEADERS, PRIORITY, RST_STREAM: 6.1 to 6.4", [
  ["6.1 DATA on 0", frame(DATA, END_STREAM, 0, [65]), PROTOCOL],
  [
    "6.1 more padding than frame",
    concat(post(1), frame(DATA, END_STREAM | PADDED, 1, [9, 65])),
    PROTOCOL,
  ],
  ["6.2 HEADERS on 0", frame(HEADERS, 5, 0, kBlock), PROTOCOL],
  ["6.2 more padding than frame", frame(HEADERS, 5 | PADDED, 1, [255, ...kBlock]), PROTOCOL],
  ["6.3 PRIORITY on 0", frame(PRIORITY, 0, 0, [0, 0, 0, 0, 9]), PROTOCOL],
  ["6.4 RST_STREAM on 0", cancel(0), PROTOCOL],
  ["6.4 RST_STREAM of 3 bytes", concat(post(1), frame(RST_STREAM, 0, 1, [0, 0, 8])), FRAME_SIZE],
]);

streamErrors("PRIORITY of 4 bytes: 6.3", [
  ["6.3", frame(PRIORITY, 0, 1, [0, 0, 0, 0]), 1, FRAME_SIZE],
]);

connectionErrors("SETTINGS, PUSH_PROMISE, PING, GOAWAY: 6.5 to 6.8", [
  ["6.5 ACK with a payload", frame(SETTINGS, ACK, 0, setting(3, 1)), FRAME_SIZE],
  ["6.5 on a stream", frame(SETTINGS, 0, 1, setting(3, 1)), PROTOCOL],
  ["6.5 of 5 bytes", frame(SETTINGS, 0, 0, [0, 3, 0, 0, 0]), FRAME_SIZE],
  ["6.5.2 ENABLE_PUSH 2", frame(SETTINGS, 0, 0, setting(2, 2)), PROTOCOL],
  ["6.5.2 INITIAL_WINDOW_SIZE 2^31", frame(SETTINGS, 0, 0, setting(4, 0x80000000)), FLOW_CONTROL],
  ["6.5.2 MAX_FRAME_SIZE 16383", frame(SETTINGS, 0, 0, setting(5, 16383)), PROTOCOL],
  ["6.5.2 MAX_FRAME_SIZE 2^24", frame(SETTINGS, 0, 0, setting(5, 16777216)), PROTOCOL],
  ["6.6 PUSH_PROMISE of a client", frame(PUSH_PROMISE, 4, 1, [0, 0, 0, 2, ...kBlock]), PROTOCOL],
  ["6.7 PING on a stream", frame(PING, 0, 1, new Uint8Array(8)), PROTOCOL],
  ["6.7 PING of 6 bytes", frame(PING, 0, 0, new Uint8Array(6)), FRAME_SIZE],
  ["6.8 GOAWAY on a stream", frame(GOAWAY, 0, 1, new Uint8Array(8)), PROTOCOL],
]);

connectionErrors("WINDOW_UPDATE and CONTINUATION: 6.9, 6.10", [
  ["6.9 by 0", frame(WINDOW_UPDATE, 0, 0, int32(0)), PROTOCOL],
  ["6.9 of 3 bytes", frame(WINDOW_UPDATE, 0, 0, [0, 0, 1]), FRAME_SIZE],
  [
    "6.9.1 beyond 2^31-1",
    concat(
      frame(WINDOW_UPDATE, 0, 0, int32(0x7fffffff)),
      frame(WINDOW_UPDATE, 0, 0, int32(0x7fffffff)),
    ),
    FLOW_CONTROL,
  ],
  [
    "6.10 DATA within a block",
    concat(
      post(1),
      frame(DATA, END_STREAM, 1, [65]),
      frame(HEADERS, 1, 3, kHalf),
      frame(DATA, 0, 3, [65]),
    ),
    PROTOCOL,
  ],
  ["6.10 on 0", concat(frame(HEADERS, 1, 1, kHalf), frame(CONTINUATION, 4, 0, kRest)), PROTOCOL],
  [
    "6.10 after a block that has ended",
    concat(post(1), frame(CONTINUATION, 4, 1, kRest)),
    PROTOCOL,
  ],
  [
    "6.10 after a CONTINUATION that was the last",
    concat(
      frame(HEADERS, 0, 1, hpack(kPost).slice(0, 20)),
      frame(CONTINUATION, 4, 1, hpack(kPost).slice(20)),
      frame(CONTINUATION, 4, 1, kRest),
    ),
    PROTOCOL,
  ],
  [
    "6.10 after DATA",
    concat(post(1), frame(DATA, 0, 1, [65]), frame(CONTINUATION, 4, 1, kRest)),
    PROTOCOL,
  ],
]);

streamErrors("windows of streams: 6.9", [
  ["by 0", concat(post(1), frame(WINDOW_UPDATE, 0, 1, int32(0))), 1, PROTOCOL],
  [
    "beyond 2^31-1",
    concat(
      post(1),
      frame(WINDOW_UPDATE, 0, 1, int32(0x7fffffff)),
      frame(WINDOW_UPDATE, 0, 1, int32(0x7fffffff)),
    ),
    1,
    FLOW_CONTROL,
  ],
]);

const without = (name) => kGet.filter(([each]) => each !== name);
streamErrors("messages: 8.1 to 8.3", [
  [
    "8.1 a second HEADERS that does not end the stream",
    concat(post(1), headers(1, [["x-a", "b"]], END_HEADERS)),
    1,
    PROTOCOL,
  ],
  [
    "8.1 a pseudo field in trailers",
    concat(post(1), frame(DATA, 0, 1, [65]), headers(1, [[":method", "GET"]])),
    1,
    PROTOCOL,
  ],
  [
    "8.1.1 less DATA than content-length",
    concat(post(1, [["content-length", "2"]]), frame(DATA, END_STREAM, 1, [65])),
    1,
    PROTOCOL,
  ],
  [
    "8.1.1 more, in two frames",
    concat(
      post(1, [["content-length", "2"]]),
      frame(DATA, 0, 1, [65, 65]),
      frame(DATA, END_STREAM, 1, [65]),
    ),
    1,
    PROTOCOL,
  ],
  [
    "8.1.1 content-length twice",
    post(1, [
      ["content-length", "2"],
      ["content-length", "3"],
    ]),
    1,
    PROTOCOL,
  ],
  ["8.2 an upper-case name", headers(1, [...kGet, ["X-A", "b"]]), 1, PROTOCOL],
  ["8.2.1 a line break in a value", headers(1, [...kGet, ["x-a", "b\r\nc: d"]]), 1, PROTOCOL],
  ["8.2.1 a colon in a name", headers(1, [...kGet, ["x:a", "b"]]), 1, PROTOCOL],
  ["8.2.2 connection", headers(1, [...kGet, ["connection", "keep-alive"]]), 1, PROTOCOL],
  ["8.2.2 te", headers(1, [...kGet, ["te", "trailers, deflate"]]), 1, PROTOCOL],
  ["8.3 :status of a request", headers(1, [...kGet, [":status", "200"]]), 1, PROTOCOL],
  ["8.3 one nobody defined", headers(1, [...kGet, [":test", "x"]]), 1, PROTOCOL],
  ["8.3 after other fields", headers(1, [["x-a", "b"], ...kGet]), 1, PROTOCOL],
  ["8.3.1 an empty :path", headers(1, [...without(":path"), [":path", ""]]), 1, PROTOCOL],
  ...[":method", ":scheme", ":path"].flatMap((name) => [
    [`8.3.1 no ${name}`, headers(1, without(name)), 1, PROTOCOL],
    [
      `8.3.1 ${name} twice`,
      headers(1, [...kGet, kGet.find(([each]) => each === name)]),
      1,
      PROTOCOL,
    ],
  ]),
]);

connectionErrors("HPACK: RFC 7541", [
  ["2.3.3 an index beyond the tables", frame(HEADERS, 5, 1, [...kBlock, 0xff, 0x20]), COMPRESSION],
  ["2.3.3 a name's", frame(HEADERS, 5, 1, [...kBlock, 0x7f, 0x20, 1, 65]), COMPRESSION],
  ["4.2 a table's new size at the end", frame(HEADERS, 5, 1, [...kBlock, 0x3f, 1]), COMPRESSION],
  [
    "5.2 more than 7 bits of padding",
    frame(HEADERS, 5, 1, [...kBlock, 0, 0x85, 0xf2, 0xb2, 0x4a, 0x84, 0xff, 0x81, 0xff]),
    COMPRESSION,
  ],
  [
    "5.2 padding that is not EOS",
    frame(HEADERS, 5, 1, [...kBlock, 0, 0x85, 0xf2, 0xb2, 0x4a, 0x84, 0xff, 0x81, 0x00]),
    COMPRESSION,
  ],
  [
    "5.2 EOS itself",
    frame(HEADERS, 5, 1, [...kBlock, 0, 0x84, 0xff, 0xff, 0xff, 0xff, 0x81, 0xff]),
    COMPRESSION,
  ],
  ["6.1 index 0", frame(HEADERS, 5, 1, [...kBlock, 0x80]), COMPRESSION],
  [
    "6.3 a table larger than was offered",
    frame(HEADERS, 5, 1, [0x3f, 0xe1, 0x7f, ...kBlock]),
    COMPRESSION,
  ],
]);

async function serving(use, handler = () => new Response("hello")) {
  const server = Deno.serve(kServe, handler);
  await use(server.addr.port);
  await server.shutdown();
}

test("3.4 an invalid preface ends the connection", async () => {
  await serving(async (port) => {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    await conn.write(concat(kPreface.subarray(0, 18), new TextEncoder().encode("XX\r\n\r\n")));
    const all = await new Response(conn.readable).bytes();
    assert(all.length < 1000);
  });
});

// 5.1.1 makes this an error of the connection; nghttp2 takes the stream for one that was closed, where a
// late HEADERS is to be read over.
test("5.1.1 HEADERS with a smaller number than before are not answered", async () => {
  await serving(async (port) => {
    const client = await Client.open(port);
    await client.send(concat(get(5), get(3), get(7)));
    await client.wait((each) => each.flags & END_STREAM && each.stream === 7);
    assert(!client.frames.some((each) => each.stream === 3 && each.type !== RST_STREAM));
    await client.close();
  });
});

test("5.1.2 more streams at once than were allowed are refused", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await serving(
    async (port) => {
      const client = await Client.open(port);
      const { payload } = await client.wait((each) => each.type === SETTINGS && each.flags === 0);
      let most = 0;
      for (let i = 0; i < payload.length; i += 6) {
        if (payload[i + 1] === 3) most = (payload[i + 4] << 8) | payload[i + 5];
      }
      assert(most >= 100, `MAX_CONCURRENT_STREAMS ${most}`);
      await client.send(concat(...Array.from({ length: most + 1 }, (_, i) => get(2 * i + 1))));
      const code = await client.reset(2 * most + 1);
      assert(code === REFUSED_STREAM || code === PROTOCOL, `reset with ${code}`);
      release();
      for (let i = 0; i < most; i++) {
        await client.wait((each) => each.stream === 2 * i + 1 && each.flags & END_STREAM);
      }
      await client.close();
    },
    async () => {
      await held;
      return new Response("late");
    },
  );
});

test("6.5.3, 6.7: SETTINGS and PING are acknowledged, acknowledgements are not", async () => {
  await serving(async (port) => {
    const client = await Client.open(port);
    const data = [1, 2, 3, 4, 5, 6, 7, 8];
    await client.send(concat(frame(PING, ACK, 0, data), frame(PING, 0, 0, data)));
    assert((await client.wait((each) => each.type === SETTINGS && each.flags === ACK)) !== null);
    const pong = await client.wait((each) => each.type === PING);
    assertEquals([pong.flags, [...pong.payload]], [ACK, data]);
    await client.send(get(1));
    await client.wait((each) => each.flags & END_STREAM && each.stream === 1);
    assertEquals(client.frames.filter((each) => each.type === PING).length, 1);
    await client.close();
  });
});

test("6.9: bodies keep to the window, also to one that shrinks below nothing", async () => {
  await serving(async (port) => {
    const client = await Client.open(port, setting(4, 1));
    await client.send(get(1));
    const first = await client.wait((each) => each.type === DATA && each.stream === 1);
    assertEquals(first.payload.length, 1);
    // 1 byte is out; a window of 0 leaves -1 of it.
    await client.send(frame(SETTINGS, 0, 0, setting(4, 0)));
    await client.send(frame(WINDOW_UPDATE, 0, 1, int32(1)));
    await new Promise((resolve) => setTimeout(resolve, 100));
    assertEquals(client.frames.filter((each) => each.type === DATA).length, 1);
    await client.send(frame(WINDOW_UPDATE, 0, 1, int32(2)));
    const next = await client.wait((each) => each.type === DATA && each !== first);
    assertEquals(next.payload.length, 2);
    // The last of several values in one frame counts.
    await client.send(frame(SETTINGS, 0, 0, [...setting(4, 100), ...setting(4, 3)]));
    await client.wait((each) => each.type === DATA && each.flags & END_STREAM);
    const sizes = client.frames
      .filter((each) => each.type === DATA)
      .map((each) => each.payload.length);
    assertEquals(
      sizes.reduce((a, b) => a + b),
      5,
    );
    await client.close();
  });
});
