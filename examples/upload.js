// Takes uploads: what is sent with PUT goes to a file, and the bytes never pass through JavaScript.
//   rt run --allow-net --allow-write=out examples/upload.js
//   curl -T some-file http://localhost:8000/
Deno.serve(async (req) => {
  if (req.method !== "PUT" || req.body === null) return new Response("PUT a file", { status: 405 });
  const file = await Deno.open("out", { write: true, create: true, truncate: true });
  await req.body.pipeTo(file.writable);
  return new Response("ok");
});
