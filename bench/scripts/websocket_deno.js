// WebSocket echo, for rt and Deno: `websocket_deno.js <port>`.
Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.args[0]) }, (request) => {
  if (request.headers.get("upgrade") !== "websocket") return new Response(null, { status: 426 });
  const { socket, response } = Deno.upgradeWebSocket(request);
  socket.onmessage = ({ data }) => socket.send(data);
  return response;
});
