// Downloads to a file; the bytes never pass through JavaScript.
//   rt run --allow-net --allow-write=out examples/download.js http://localhost:8000/
const response = await fetch(Deno.args[0]);
if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
const file = await Deno.open("out", { write: true, create: true, truncate: true });
await response.body.pipeTo(file.writable);
