// The floor: the least a server on libuv and llhttp can do, answering the same fixed bytes to every
// request. What rt costs above it is what rt is responsible for. It checks nothing and has no
// limits: never run it on a network you do not own.
#include <llhttp.h>
#include <uv.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr int kMaxBatch = 1024;

// As long as rt's own answer: same fields, a body of "Hello, World!".
constexpr char kResponse[] =
    "HTTP/1.1 200 OK\r\n"
    "content-type: text/plain;charset=UTF-8\r\n"
    "date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
    "content-length: 13\r\n"
    "keep-alive: timeout=60\r\n"
    "\r\n"
    "Hello, World!";
constexpr size_t kResponseSize = sizeof kResponse - 1;

struct Client {
  uv_tcp_t tcp;
  llhttp_t parser;
  int answers;
};

llhttp_settings_t settings;
char read_buffer[64 * 1024];
// kMaxBatch answers in a row: a batch of n is its first n.
char* responses;

void CloseClient(Client* client) {
  uv_close(reinterpret_cast<uv_handle_t*>(&client->tcp),
           [](uv_handle_t* handle) { delete static_cast<Client*>(handle->data); });
}

void Answer(Client* client) {
  while (client->answers > 0) {
    const int count = client->answers < kMaxBatch ? client->answers : kMaxBatch;
    uv_buf_t buffer = uv_buf_init(responses, static_cast<unsigned>(count * kResponseSize));
    auto* stream = reinterpret_cast<uv_stream_t*>(&client->tcp);
    const int sent = uv_try_write(stream, &buffer, 1);
    // A peer that does not read is not what is measured here.
    if (sent != static_cast<int>(buffer.len)) return CloseClient(client);
    client->answers -= count;
  }
}

void OnRead(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer) {
  auto* client = static_cast<Client*>(stream->data);
  if (size < 0) return CloseClient(client);
  if (llhttp_execute(&client->parser, buffer->base, static_cast<size_t>(size)) != HPE_OK) {
    return CloseClient(client);
  }
  Answer(client);
}

void OnConnection(uv_stream_t* server, int status) {
  if (status < 0) return;
  auto* client = new Client{};
  uv_tcp_init(server->loop, &client->tcp);
  client->tcp.data = client;
  if (uv_accept(server, reinterpret_cast<uv_stream_t*>(&client->tcp)) != 0) {
    return CloseClient(client);
  }
  uv_tcp_nodelay(&client->tcp, 1);
  llhttp_init(&client->parser, HTTP_REQUEST, &settings);
  client->parser.data = client;
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(&client->tcp),
      [](uv_handle_t*, size_t, uv_buf_t* buffer) {
        *buffer = uv_buf_init(read_buffer, sizeof read_buffer);
      },
      OnRead);
}

}  // namespace

int main(int argc, char** argv) {
  const int port = argc > 1 ? std::atoi(argv[1]) : 8000;
  responses = static_cast<char*>(std::malloc(kMaxBatch * kResponseSize));
  for (int i = 0; i < kMaxBatch; ++i) {
    std::memcpy(responses + static_cast<size_t>(i) * kResponseSize, kResponse, kResponseSize);
  }
  llhttp_settings_init(&settings);
  settings.on_message_complete = [](llhttp_t* parser) {
    ++static_cast<Client*>(parser->data)->answers;
    return 0;
  };
  uv_loop_t* loop = uv_default_loop();
  uv_tcp_t server;
  uv_tcp_init(loop, &server);
  sockaddr_in address;
  uv_ip4_addr("127.0.0.1", port, &address);
  uv_tcp_bind(&server, reinterpret_cast<const sockaddr*>(&address), 0);
  if (uv_listen(reinterpret_cast<uv_stream_t*>(&server), 1024, OnConnection) != 0) {
    std::fprintf(stderr, "floor: cannot listen on port %d\n", port);
    return 1;
  }
  std::printf("Listening on http://127.0.0.1:%d/\n", port);
  std::fflush(stdout);
  uv_run(loop, UV_RUN_DEFAULT);
}
