// A server engine on a loop of its own and clients that speak raw bytes, all on one thread. The
// handler answers as the embedder would: after the loop's turn, never from inside a callback.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/ext/http/engine/engine.h"

namespace rt::http {

class Client {
 public:
  explicit Client(uint16_t port) {
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  ~Client() { Close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Gives how much the kernel took.
  size_t Send(std::string_view bytes) {
    pollfd waiting{fd_, POLLOUT, 0};
    poll(&waiting, 1, connected_ ? 0 : 1000);
    connected_ = true;
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return sent < 0 ? 0 : static_cast<size_t>(sent);
  }
  // What has arrived so far is added to `received`.
  void Receive() {
    char buffer[65536];
    for (;;) {
      const ssize_t size = recv(fd_, buffer, sizeof buffer, 0);
      if (size > 0) {
        received.append(buffer, static_cast<size_t>(size));
        continue;
      }
      if (size == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOTCONN))
        closed = true;
      return;
    }
  }
  void EndSending() { shutdown(fd_, SHUT_WR); }
  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

  std::string received;
  bool closed = false;

 private:
  int fd_;
  bool connected_ = false;
};

class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(uv_loop_init(&loop_), 0); }
  void TearDown() override {
    engine_.reset();
    while (uv_run(&loop_, UV_RUN_NOWAIT) != 0) {
    }
    EXPECT_EQ(uv_loop_close(&loop_), 0) << "a handle was left open";
  }

  void Listen(Limits limits = {},
              std::function<std::unique_ptr<WireFilter>()> make_filter = nullptr) {
    engine_ = std::make_unique<Engine>(&loop_);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ServerCallbacks callbacks;
    callbacks.on_ready = [this] { ++ready_calls_; };
    callbacks.on_closed = [this] { ++closed_calls_; };
    auto server = engine_->ListenSockaddr(reinterpret_cast<sockaddr*>(&address), sizeof address,
                                          {.limits = limits, .make_filter = std::move(make_filter)},
                                          std::move(callbacks));
    ASSERT_TRUE(server.ok()) << server.error().message;
    server_ = server.value();
    port_ = ntohs(reinterpret_cast<const sockaddr_in&>(server_->address()).sin_port);
  }

  // One turn: the loop, then the handler for what waits.
  void Turn() {
    uv_run(&loop_, UV_RUN_NOWAIT);
    while (handler_) {
      const RequestId id = server_->TryNext();
      if (id == 0) break;
      ++handled_;
      const Request* request = engine_->Find(id);
      ASSERT_NE(request, nullptr);
      handler_(id, *request);
    }
    engine_->FlushAll();
  }
  // Turns until `done`, at most twenty seconds.
  bool Until(const std::function<bool()>& done) {
    const uint64_t end = uv_hrtime() + 20'000'000'000;
    while (!done()) {
      if (uv_hrtime() > end) return false;
      Turn();
      usleep(500);
    }
    return true;
  }
  void Run(int milliseconds) {
    const uint64_t end = uv_hrtime() + static_cast<uint64_t>(milliseconds) * 1'000'000;
    while (uv_hrtime() < end) {
      Turn();
      usleep(500);
    }
  }
  // Sends, and gives what came back until the server closed or `milliseconds` passed.
  std::string Exchange(std::string_view bytes, int milliseconds = 2000) {
    Client client(port_);
    client.Send(bytes);
    const uint64_t end = uv_hrtime() + static_cast<uint64_t>(milliseconds) * 1'000'000;
    while (!client.closed && uv_hrtime() < end) {
      Turn();
      client.Receive();
    }
    exchange_closed_ = client.closed;
    return client.received;
  }
  bool Expect(Client& client, std::string_view text) {
    return Until([&] {
      client.Receive();
      return client.received.find(text) != std::string::npos;
    });
  }
  bool ExpectClosed(Client& client) {
    return Until([&] {
      client.Receive();
      return client.closed;
    });
  }

  void AnswerPlain() {
    handler_ = [this](RequestId id, const Request&) { engine_->RespondPlain(id, "ok"); };
  }

  static size_t Count(std::string_view text, std::string_view part) {
    size_t count = 0;
    for (size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
      ++count;
    }
    return count;
  }
  static std::string Body(std::string_view response) {
    const size_t end = response.find("\r\n\r\n");
    return end == std::string_view::npos ? "" : std::string(response.substr(end + 4));
  }

  uv_loop_t loop_;
  std::unique_ptr<Engine> engine_;
  Server* server_ = nullptr;
  uint16_t port_ = 0;
  std::function<void(RequestId, const Request&)> handler_;
  int handled_ = 0;
  int ready_calls_ = 0;
  int closed_calls_ = 0;
  bool exchange_closed_ = false;
};

}  // namespace rt::http
