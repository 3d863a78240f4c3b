// TCP echo for Bun. Usage: echo_bun.js <port>
Bun.listen({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  socket: {
    open(socket) {
      socket.setNoDelay(true);
      socket.data = [];
    },
    data(socket, data) {
      // write() takes what fits; the rest waits for drain.
      if (socket.data.length > 0) {
        socket.data.push(Buffer.from(data));
        return;
      }
      const written = socket.write(data);
      if (written < data.length) socket.data.push(Buffer.from(data.subarray(written)));
    },
    drain(socket) {
      while (socket.data.length > 0) {
        const written = socket.write(socket.data[0]);
        if (written < socket.data[0].length) {
          socket.data[0] = socket.data[0].subarray(written);
          return;
        }
        socket.data.shift();
      }
    },
  },
});
