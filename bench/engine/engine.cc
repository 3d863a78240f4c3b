// rt's HTTP engine without JavaScript: every request is answered "Hello, World!" from C++. Beside
// the floor it shows what the engine's checks, limits and queues cost; beside rt, what JavaScript
// costs.
#include <netinet/in.h>
#include <uv.h>

#include <cstdio>
#include <cstdlib>

#include "src/ext/http/engine/engine.h"

int main(int argc, char** argv) {
  const int port = argc > 1 ? std::atoi(argv[1]) : 8000;
  uv_loop_t* loop = uv_default_loop();
  rt::http::Engine engine(loop);
  sockaddr_in address;
  uv_ip4_addr("127.0.0.1", port, &address);
  bool ready = false;
  rt::http::ServerCallbacks callbacks;
  callbacks.on_ready = [&ready] { ready = true; };
  auto server = engine.ListenSockaddr(reinterpret_cast<const sockaddr*>(&address), sizeof address,
                                      {}, std::move(callbacks));
  if (!server.ok()) {
    std::fprintf(stderr, "engine: %s\n", server.error().message.c_str());
    return 1;
  }
  std::printf("Listening on http://127.0.0.1:%d/\n", port);
  std::fflush(stdout);
  while (uv_run(loop, UV_RUN_ONCE) != 0) {
    if (!ready) continue;
    ready = false;
    while (const rt::http::RequestId id = server.value()->TryNext()) {
      engine.RespondPlain(id, "Hello, World!");
    }
    engine.FlushAll();
  }
}
