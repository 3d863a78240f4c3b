// What the socket tests share: a connected pair, and reading to the end.

/** Two ends of one TCP connection; `close()` closes what is still open. */
export async function tcpPair() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [client, server] = await Promise.all([
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
    listener.accept(),
  ]);
  listener.close();
  return { client, server };
}

export async function readAll(conn) {
  const decoder = new TextDecoder();
  let text = "";
  const buffer = new Uint8Array(65536);
  for (let size = await conn.read(buffer); size !== null; size = await conn.read(buffer)) {
    text += decoder.decode(buffer.subarray(0, size), { stream: true });
  }
  return text + decoder.decode();
}

export async function writeAll(conn, data) {
  for (let at = 0; at < data.byteLength; ) at += await conn.write(data.subarray(at));
}
