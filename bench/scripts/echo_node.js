// TCP echo for Node. Usage: echo_node.js <port>
require("node:net")
  .createServer({ noDelay: true }, (socket) => {
    socket.on("data", (data) => socket.write(data));
    socket.on("error", () => {});
  })
  .listen(Number(process.argv[2]), "127.0.0.1");
