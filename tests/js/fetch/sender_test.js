// With --location a program has an origin: `origin` and `referer` of its requests, by the policy, through
// redirects. Without it nothing is said.
import { assertEquals, test } from "../harness.js";

/** Runs `program` with these options of rt; what it printed. */
async function run(program, ...options) {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", ...options, program],
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return (text.decode(stdout) + text.decode(stderr)).trim();
}

/** Two servers that tell `origin` and `referer` of a request; `/to?url` redirects, with a policy. */
async function servers(use) {
  const handler = (request) => {
    const url = new URL(request.url);
    if (url.pathname === "/to") {
      const headers = { location: url.searchParams.get("url") };
      if (url.searchParams.has("policy"))
        headers["referrer-policy"] = url.searchParams.get("policy");
      return new Response(null, { status: 307, headers });
    }
    return Response.json([request.headers.get("origin"), request.headers.get("referer")]);
  };
  const open = () => Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
  const both = [open(), open()];
  await use(...both.map((server) => `http://127.0.0.1:${server.addr.port}`));
  await Promise.all(both.map((server) => server.shutdown()));
}

/** What the server was told for each [url, init]. */
async function told(requests, ...options) {
  const program = `for (const [url, init] of ${JSON.stringify(requests)}) {
    try {
      console.log(JSON.stringify(await (await fetch(url, init)).json()));
    } catch (error) {
      console.log(JSON.stringify(error.name + ": " + error.message));
    }
  }`;
  return (await run(program, ...options)).split("\n").map((line) => JSON.parse(line));
}

test("origin and referer", async () => {
  await servers(async (own, other) => {
    const here = `--location=${own}/dir/page?q#hash`.replace("//", "//user:pass@");
    const page = `${own}/dir/page?q`;
    const post = { method: "POST" };
    const requests = [
      ["x", {}, [null, page]],
      ["x", post, [own, page]],
      [other, {}, [own, `${own}/`]],
      [other, post, [own, `${own}/`]],
      [other, { mode: "no-cors", referrerPolicy: "no-referrer", ...post }, ["null", null]],
      [other, { referrerPolicy: "unsafe-url" }, [own, page]],
      [other, { referrerPolicy: "same-origin" }, [own, null]],
      ["x", { referrerPolicy: "origin" }, [null, `${own}/`]],
      ["x", { referrer: "" }, [null, null]],
      ["x", { referrer: "/else#y" }, [null, `${own}/else`]],
      ["x", { referrer: "http://elsewhere.test/" }, [null, page]],
      ["x", { headers: { referer: "mine", origin: "mine" } }, ["mine", "mine"]],
    ];
    const answers = await told(
      requests.map(([url, init]) => [url, init]),
      here,
    );
    assertEquals(
      answers,
      requests.map((each) => each[2]),
    );
  });
});

test("redirects", async () => {
  await servers(async (own, other) => {
    const page = `${own}/page`;
    const to = (url, policy = "") =>
      `/to?url=${encodeURIComponent(url)}${policy && `&policy=${policy}`}`;
    const secret = other.replace("//", "//user:pass@");
    const requests = [
      [to(other), {}, [own, `${own}/`]],
      [to(`${own}/x`), {}, [null, page]],
      // Out and back again: whose request it is cannot be told any more.
      [other + to(`${own}/x`), {}, [null, `${own}/`]],
      [other + to(`${own}/x`), { method: "POST" }, ["null", `${own}/`]],
      [to(`${own}/x`, "no-referrer"), {}, [null, null]],
      [to(other, "nonsense, unsafe-url"), {}, [own, page]],
      [
        to(secret),
        {},
        "TypeError: Fetch failed: Can not redirect to another origin with credentials",
      ],
      [
        to(other),
        { mode: "same-origin" },
        "TypeError: Fetch failed: The URL is of another origin, and the mode 'same-origin'",
      ],
    ];
    const answers = await told(
      requests.map(([url, init]) => [url, init]),
      `--location=${page}`,
    );
    assertEquals(
      answers,
      requests.map((each) => each[2]),
    );
  });
});

test("without --location nothing is said", async () => {
  await servers(async (own, other) => {
    const to = `${own}/to?url=${encodeURIComponent(other.replace("//", "//user:pass@"))}`;
    const answers = await told([
      [own, { method: "POST" }],
      [own, { mode: "same-origin", referrerPolicy: "unsafe-url", referrer: own }],
      [to, {}],
    ]);
    assertEquals(answers, [
      [null, null],
      [null, null],
      [null, null],
    ]);
  });
});
