// TCP echo for rt and Deno. Usage: echo_deno.js <port>
const listener = Deno.listen({ hostname: "127.0.0.1", port: Number(Deno.args[0]) });

async function echo(conn) {
  conn.setNoDelay();
  const buffer = new Uint8Array(65536);
  try {
    for (let size = await conn.read(buffer); size !== null; size = await conn.read(buffer)) {
      for (let at = 0; at < size; ) at += await conn.write(buffer.subarray(at, size));
    }
  } catch {
    // The load generator leaves in the middle.
  }
  conn.close();
}

for await (const conn of listener) echo(conn);
