// Trailers: no interface of rt shows them (nor do Deno's or fetch's), but a peer may send them. They are read,
// held to a size, and neither break the message nor the connection. Both ends, both protocols.
import { assert, assertEquals, assertRejects, test } from "../harness.js";
import { rawServer } from "../fetch/raw_server.js";
import {
  Client,
  concat,
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  GOAWAY,
  HEADERS,
  headers,
  hpack,
  kPost,
  kPreface,
  RST_STREAM,
  SETTINGS,
} from "./frames.js";

const encoder = new TextEncoder();

/** A server that tells what it got. */
async function serving(use) {
  const seen = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {}, onError: () => new Response("error") },
    async (request) => {
      const text = await request.text();
      seen.push([text, [...request.headers.keys()].filter((name) => name.startsWith("x-")).join()]);
      return new Response(text);
    },
  );
  await use(server.addr.port, seen);
  await server.shutdown();
}

/** What the server answers to these bytes, until it closes. */
async function exchange(port, text) {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(encoder.encode(text));
  return await new Response(conn.readable).text();
}

const kChunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n";
const kLast = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
const statuses = (text) => text.match(/HTTP\/1\.1 \d+/g).map((line) => Number(line.slice(9)));

test("HTTP/1 server: trailers after a chunked body, then the next request", async () => {
  await serving(async (port, seen) => {
    const trailers = "X-A: 1\r\nX-B:2 \r\nX-A: 3\r\n";
    const text = await exchange(
      port,
      `${kChunked}Trailer: X-A\r\n\r\n3\r\nabc\r\n0\r\n${trailers}\r\n${kLast}`,
    );
    assertEquals(statuses(text), [200, 200]);
    assertEquals(seen.sort().reverse(), [
      ["abc", ""],
      ["", ""],
    ]);
  });
});

test("HTTP/1 server: trailers that are too long, out of place or malformed", async () => {
  const bad = {
    "too long": `X-A: ${"y".repeat(9000)}\r\n`,
    "too many": Array.from({ length: 2000 }, (_, i) => `X-${i}: y\r\n`).join(""),
    "a length": "Content-Length: 5\r\n",
    "another framing": "Transfer-Encoding: chunked\r\n",
    host: "Host: b\r\n",
    "no colon": "nonsense\r\n",
    "a folded line": "X-A: 1\r\n 2\r\n",
    "a bare line feed": "X-A: 1\nX-B: 2\r\n",
  };
  await serving(async (port, seen) => {
    for (const [name, trailers] of Object.entries(bad)) {
      const text = await exchange(port, `${kChunked}\r\n3\r\nabc\r\n0\r\n${trailers}\r\n${kLast}`);
      // The handler's answer, if it was not yet given, is the error's; nothing after is trusted.
      assert(statuses(text).length === 1, `${name}: ${text}`);
    }
    assertEquals(seen.length, 0);
  });
});

test("HTTP/2 server: trailers, many and long ones, and the next request", async () => {
  await serving(async (port, seen) => {
    const client = await Client.open(port);
    const begin = (stream) =>
      concat(headers(stream, kPost, END_HEADERS), frame(DATA, 0, stream, encoder.encode("abc")));
    await client.send(
      concat(
        begin(1),
        headers(1, [
          ["x-a", "1"],
          ["x-b", "2"],
        ]),
      ),
    );
    const end = await client.wait((each) => each.stream === 1 && each.flags & END_STREAM);
    assertEquals(String.fromCharCode(...end.payload), "abc");
    // Beyond what a head may have: the stream ends, or the connection does.
    const many = Array.from({ length: 2000 }, (_, i) => [`x-${i}`, "y"]);
    await client.send(
      concat(
        begin(3),
        frame(HEADERS, END_STREAM, 3, hpack(many.slice(0, 1000))),
        frame(9, END_HEADERS, 3, hpack(many.slice(1000))),
      ),
    );
    const refused = await client.wait(
      ({ type, stream }) =>
        type === GOAWAY ||
        (type === RST_STREAM && stream === 3) ||
        (type === HEADERS && stream === 3),
    );
    assert(refused !== null);
    await client.close();
    const again = await Client.open(port);
    await again.send(headers(1));
    assert((await again.wait((each) => each.stream === 1 && each.flags & END_STREAM)) !== null);
    await again.close();
    assertEquals(seen[0], ["abc", ""]);
  });
});

test("HTTP/2 server: a body shorter than its length ends with trailers", async () => {
  await serving(async (port, seen) => {
    const client = await Client.open(port);
    const begin = headers(1, [...kPost, ["content-length", "5"]], END_HEADERS);
    await client.send(
      concat(begin, frame(DATA, 0, 1, encoder.encode("abc")), headers(1, [["x-a", "1"]])),
    );
    assertEquals(await client.reset(1), 1);
    await client.close();
    assertEquals(seen, []);
  });
});

async function withServer(play, use) {
  const server = rawServer(play);
  await use(server.url);
  await server.close();
}

test("HTTP/1 client: trailers after a chunked body, the connection is used again", async () => {
  let connections = 0;
  const play = async (conn) => {
    connections++;
    for (let i = 0; (await conn.request()) !== null; i++) {
      await conn.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n");
      await conn.say(`3\r\nab${i}\r\n0\r\nX-A: 1\r\nX-B: 2\r\n\r\n`);
    }
  };
  await withServer(play, async (url) => {
    for (let i = 0; i < 3; i++) {
      const response = await fetch(url);
      assertEquals(await response.text(), `ab${i}`);
      assertEquals([response.headers.get("x-a"), response.headers.get("trailer")], [null, "X-A"]);
    }
    assertEquals(connections, 1);
  });
});

test("HTTP/1 client: trailers that are too long or malformed end the body with an error", async () => {
  for (const trailers of [
    `X-A: ${"y".repeat(70_000)}`,
    "nonsense",
    "Content-Length: 3",
    "X-A: 1\r\n 2",
  ]) {
    const play = async (conn) => {
      await conn.request();
      await conn.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      await conn.say(`3\r\nabc\r\n0\r\n${trailers}\r\n\r\n`).catch(() => {});
    };
    await withServer(play, async (url) => {
      await assertRejects(async () => (await fetch(url)).text(), TypeError);
    });
  }
});

/** A server of HTTP/2 by hand: `answer(stream)` gives the frames for a request. */
async function rawHttp2(answer, use) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const client = Deno.createHttpClient({ http1: false });
  const accepting = (async () => {
    const conn = await listener.accept();
    await conn.write(frame(SETTINGS, 0, 0));
    let rest = new Uint8Array(0);
    let skip = kPreface.length;
    const buffer = new Uint8Array(65536);
    for (;;) {
      const size = await conn.read(buffer).catch(() => null);
      if (size === null) break;
      rest = concat(rest, buffer.subarray(0, size));
      if (rest.length < skip) continue;
      rest = rest.slice(skip);
      skip = 0;
      while (rest.length >= 9) {
        const length = (rest[0] << 16) | (rest[1] << 8) | rest[2];
        if (rest.length < 9 + length) break;
        if (rest[3] === HEADERS) await conn.write(answer(rest[8])).catch(() => {});
        rest = rest.slice(9 + length);
      }
    }
    try {
      conn.close();
    } catch {
      // Closed already.
    }
  })();
  await use(`http://127.0.0.1:${listener.addr.port}/`, client);
  client.close();
  await accepting;
  listener.close();
}

const kOk = hpack([[":status", "200"]]);

test("HTTP/2 client: trailers end the body", async () => {
  const answer = (stream) =>
    concat(
      frame(HEADERS, END_HEADERS, stream, kOk),
      frame(DATA, 0, stream, encoder.encode("abc")),
      headers(stream, [
        ["x-a", "1"],
        ["grpc-status", "0"],
      ]),
    );
  await rawHttp2(answer, async (url, client) => {
    for (let i = 0; i < 3; i++) {
      const response = await fetch(url, { client });
      assertEquals([response.status, response.headers.get("x-a")], [200, null]);
      assertEquals(await response.text(), "abc");
    }
  });
});

test("HTTP/2 client: trailers alone, without a body", async () => {
  const answer = (stream) =>
    concat(frame(HEADERS, END_HEADERS, stream, kOk), headers(stream, [["x-a", "1"]]));
  await rawHttp2(answer, async (url, client) => {
    assertEquals(await (await fetch(url, { client })).text(), "");
  });
});

test("HTTP/2 client: trailers with a pseudo field, or that do not end the stream, are errors", async () => {
  for (const [fields, flags] of [
    [[[":status", "200"]], END_HEADERS | END_STREAM],
    [[["x-a", "1"]], END_HEADERS],
  ]) {
    const answer = (stream) =>
      concat(
        frame(HEADERS, END_HEADERS, stream, kOk),
        frame(DATA, 0, stream, encoder.encode("abc")),
        headers(stream, fields, flags),
      );
    await rawHttp2(answer, async (url, client) => {
      await assertRejects(async () => (await fetch(url, { client })).text(), TypeError);
    });
  }
});
