#include "src/cli/inspector/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <v8-version-string.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>

#include "src/cli/inspector/http_request.h"
#include "src/cli/inspector/protocol.h"
#include "src/engine/strings.h"
#include "src/op/trace_values.h"
#include "src/runtime/runtime.h"
#include "src/websocket/frame.h"
#include "src/websocket/handshake.h"
#include "src/websocket/receiver.h"

namespace rt::cli {
namespace {

constexpr size_t kMostConnections = 64;
constexpr size_t kMostQueued = size_t{512} * 1024 * 1024;
constexpr size_t kReadSize = 64 * 1024;

std::string MakeUuid() {
  uint8_t bytes[16] = {};
  RT_CHECK(getrandom(bytes, sizeof bytes, 0) == sizeof bytes);
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3f) | 0x80);
  std::string text;
  for (size_t i = 0; i < sizeof bytes; ++i) {
    char hex[4];
    std::snprintf(hex, sizeof hex, "%02x", bytes[i]);
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += hex;
  }
  return text;
}

// An address and port as IPv6 writes them, so that ::ffff:127.0.0.1 is 127.0.0.1. Zeros: no
// address.
struct Endpoint {
  std::array<uint8_t, 18> bytes{};

  static Endpoint Of(const sockaddr_storage& address) {
    Endpoint endpoint;
    if (address.ss_family == AF_INET) {
      const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
      endpoint.bytes[10] = endpoint.bytes[11] = 0xff;
      std::memcpy(&endpoint.bytes[12], &v4.sin_addr, 4);
      std::memcpy(&endpoint.bytes[16], &v4.sin_port, 2);
    } else if (address.ss_family == AF_INET6) {
      const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
      std::memcpy(&endpoint.bytes[0], &v6.sin6_addr, 16);
      std::memcpy(&endpoint.bytes[16], &v6.sin6_port, 2);
    }
    return endpoint;
  }
  bool operator==(const Endpoint&) const = default;
};

// Whether the other end of a connection is a socket of this process: then a script asks, which
// could do through the debugger what another runtime here may and it may not. Also if the other end
// is gone: nobody can say whose it was.
bool IsFromThisProcess(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return true;
  const Endpoint peer = Endpoint::Of(address);
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return true;
  const int most = static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 1 << 20));
  for (int fd = 0; fd < most; ++fd) {
    size = sizeof address;
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) continue;
    if (fd != socket && Endpoint::Of(address) == peer) return true;
  }
  return false;
}

// What waits to be sent to one client. Runtimes put in, the server's thread takes out.
class Outbox final : public InspectorOutput {
 public:
  explicit Outbox(int wake) : wake_(wake) {}

  void Send(std::string message) override {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return;
      queued_ += message.size();
      // A client that does not read must not fill the memory of the program it looks at.
      if (queued_ > kMostQueued) overflowed_ = true;
      if (!overflowed_) messages_ += ws::MakeFrame(ws::Opcode::kText, message);
    }
    const uint64_t one = 1;
    (void)!write(wake_, &one, sizeof one);
  }
  std::string Take() {
    const std::lock_guard lock(mutex_);
    queued_ = 0;
    return std::move(messages_);
  }
  bool overflowed() {
    const std::lock_guard lock(mutex_);
    return overflowed_;
  }
  void Close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    messages_.clear();
  }

 private:
  const int wake_;
  std::mutex mutex_;
  std::string messages_;
  size_t queued_ = 0;
  bool closed_ = false;
  bool overflowed_ = false;
};

}  // namespace

struct InspectorServer::Connection final : ws::ReceiverListener {
  int fd = -1;
  std::string in;     // of the head
  std::string out;    // to be written
  bool ends = false;  // when `out` is written
  bool gone = false;
  std::unique_ptr<ws::Receiver> receiver;  // once it is a WebSocket
  std::shared_ptr<Outbox> outbox;
  std::shared_ptr<InspectorAgent> agent;
  uint64_t client = 0;
  uint64_t runtime_id = 0;

  bool OnMessage(ws::IncomingMessage message) override {
    // CDP is text; V8 says what is wrong with anything else.
    agent->Dispatch(client, message.whole != nullptr ? std::move(*message.whole)
                                                     : std::string(message.payload));
    return true;
  }
  bool OnPing(std::string_view payload) override {
    out += ws::MakeFrame(ws::Opcode::kPong, payload);
    return true;
  }
  bool OnPong(std::string_view) override { return true; }
  void OnClose(uint16_t code, std::string_view) override {
    out += ws::MakeFrame(ws::Opcode::kClose,
                         ws::ClosePayload(ws::MayBeSent(code) ? code : ws::kNormalClosure, ""));
    ends = true;
  }
};

Result<InspectorAddress> ParseInspectorAddress(const std::string& text) {
  InspectorAddress address;
  if (text.empty()) return address;
  std::string port;
  if (text.starts_with('[')) {
    const size_t end = text.find(']');
    if (end == std::string::npos) return Error::Type("expected HOST:PORT, not \"" + text + "\"");
    address.host = text.substr(1, end - 1);
    if (end + 1 < text.size()) {
      if (text[end + 1] != ':') return Error::Type("expected HOST:PORT, not \"" + text + "\"");
      port = text.substr(end + 2);
    }
  } else if (text.find_first_not_of("0123456789") == std::string::npos) {
    port = text;
  } else {
    const size_t colon = text.find(':');
    address.host = text.substr(0, colon);
    if (colon != std::string::npos) port = text.substr(colon + 1);
  }
  if (!port.empty()) {
    const char* const end = port.data() + port.size();
    const auto [stop, error] = std::from_chars(port.data(), end, address.port);
    if (error != std::errc() || stop != end) {
      return Error::Type("\"" + port + "\" is not the number of a port");
    }
  }
  if (address.host.empty()) return Error::Type("expected HOST:PORT, not \"" + text + "\"");
  return address;
}

InspectorServer::InspectorServer(InspectorAddress address, int listening, int wake)
    : address_(std::move(address)), listening_(listening), wake_(wake) {}

Result<InspectorListener> InspectorServer::Listen(const InspectorAddress& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(address.port);
  if (getaddrinfo(address.host.c_str(), port.c_str(), &hints, &found) != 0 || found == nullptr) {
    return Error::Make(ErrorClass::kNotFound, "there is no address for \"" + address.host + "\"");
  }
  InspectorListener listener{
      address, OwnedFd(socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0))};
  const int listening = listener.fd.get();
  const int one = 1;
  if (listening >= 0) setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  const bool bound = listening >= 0 && bind(listening, found->ai_addr, found->ai_addrlen) == 0 &&
                     listen(listening, 16) == 0;
  const int code = errno;
  freeaddrinfo(found);
  if (!bound) return Error::FromErrno(code, "listen", address.host + ":" + port);
  return listener;
}

Result<std::shared_ptr<InspectorServer>> InspectorServer::Start(
    InspectorListener listener, std::shared_ptr<LiveRuntimes> live) {
  const int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  const int listening = listener.fd.Release();
  std::shared_ptr<InspectorServer> server(
      new InspectorServer(std::move(listener.address), listening, wake));
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  if (getsockname(listening, reinterpret_cast<sockaddr*>(&name), &size) == 0) {
    server->port_ =
        ntohs(name.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&name)->sin6_port
                                         : reinterpret_cast<sockaddr_in*>(&name)->sin_port);
  }
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  // The thread has a share of its own: it ends with the process.
  auto* const share = new std::shared_ptr<InspectorServer>(server);
  pthread_t thread;
  const auto run = [](void* data) -> void* {
    (*static_cast<std::shared_ptr<InspectorServer>*>(data))->Run();
    return nullptr;
  };
  const int status = pthread_create(&thread, nullptr, run, share);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (status != 0) return Error::FromErrno(status, "pthread_create");
  pthread_setname_np(thread, "rt-inspector");
  pthread_detach(thread);
  live->SetListener(server.get());
  return server;
}

void InspectorServer::Wake() {
  const uint64_t one = 1;
  (void)!write(wake_, &one, sizeof one);
}

void InspectorServer::Finish(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (std::exchange(finishing_, true)) return;
  targets_.clear();
  shutdown(listening_, SHUT_RDWR);  // the port is free from now on
  Wake();
  finished_changed_.wait_for(lock, patience, [this] { return finished_; });
}

void InspectorServer::Attach(Runtime& runtime, const LiveRuntimes::Entry& entry) {
  if (AgentOf(entry.id)) return;
  auto agent = runtime.EnsureInspector();
  runtime.MirrorConsole();
  const std::lock_guard lock(mutex_);
  targets_.push_back({entry.id, MakeUuid(), entry.name, entry.url, entry.is_worker, agent});
}

std::shared_ptr<InspectorAgent> InspectorServer::AgentOf(uint64_t runtime_id) {
  const std::lock_guard lock(mutex_);
  for (const Target& target : targets_) {
    if (target.runtime_id == runtime_id) return target.agent;
  }
  return nullptr;
}

std::string InspectorServer::MainUrl() {
  const std::lock_guard lock(mutex_);
  const std::string host =
      address_.host.find(':') != std::string::npos ? "[" + address_.host + "]" : address_.host;
  for (const Target& target : targets_) {
    if (!target.is_worker) {
      return "ws://" + host + ":" + std::to_string(port_) + "/ws/" + target.uuid;
    }
  }
  return "ws://" + host + ":" + std::to_string(port_);
}

void InspectorServer::RuntimeCame(Runtime& runtime, const LiveRuntimes::Entry& entry) {
  Attach(runtime, entry);
}

void InspectorServer::RuntimeGoes(Runtime&, const LiveRuntimes::Entry& entry) {
  // The runtime closes its agent itself.
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(targets_.begin(), targets_.end(), [&](const Target& target) {
      return target.runtime_id == entry.id;
    });
    if (found == targets_.end()) return;
    targets_.erase(found);
  }
  Wake();
}

void InspectorServer::Run() {
  bool finishing = false;
  for (;;) {
    std::vector<pollfd> polled{{finishing ? -1 : listening_, POLLIN, 0}, {wake_, POLLIN, 0}};
    for (const auto& connection : connections_) {
      const bool writes = !connection->out.empty();
      polled.push_back({connection->fd, static_cast<short>(POLLIN | (writes ? POLLOUT : 0)), 0});
    }
    if (poll(polled.data(), polled.size(), -1) < 0) continue;
    if ((polled[1].revents & POLLIN) != 0) {
      uint64_t count;
      (void)!read(wake_, &count, sizeof count);
    }
    {
      const std::lock_guard lock(mutex_);
      finishing = finishing_;
    }
    for (size_t i = 0; i < connections_.size(); ++i) {
      Connection& connection = *connections_[i];
      const short events = polled[i + 2].revents;
      if ((events & (POLLIN | POLLHUP | POLLERR)) != 0 && !ReadFrom(connection)) {
        connection.gone = true;
      }
      if (connection.outbox && !connection.gone) {
        connection.out += connection.outbox->Take();
        if (connection.outbox->overflowed()) connection.gone = true;
        if (!AgentOf(connection.runtime_id) && !connection.ends) {
          connection.out += ws::MakeFrame(ws::Opcode::kClose,
                                          ws::ClosePayload(ws::kGoingAway, "the target has ended"));
          connection.ends = true;
        }
      }
      if (!connection.gone && !WriteTo(connection)) connection.gone = true;
      if ((connection.ends || finishing) && connection.out.empty()) connection.gone = true;
      if (connection.gone) End(connection);
    }
    std::erase_if(connections_, [](const auto& connection) { return connection->gone; });
    if (finishing && connections_.empty()) {
      close(listening_);
      const std::lock_guard lock(mutex_);
      finished_ = true;
      finished_changed_.notify_all();
      return;
    }
    if (!finishing && (polled[0].revents & POLLIN) != 0) Accept();
  }
}

void InspectorServer::Accept() {
  for (;;) {
    const int fd = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return;
    if (connections_.size() >= kMostConnections) {
      close(fd);
      continue;
    }
    const int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    auto connection = std::make_unique<Connection>();
    connection->fd = fd;
    connections_.push_back(std::move(connection));
  }
}

void InspectorServer::End(Connection& connection) {
  close(connection.fd);
  if (connection.outbox) connection.outbox->Close();
  if (connection.agent) connection.agent->Disconnect(connection.client);
}

bool InspectorServer::ReadFrom(Connection& connection) {
  char part[kReadSize];
  for (;;) {
    const ssize_t size = read(connection.fd, part, sizeof part);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    if (size == 0) return false;
    if (connection.ends) continue;  // what comes after the end is nobody's
    connection.in.append(part, static_cast<size_t>(size));
    const bool goes_on = connection.receiver ? FeedSocket(connection) : HandleHead(connection);
    if (!goes_on) return false;
  }
}

bool InspectorServer::FeedSocket(Connection& connection) {
  const auto fed = connection.receiver->Feed(
      {reinterpret_cast<uint8_t*>(connection.in.data()), connection.in.size()}, connection);
  if (fed.failure) {
    connection.out +=
        ws::MakeFrame(ws::Opcode::kClose, ws::ClosePayload(fed.failure->code, fed.failure->reason));
    connection.ends = true;
    connection.in.clear();
    return true;
  }
  connection.in.erase(0, fed.used);
  return true;
}

bool InspectorServer::HandleHead(Connection& connection) {
  const size_t end = connection.in.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (connection.in.size() <= kMaxInspectorHead) return true;
    connection.out = InspectorResponse(400, "text/plain", "the head is too long\n");
    connection.ends = true;
    return true;
  }
  const auto refuse = [&](int status, std::string_view why) {
    connection.out = InspectorResponse(status, "text/plain", why);
    connection.ends = true;
    return true;
  };
  const auto request = ParseInspectorRequest(std::string_view(connection.in).substr(0, end));
  if (!request.ok()) return refuse(400, request.error().message + "\n");
  connection.in.erase(0, end + 4);
  const std::string& host = request->Header("host");
  if (!IsLocalHost(host)) return refuse(400, "Host must be an IP address or localhost\n");
  // Asked now that something was sent: whoever sent it has the other end.
  if (IsFromThisProcess(connection.fd)) {
    return refuse(403, "a program does not debug itself: see node:inspector\n");
  }
  std::string path = request->path.substr(0, request->path.find('?'));
  // Some clients ask for "/json/version/".
  if (path.size() > 1 && path.ends_with('/')) path.pop_back();

  if (ws::HasToken(request->Header("upgrade"), "websocket")) {
    const std::string& key = request->Header("sec-websocket-key");
    if (!ws::HasToken(request->Header("connection"), "upgrade") || !ws::IsKey(key) ||
        request->Header("sec-websocket-version") != "13") {
      return refuse(400, "bad WebSocket handshake\n");
    }
    {
      const std::lock_guard lock(mutex_);
      for (const Target& target : targets_) {
        if (path != "/ws/" + target.uuid && path != "/" + target.uuid) continue;
        connection.agent = target.agent;
        connection.runtime_id = target.runtime_id;
      }
    }
    if (!connection.agent) return refuse(404, "no such target\n");
    connection.receiver = std::make_unique<ws::Receiver>(
        ws::ReceiverOptions{.role = ws::Role::kServer, .max_message_size = 128 * 1024 * 1024});
    connection.outbox = std::make_shared<Outbox>(wake_);
    connection.client = connection.agent->Connect(connection.outbox);
    connection.out =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: " +
        ws::AcceptKey(key) + "\r\n\r\n";
    return FeedSocket(connection);
  }
  if (path == "/json" || path == "/json/list") {
    connection.out = InspectorResponse(200, "application/json", ListAsJson(host));
  } else if (path == "/json/version") {
    connection.out = InspectorResponse(
        200, "application/json",
        "{\n  \"Browser\": \"rt/" RT_VERSION
        "\",\n  \"Protocol-Version\": \"1.3\",\n  \"V8-Version\": \"" V8_VERSION_STRING "\"\n}\n");
  } else if (path == "/json/protocol") {
    connection.out = InspectorResponse(200, "application/json", InspectorProtocol());
  } else {
    return refuse(404, "there is /json/list, /json/version, /json/protocol and the targets\n");
  }
  connection.ends = true;
  return true;
}

std::string InspectorServer::ListAsJson(const std::string& host) {
  const std::lock_guard lock(mutex_);
  std::string text = "[";
  for (const Target& target : targets_) {
    text += text.size() > 1 ? ", {\n" : " {\n";
    const auto member = [&](const char* name, const std::string& value, bool last = false) {
      text += std::string("  \"") + name + "\": ";
      AppendJsonString(&text, value);
      text += last ? "\n" : ",\n";
    };
    const std::string address = host + "/ws/" + target.uuid;
    member("description", "rt");
    member("devtoolsFrontendUrl",
           "devtools://devtools/bundled/js_app.html?experiments=true&v8only=true&ws=" + address);
    member("faviconUrl", "");
    member("id", target.uuid);
    member("title", target.title + (target.is_worker ? "" : " [" + std::to_string(getpid()) + "]"));
    member("type", target.is_worker ? "worker" : "node");
    member("url", target.url);
    member("webSocketDebuggerUrl", "ws://" + address, true);
    text += "}";
  }
  return text + " ]\n";
}

bool InspectorServer::WriteTo(Connection& connection) {
  while (!connection.out.empty()) {
    const ssize_t size =
        send(connection.fd, connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    connection.out.erase(0, static_cast<size_t>(size));
  }
  return true;
}

}  // namespace rt::cli
