// The server of `bench/run https` for every runtime, by its own API: port, certificate file, key file.
const args = globalThis.Deno?.args ?? process.argv.slice(2);
const [port, certFile, keyFile] = [Number(args[0]), args[1], args[2]];
const hostname = "127.0.0.1";
if (globalThis.Deno) {
  const cert = Deno.readTextFileSync(certFile);
  const key = Deno.readTextFileSync(keyFile);
  Deno.serve({ port, hostname, cert, key, onListen() {} }, () => new Response("Hello, World!"));
} else if (globalThis.Bun) {
  const tls = { cert: Bun.file(certFile), key: Bun.file(keyFile) };
  Bun.serve({ port, hostname, tls, fetch: () => new Response("Hello, World!") });
} else {
  const { readFileSync } = await import("node:fs");
  const { createServer } = await import("node:https");
  const answer = (_, response) => {
    response.setHeader("content-type", "text/plain;charset=UTF-8");
    response.end("Hello, World!");
  };
  createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, answer).listen(
    port,
    hostname,
  );
}
