// The server of `bench/run http` for node.
require("node:http")
  .createServer((_request, response) => {
    response.setHeader("content-type", "text/plain;charset=UTF-8");
    response.end("Hello, World!");
  })
  .listen(Number(process.argv[2]), "127.0.0.1");
