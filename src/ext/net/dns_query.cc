// c-ares on the loop: it opens its own sockets, tells which to watch, and is called when one is
// ready or time has passed. A query owns its channel; nothing is shared between queries.
#include "src/ext/net/dns_query.h"

#include <ares.h>
#include <arpa/inet.h>

#include <algorithm>
#include <map>
#include <memory>
#include <span>

#include "src/loop/event.h"
#include "src/loop/loop_timer.h"
#include "src/permissions/ip_address.h"
#include "src/resource/stream_resource.h"

namespace rt {
namespace {

constexpr uint16_t kDnsPort = 53;
// As hickory, which Deno uses: two attempts of five seconds a server.
constexpr int kTimeoutMs = 5000;
constexpr int kTries = 2;
constexpr uint64_t kTickMs = 100;

Error FromStatus(int status, const std::string& name) {
  const std::string message =
      std::string(ares_strerror(status)) + ": no record found for '" + name + "'";
  switch (status) {
    case ARES_ENOTFOUND:
    case ARES_ENODATA:
    // The server has no answer to give.
    case ARES_ESERVFAIL:
    case ARES_ENOTIMP:
    case ARES_EREFUSED:
      return Error::Make(ErrorClass::kNotFound, message, "ENOTFOUND");
    case ARES_ETIMEOUT:
      return Error::Make(ErrorClass::kTimedOut, "DNS request timed out for '" + name + "'",
                         "ETIMEDOUT");
    case ARES_ECONNREFUSED:
      return Error::Make(ErrorClass::kConnectionRefused,
                         "no DNS server answered for '" + name + "'", "ECONNREFUSED");
    case ARES_EBADNAME:
      return Error::Type("Invalid DNS name: '" + name + "'");
    default:
      return Error::Make(ErrorClass::kError,
                         std::string(ares_strerror(status)) + " for '" + name + "'");
  }
}

// Blanks and control characters are in no name, and what c-ares would send stops at a NUL.
bool MayBeName(std::string_view name) {
  return std::none_of(name.begin(), name.end(),
                      [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
}

class Query {
 public:
  explicit Query(Loop& loop) : loop_(loop), timer_(loop) {}
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() {
    ended_ = true;
    if (channel_ != nullptr) ares_destroy(channel_);
  }

  // The server could not answer; another one might.
  bool server_failed() const {
    return status_ == ARES_ESERVFAIL || status_ == ARES_ENOTIMP || status_ == ARES_EREFUSED;
  }

  Result<void> Start(std::span<const GrantedDnsServers::value_type> servers,
                     const std::string& name, uint16_t type) {
    ares_options options{};
    options.timeout = kTimeoutMs;
    options.tries = kTries;
    options.sock_state_cb = [](void* self, ares_socket_t fd, int readable, int writable) {
      static_cast<Query*>(self)->Watch(fd, readable != 0, writable != 0);
    };
    options.sock_state_cb_data = this;
    // An answer that says the server failed is an answer: c-ares itself would say that it cannot be
    // connected to.
    options.flags = ARES_FLAG_NOCHECKRESP;
    // Bare minimum: what is asked is the name as given, and only of these servers.
    options.lookups = const_cast<char*>("b");
    const int status = ares_init_options(&channel_, &options,
                                         ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
                                             ARES_OPT_SOCK_STATE_CB | ARES_OPT_LOOKUPS);
    if (status != ARES_SUCCESS) return FromStatus(status, name);
    std::vector<ares_addr_port_node> nodes(servers.size());
    for (size_t i = 0; i < servers.size(); ++i) {
      if (!servers[i]->ip) return Error::Type("a DNS server must be given by address");
      const int port = servers[i]->port.value_or(kDnsPort);
      nodes[i].udp_port = nodes[i].tcp_port = port;
      nodes[i].family = servers[i]->ip->is_v4() ? AF_INET : AF_INET6;
      (void)inet_pton(nodes[i].family, servers[i]->ip->ToString().c_str(), &nodes[i].addr);
      nodes[i].next = i + 1 < servers.size() ? &nodes[i + 1] : nullptr;
    }
    if (const int set = ares_set_servers_ports(channel_, nodes.data()); set != ARES_SUCCESS) {
      return FromStatus(set, name);
    }
    type_ = type;
    name_ = name;
    ares_query(channel_, name.c_str(), 1 /* IN */, type, &Query::OnAnswer, this);
    Tick();
    return {};
  }

  Task<Result<std::vector<DnsRecord>>> Answer(CancelToken cancel) {
    const auto registration = cancel.OnCancel([this] { ares_cancel(channel_); });
    co_await done_;
    if (cancel.cancelled()) co_return InterruptedError();
    if (status_ != ARES_SUCCESS) co_return FromStatus(status_, name_);
    co_return ParseDnsAnswer(answer_, type_);
  }

 private:
  struct Socket {
    // libuv's; the descriptor is c-ares's own, so no SocketPoll.
    uv_poll_t* poll = nullptr;
    Query* query = nullptr;
    ares_socket_t fd = ARES_SOCKET_BAD;
    Socket() = default;
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket() {
      if (poll == nullptr) return;
      poll->data = nullptr;
      uv_close(reinterpret_cast<uv_handle_t*>(poll),
               [](uv_handle_t* closed) { delete reinterpret_cast<uv_poll_t*>(closed); });
    }
  };

  // Inside a call of c-ares, also from its destruction.
  void Watch(ares_socket_t fd, bool readable, bool writable) {
    if (!readable && !writable) {
      sockets_.erase(fd);
      return;
    }
    Socket& socket = sockets_[fd];
    if (socket.poll == nullptr) {
      socket.poll = new uv_poll_t;
      if (uv_poll_init(loop_.uv(), socket.poll, fd) != 0) {
        delete std::exchange(socket.poll, nullptr);  // then the timeout ends it
        return;
      }
      socket.query = this;
      socket.fd = fd;
      socket.poll->data = &socket;
    }
    const int events = (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0);
    uv_poll_start(socket.poll, events, [](uv_poll_t* poll, int status, int ready) {
      auto* self = static_cast<Socket*>(poll->data);
      if (self == nullptr) return;
      const bool failed = status < 0;
      const ares_socket_t fd = self->fd;
      self->query->Process(failed || (ready & UV_READABLE) != 0 ? fd : ARES_SOCKET_BAD,
                           failed || (ready & UV_WRITABLE) != 0 ? fd : ARES_SOCKET_BAD);
    });
  }

  void Process(ares_socket_t readable, ares_socket_t writable) {
    ares_process_fd(channel_, readable, writable);
    Finish();
  }

  // Retries and timeouts.
  void Tick() {
    timer_.Start(kTickMs, [this] {
      ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
      if (!answered_) Tick();
      Finish();
    });
  }

  // Never from inside c-ares: the waiter destroys the channel. Nothing of this object is touched
  // after.
  void Finish() {
    if (!answered_ || told_) return;
    told_ = true;
    done_.Set(true);
  }

  static void OnAnswer(void* self_pointer, int status, int, unsigned char* data, int size) {
    auto* self = static_cast<Query*>(self_pointer);
    if (self->ended_) return;
    self->status_ = status;
    if (status == ARES_SUCCESS) self->answer_.assign(data, data + size);
    self->answered_ = true;
    // It may answer inside ares_query or ares_cancel: told from the loop then.
    self->timer_.Start(0, [self] { self->Finish(); });
  }

  Loop& loop_;
  ares_channel channel_ = nullptr;
  LoopTimer timer_;
  std::map<ares_socket_t, Socket> sockets_;
  Signal<bool> done_;
  std::string name_;
  uint16_t type_ = 0;
  int status_ = ARES_SUCCESS;
  std::vector<uint8_t> answer_;
  bool answered_ = false;
  bool told_ = false;
  bool ended_ = false;
};

}  // namespace

Result<std::vector<HostPortRaw>> SystemDnsServers() {
  ares_channel channel = nullptr;
  std::vector<HostPortRaw> servers;
  ares_addr_port_node* first = nullptr;
  if (ares_init(&channel) == ARES_SUCCESS) {
    if (ares_get_servers_ports(channel, &first) == ARES_SUCCESS) {
      for (const auto* each = first; each != nullptr; each = each->next) {
        char text[INET6_ADDRSTRLEN] = "";
        inet_ntop(each->family, &each->addr, text, sizeof text);
        const int port = each->udp_port == 0 ? kDnsPort : each->udp_port;
        servers.push_back({text, static_cast<uint16_t>(port)});
      }
      ares_free_data(first);
    }
    ares_destroy(channel);
  }
  if (servers.empty()) {
    return Error::Make(ErrorClass::kNotConnected, "the system has no DNS servers configured");
  }
  return servers;
}

Task<Result<std::vector<DnsRecord>>> QueryDns(Loop& loop, GrantedDnsServers servers,
                                              std::string name, uint16_t type, CancelToken cancel) {
  if (!MayBeName(name)) co_return FromStatus(ARES_EBADNAME, name);
  for (size_t first = 0;; ++first) {
    if (cancel.cancelled()) co_return InterruptedError();
    Query query(loop);
    auto started = query.Start(std::span(servers).subspan(first), name, type);
    if (!started.ok()) co_return started.TakeError();
    auto answer = co_await query.Answer(cancel);
    if (answer.ok() || !query.server_failed() || first + 1 >= servers.size()) co_return answer;
  }
}

}  // namespace rt
