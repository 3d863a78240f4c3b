// The smallest server: rt run --allow-net examples/server.js
Deno.serve(() => new Response("Hello, World!"));
