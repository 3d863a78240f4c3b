// PUT: the body into the file of argument 2, in pieces. GET: that of argument 3 as a stream. For rt
// and deno.
const [port, sink, source] = Deno.args;
Deno.serve({ port: Number(port), hostname: "127.0.0.1", onListen() {} }, async (request) => {
  if (request.method !== "PUT") return new Response((await Deno.open(source)).readable);
  const file = await Deno.open(sink, { write: true, create: true, truncate: true });
  await request.body.pipeTo(file.writable);
  return new Response("ok");
});
