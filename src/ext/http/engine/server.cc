// Accepting, the one coarse timer of all connections, and shutting down. The listening socket is
// polled and accepted from here rather than by uv_listen: when descriptors run out, uv_listen drops
// the waiting peers or spins, while we rest and leave them in the backlog.
#include "src/ext/http/engine/server.h"

#include <errno.h>
#include <unistd.h>

#include <algorithm>

#include "src/ext/http/engine/engine.h"

namespace rt::http {
namespace {

// Peers accepted before others get their turn.
constexpr int kAcceptBatch = 64;
constexpr uint64_t kMaxTickMs = 500;

template <class Handle>
void CloseAndFree(Handle** handle) {
  if (*handle == nullptr) return;
  uv_close(reinterpret_cast<uv_handle_t*>(*handle),
           [](uv_handle_t* closed) { delete reinterpret_cast<Handle*>(closed); });
  *handle = nullptr;
}

}  // namespace

Server::Server(Engine& engine, int fd, const ListenOptions& options, ServerCallbacks callbacks)
    : engine_(engine),
      limits_(options.limits),
      callbacks_(std::move(callbacks)),
      make_filter_(options.make_filter),
      takes_host_(options.takes_host),
      parser_(limits_),
      fd_(fd),
      held_(options.hold) {
  const uint32_t seconds = limits_.idle_timeout_ms / 1000;
  if (seconds > 0) keep_alive_field_ = "keep-alive: timeout=" + std::to_string(seconds) + "\r\n";
}

bool Server::TakesHost(std::string_view host) {
  // Only HTTP/1.0 may leave it out.
  if (!takes_host_ || host.empty() || host == taken_host_) return true;
  if (!takes_host_(host)) return false;
  taken_host_ = host;
  return true;
}

Server::~Server() {
  Close();
  CloseAndFree(&timer_);
}

Result<void> Server::Start() {
  socklen_t length = sizeof address_;
  if (getsockname(fd_, reinterpret_cast<sockaddr*>(&address_), &length) != 0) {
    return Error::FromErrno(errno, "getsockname");
  }
  auto* poll = new uv_poll_t;
  if (const int status = uv_poll_init(engine_.loop(), poll, fd_); status != 0) {
    delete poll;
    return Error::FromErrno(status, "listen");
  }
  poll_ = poll;
  poll_->data = this;
  timer_ = new uv_timer_t;
  RT_CHECK(uv_timer_init(engine_.loop(), timer_) == 0);
  timer_->data = this;
  uv_unref(reinterpret_cast<uv_handle_t*>(timer_));
  UpdateListening();
  return {};
}

void Server::UpdateListening() {
  const bool want =
      poll_ != nullptr && !held_ && !backing_off_ && connections_.size() < limits_.max_connections;
  if (want == polling_ || poll_ == nullptr) return;
  polling_ = want;
  if (want) {
    uv_poll_start(poll_, UV_READABLE, [](uv_poll_t* poll, int status, int) {
      if (status == 0) static_cast<Server*>(poll->data)->Accept();
    });
  } else {
    uv_poll_stop(poll_);
  }
}

void Server::Accept() {
  for (int i = 0; i < kAcceptBatch && connections_.size() < limits_.max_connections; ++i) {
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    const int fd =
        accept4(fd_, reinterpret_cast<sockaddr*>(&peer), &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno == EAGAIN || errno == EWOULDBLOCK) break;
      // The one peer gave up, or its network did: the next may be fine (accept(2)).
      if (errno == EINTR || errno == ECONNABORTED || errno == EPROTO || errno == ENETDOWN ||
          errno == EHOSTUNREACH || errno == ENETUNREACH || errno == EPERM) {
        continue;
      }
      if (!logged_exhaustion_ && callbacks_.on_log) {
        logged_exhaustion_ = true;
        callbacks_.on_log("http: cannot accept connections for now: " +
                          Error::FromErrno(errno, "accept").message);
      }
      backing_off_ = true;
      break;
    }
    // A peer on a unix socket has no address of its own; the family decides the kind of handle.
    peer.ss_family = address_.ss_family;
    if (Connection* connection = Connection::Open(this, fd, peer)) {
      connection->index = connections_.size();
      connections_.push_back(connection);
    }
  }
  UpdateListening();
  UpdateTimer();
}

void Server::Remove(Connection* connection) {
  Connection* moved = connections_.back();
  connections_[connection->index] = moved;
  moved->index = connection->index;
  connections_.pop_back();
  UpdateListening();
  if (closed() && !told_closed_) {
    told_closed_ = true;
    UpdateTimer();
    if (callbacks_.on_closed) callbacks_.on_closed();
  }
}

uint64_t Server::TickInterval() const {
  const uint32_t shortest = std::min({limits_.header_timeout_ms, limits_.body_timeout_ms,
                                      limits_.idle_timeout_ms, limits_.write_timeout_ms});
  return std::clamp<uint64_t>(shortest / 4, 10, kMaxTickMs);
}

void Server::UpdateTimer() {
  const bool want = !connections_.empty() || backing_off_;
  if (want == ticking_ || timer_ == nullptr) return;
  ticking_ = want;
  if (want) {
    const uint64_t interval = TickInterval();
    uv_timer_start(
        timer_, [](uv_timer_t* timer) { static_cast<Server*>(timer->data)->Tick(); }, interval,
        interval);
  } else {
    uv_timer_stop(timer_);
  }
}

void Server::Tick() {
  const uint64_t now = uv_now(engine_.loop());
  backing_off_ = false;
  // Backwards: a connection that ends is replaced by the last, which was looked at already.
  for (size_t i = connections_.size(); i-- > 0;) {
    if (i < connections_.size()) connections_[i]->Tick(now);
  }
  UpdateListening();
  UpdateTimer();
}

RequestId Server::TryNext() {
  while (ready_head_ < ready_.size()) {
    Request* request = ready_[ready_head_++];
    if (ready_head_ == ready_.size()) {
      ready_.clear();
      ready_head_ = 0;
    }
    if (request->connection == nullptr) {
      engine_.pool().Release(request);
      continue;
    }
    request->taken = true;
    return request->id();
  }
  return 0;
}

void Server::DropReady() {
  while (ready_head_ < ready_.size()) {
    Request* request = ready_[ready_head_++];
    if (request->connection == nullptr) engine_.pool().Release(request);
  }
  ready_.clear();
  ready_head_ = 0;
}

void Server::StartAccepting() {
  held_ = false;
  UpdateListening();
}

void Server::StopAccepting() {
  draining_ = true;
  backing_off_ = false;
  if (poll_ == nullptr) return;
  uv_poll_stop(poll_);
  polling_ = false;
  CloseAndFree(&poll_);
  close(fd_);
  fd_ = -1;
  if (callbacks_.on_deaf) callbacks_.on_deaf();
}

void Server::Shutdown() {
  if (draining_) return;
  StopAccepting();
  for (size_t i = connections_.size(); i-- > 0;) {
    if (i < connections_.size()) connections_[i]->Drain();
  }
  if (connections_.empty() && !told_closed_) {
    told_closed_ = true;
    if (callbacks_.on_closed) callbacks_.on_closed();
  }
}

void Server::Close() {
  StopAccepting();
  while (!connections_.empty()) connections_.back()->Destroy();
  DropReady();
  UpdateTimer();
  if (!told_closed_) {
    told_closed_ = true;
    if (callbacks_.on_closed) callbacks_.on_closed();
  }
}

}  // namespace rt::http
