// The server of `bench/run http` for rt and deno; the port is the first argument.
Deno.serve(
  { port: Number(Deno.args[0]), hostname: "127.0.0.1", onListen() {} },
  () => new Response("Hello, World!"),
);
