// `integrity` of requests: https://www.w3.org/TR/sri/.
import { assertEquals, assertRejects, test } from "../harness.js";

const kText = "integrity ".repeat(20_000);

async function digest(name, text = kText) {
  const bytes = await crypto.subtle.digest(name, new TextEncoder().encode(text));
  const base64 = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return `${name.replace("-", "").toLowerCase()}-${base64}`;
}

/** A server with the text in one piece, in a stream, behind a redirect, and with no body. */
async function served(use) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/moved") return Response.redirect(new URL("/", request.url));
    if (pathname === "/none") return new Response(null, { status: 204 });
    if (pathname === "/stream") {
      return new Response(ReadableStream.from([kText]).pipeThrough(new TextEncoderStream()));
    }
    return new Response(kText);
  });
  const base = `http://127.0.0.1:${server.addr.port}`;
  await use(async (path, integrity, init) => {
    const response = await fetch(base + path, { ...init, integrity });
    const text = await response.text();
    return init?.method === "HEAD" ? response.status : text.length;
  });
  await server.shutdown();
}

test("each algorithm, in one piece and streamed, behind a redirect", async () => {
  await served(async (get) => {
    for (const name of ["SHA-256", "SHA-384", "SHA-512"]) {
      const wanted = await digest(name);
      for (const path of ["/", "/stream", "/moved"]) {
        assertEquals(await get(path, wanted), kText.length);
        assertEquals(
          await get(path, `${wanted.replaceAll("+", "-").replaceAll("/", "_")}`),
          kText.length,
        );
        assertEquals(await get(path, `${wanted}?opt=1`), kText.length);
        const other = await digest(name, "other");
        const error = await assertRejects(() => get(path, other), TypeError, "integrity");
        assertEquals(error.name, "TypeError");
        assertEquals(await get(path, `${other}  \t${wanted}\n`), kText.length);
      }
    }
  });
});

test("the strongest algorithm alone counts, what is no digest does not", async () => {
  await served(async (get) => {
    const weak = await digest("SHA-256");
    const strong = await digest("SHA-512");
    const wrongWeak = await digest("SHA-256", "other");
    const wrongStrong = await digest("SHA-384", "other");
    assertEquals(await get("/", `${wrongWeak} ${strong}`), kText.length);
    await assertRejects(() => get("/", `${weak} ${wrongStrong}`), TypeError, "integrity");
    assertEquals(await get("/", ""), kText.length);
    assertEquals(await get("/", "md5-abc nonsense sha256 sha256-"), kText.length);
    assertEquals(await get("/", `md5-abc ${weak}`), kText.length);
    await assertRejects(() => get("/", `md5-abc ${wrongWeak}`), TypeError, "integrity");
  });
});

test("no body has no digest", async () => {
  await served(async (get) => {
    const wanted = await digest("SHA-256", "");
    await assertRejects(() => get("/none", wanted), TypeError, "integrity");
    await assertRejects(() => get("/", wanted, { method: "HEAD" }), TypeError, "integrity");
    assertEquals(await get("/", "nonsense", { method: "HEAD" }), 200);
  });
});

test("data: and blob: URLs, and a Request's own integrity", async () => {
  const wanted = await digest("SHA-384", "text");
  assertEquals(await (await fetch("data:,text", { integrity: wanted })).text(), "text");
  await assertRejects(() => fetch("data:,texts", { integrity: wanted }), TypeError, "integrity");
  const url = URL.createObjectURL(new Blob(["text"]));
  assertEquals(await (await fetch(new Request(url, { integrity: wanted }))).text(), "text");
  URL.revokeObjectURL(url);
  const good = await fetch("data:,text", { integrity: wanted });
  assertEquals(await good.clone().text(), await good.text());
});

test("an abort while the body is being read", async () => {
  let stop;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    return new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new Uint8Array(9));
          stop = () => controller.close();
        },
      }),
    );
  });
  const controller = new AbortController();
  const integrity = await digest("SHA-256");
  const under = fetch(`http://127.0.0.1:${server.addr.port}/`, {
    integrity,
    signal: controller.signal,
  });
  setTimeout(() => controller.abort(new RangeError("enough")), 100);
  await assertRejects(() => under, RangeError, "enough");
  try {
    stop();
  } catch {
    // Cancelled already.
  }
  await server.shutdown();
});
