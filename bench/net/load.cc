// Load for echo servers: `load <port> <connections> <bytes> <seconds> [websocket]` keeps one
// message under way on each connection and prints "messages/s MB/s microseconds" (the mean time of
// a round trip). With `websocket` messages are text frames, after a handshake. One thread.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

struct Connection {
  int fd = -1;
  size_t sent = 0;
  size_t received = 0;
  bool wants_write = false;
};

[[noreturn]] void Fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

class Load {
 public:
  Load(uint16_t port, size_t count, size_t size, bool websocket)
      : connections_(count), message_(size, 'x'), websocket_(websocket) {
    answer_size_ = size;
    if (websocket) {
      // Masked with zeros; at most 125 bytes, so that lengths are one byte.
      if (size > 125) Fail("size");
      const char head[] = {'\x81', static_cast<char>(0x80 | size), 0, 0, 0, 0};
      message_.insert(message_.begin(), head, head + sizeof head);
      answer_size_ += 2;
    }
    for (size_t i = 0; i < count; ++i) Open(i, port);
  }

  void Run(double seconds) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    double elapsed = 0;
    std::vector<char> room(1 << 20);
    while (elapsed < seconds) {
      epoll_event events[256];
      const int ready = epoll_wait(epoll_, events, 256, 100);
      for (int i = 0; i < ready; ++i) Serve(events[i].data.u32, room);
      elapsed = std::chrono::duration<double>(Clock::now() - start).count();
    }
    const double rate = static_cast<double>(messages_) / elapsed;
    std::printf("%.0f %.1f %.1f\n", rate, rate * static_cast<double>(message_.size()) / 1e6,
                static_cast<double>(connections_.size()) / rate * 1e6);
  }

 private:
  void Open(size_t index, uint16_t port) {
    Connection& connection = connections_[index];
    connection.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(connection.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      Fail("connect");
    }
    if (websocket_) Shake(connection.fd);
    const int on = 1;
    setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(connection.fd, F_SETFL, O_NONBLOCK);
    Watch(index, EPOLL_CTL_ADD, EPOLLIN);
    Send(index);
  }

  static void Shake(int fd) {
    const std::string request =
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    if (write(fd, request.data(), request.size()) < 0) Fail("write");
    std::string head;
    char byte;
    while (head.find("\r\n\r\n") == std::string::npos) {
      if (read(fd, &byte, 1) != 1) Fail("handshake");
      head.push_back(byte);
    }
    if (head.find(" 101 ") == std::string::npos) Fail("handshake");
  }

  void Watch(size_t index, int operation, uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.u32 = static_cast<uint32_t>(index);
    if (epoll_ctl(epoll_, operation, connections_[index].fd, &event) != 0) Fail("epoll_ctl");
  }

  void Send(size_t index) {
    Connection& connection = connections_[index];
    const ssize_t size =
        write(connection.fd, message_.data() + connection.sent, message_.size() - connection.sent);
    if (size < 0 && errno != EAGAIN) Fail("write");
    if (size > 0) connection.sent += static_cast<size_t>(size);
    const bool wants_write = connection.sent < message_.size();
    if (wants_write == connection.wants_write) return;
    connection.wants_write = wants_write;
    Watch(index, EPOLL_CTL_MOD, wants_write ? EPOLLIN | EPOLLOUT : EPOLLIN);
  }

  void Serve(size_t index, std::vector<char>& room) {
    Connection& connection = connections_[index];
    if (connection.wants_write) Send(index);
    const ssize_t size = read(connection.fd, room.data(), room.size());
    if (size == 0 || (size < 0 && errno != EAGAIN)) Fail("read");
    if (size < 0) return;
    connection.received += static_cast<size_t>(size);
    if (connection.received < answer_size_) return;
    ++messages_;
    connection.sent = connection.received = 0;
    Send(index);
  }

  int epoll_ = epoll_create1(EPOLL_CLOEXEC);
  std::vector<Connection> connections_;
  std::vector<char> message_;
  bool websocket_;
  size_t answer_size_;
  size_t messages_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5 && argc != 6) return 2;
  const bool websocket = argc == 6 && std::strcmp(argv[5], "websocket") == 0;
  Load load(static_cast<uint16_t>(std::atoi(argv[1])), static_cast<size_t>(std::atoi(argv[2])),
            static_cast<size_t>(std::atoi(argv[3])), websocket);
  load.Run(std::atof(argv[4]));
}
