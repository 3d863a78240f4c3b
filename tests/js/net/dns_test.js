import { assert, assertEquals, assertRejects, test } from "../harness.js";

const { InvalidData, NotFound, NotSupported } = Deno.errors;
const utf8 = (text) => [...new TextEncoder().encode(text)];
const label = (text) => [text.length, ...utf8(text)];
const name = (text) => [...text.split(".").flatMap(label), 0];
const u16 = (n) => [n >> 8, n & 255];
const u32 = (n) => [...u16(n >>> 16), ...u16(n & 0xffff)];

/** The data of the record each type is answered with; 0xc00c points to the question's name. */
const records = {
  1: [
    [192, 0, 2, 1],
    [192, 0, 2, 2],
  ],
  2: [[...label("ns"), 0xc0, 12]],
  5: [name("alias.test")],
  6: [
    [
      ...name("m.test"),
      ...name("r.test"),
      ...u32(1),
      ...u32(2),
      ...u32(3),
      ...u32(4),
      ...u32(4294967295),
    ],
  ],
  12: [name("host.test")],
  15: [[...u16(10), ...label("mail"), 0xc0, 12]],
  16: [
    [...label("one"), ...label("two")],
    [2, 0xc3, 0xbc],
  ],
  28: [[0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 1]],
  33: [[...u16(1), ...u16(2), ...u16(443), ...name("s.test")]],
  35: [
    [
      ...u16(1),
      ...u16(2),
      ...label("U"),
      ...label("E2U+sip"),
      ...label("!x!y!"),
      ...name("n.test"),
    ],
  ],
  257: [[128, ...label("issue"), ...utf8("ca.test")]],
  65305: [name("aname.test")],
};

/** A DNS server: `answer(type, query)` gives the records, or a whole message, or null for silence. */
function dnsServer(answer) {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const running = (async () => {
    for await (const [query, from] of socket) {
      let end = 12;
      while (query[end] !== 0) end += query[end] + 1;
      const type = (query[end + 1] << 8) | query[end + 2];
      const made = answer(type, query);
      if (made === null) continue;
      if (made instanceof Uint8Array) {
        await socket.send(made, from);
        continue;
      }
      const head = [query[0], query[1], 0x81, 0x80, 0, 1, ...u16(made.length), 0, 0, 0, 0];
      const body = made.flatMap((data) => [
        0xc0,
        12,
        ...u16(type),
        0,
        1,
        ...u32(60),
        ...u16(data.length),
        ...data,
      ]);
      await socket.send(new Uint8Array([...head, ...query.subarray(12, end + 5), ...body]), from);
    }
  })();
  return {
    nameServer: { ipAddr: "127.0.0.1", port: socket.addr.port },
    async [Symbol.asyncDispose]() {
      socket.close();
      await running;
    },
  };
}

test("every record type", async () => {
  await using server = dnsServer((type) => records[type]);
  const ask = (type) => Deno.resolveDns("x.test", type, { nameServer: server.nameServer });
  assertEquals(await ask("A"), ["192.0.2.1", "192.0.2.2"]);
  assertEquals(await ask("AAAA"), ["2001:db8::1"]);
  assertEquals(await ask("ANAME"), ["aname.test."]);
  assertEquals(await ask("CAA"), [{ critical: true, tag: "issue", value: "ca.test" }]);
  assertEquals(await ask("CNAME"), ["alias.test."]);
  assertEquals(await ask("MX"), [{ preference: 10, exchange: "mail.x.test." }]);
  assertEquals(await ask("NAPTR"), [
    {
      order: 1,
      preference: 2,
      flags: "U",
      services: "E2U+sip",
      regexp: "!x!y!",
      replacement: "n.test.",
    },
  ]);
  assertEquals(await ask("NS"), ["ns.x.test."]);
  assertEquals(await ask("PTR"), ["host.test."]);
  assertEquals(await ask("SOA"), [
    {
      mname: "m.test.",
      rname: "r.test.",
      serial: 1,
      refresh: 2,
      retry: 3,
      expire: 4,
      minimum: 4294967295,
    },
  ]);
  assertEquals(await ask("SRV"), [{ priority: 1, weight: 2, port: 443, target: "s.test." }]);
  assertEquals(await ask("TXT"), [["one", "two"], ["\u00fc"]]);
});

test("no such name, no such record, no such type", async () => {
  await using server = dnsServer((type, query) => {
    if (type === 1) return [];
    const refused = new Uint8Array(query);
    refused[2] = 0x81;
    refused[3] = 0x83; // NXDOMAIN
    return refused;
  });
  const options = { nameServer: server.nameServer };
  await assertRejects(() => Deno.resolveDns("x.test", "A", options), NotFound);
  await assertRejects(() => Deno.resolveDns("x.test", "MX", options), NotFound, "'x.test'");
  await assertRejects(() => Deno.resolveDns("x.test", "HTTPS", options), NotSupported, "type");
  await assertRejects(() => Deno.resolveDns("x.test", "X", options), TypeError, "variant `X`");
});

test("a server that cannot answer is no answer, and is not said to be away", async () => {
  for (const code of [2, 4, 5]) {
    await using server = dnsServer((_type, query) => {
      const failed = new Uint8Array(query);
      failed[2] = 0x81;
      failed[3] = 0x80 + code;
      return failed;
    });
    await assertRejects(
      () => Deno.resolveDns("x.test", "A", { nameServer: server.nameServer }),
      NotFound,
      "'x.test'",
    );
  }
});

test("names that are none are not sent", async () => {
  let asked = 0;
  await using server = dnsServer(() => {
    asked++;
    return [[192, 0, 2, 1]];
  });
  const options = { nameServer: server.nameServer };
  for (const bad of ["a b.test", "a\0b.test", "a\tb", "a\x7fb", "a..b"]) {
    await assertRejects(() => Deno.resolveDns(bad, "A", options), TypeError, "Invalid DNS name");
  }
  assertEquals(asked, 0);
  await Deno.resolveDns("x.test", "A", options);
  assertEquals(asked, 1);
});

test("malformed answers", async () => {
  let data;
  await using server = dnsServer(() => [data]);
  const options = { nameServer: server.nameServer };
  for (const [type, bad] of [
    ["A", [1, 2, 3]],
    ["MX", [0]],
    ["TXT", [9, 65]],
    ["CNAME", [0xc0, 0xff]],
  ]) {
    data = bad;
    await assertRejects(() => Deno.resolveDns("x.test", type, options), InvalidData, "malformed");
  }
});

test("a server that is silent: aborting does not wait", async () => {
  await using server = dnsServer(() => null);
  const controller = new AbortController();
  const started = Date.now();
  const asking = Deno.resolveDns("x.test", "A", {
    nameServer: server.nameServer,
    signal: controller.signal,
  });
  setTimeout(() => controller.abort(), 20);
  assertEquals((await assertRejects(() => asking)).name, "AbortError");
  assert(Date.now() - started < 3000);
});

test("nothing is left open", () => {
  assertEquals(Object.keys(Deno.resources()).length, 3);
});
