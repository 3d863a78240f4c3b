// Server: one listening socket, its connections, and the queue of requests that wait for the
// program. Owned by the Engine. On the loop's thread; its callbacks must not run JavaScript and
// must not destroy the server or the engine. Listening takes a socket that was bound from a granted
// address: nothing in this folder decides where to listen.
#pragma once

#include <sys/socket.h>
#include <uv.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/ext/http/engine/connection.h"
#include "src/ext/http/engine/head_parser.h"
#include "src/ext/http/engine/limits.h"
#include "src/ext/http/engine/request.h"
#include "src/ext/http/engine/wire_filter.h"

namespace rt::http {

class Engine;

struct ListenOptions {
  Limits limits;
  int backlog = 1024;
  // Several processes share the port, the kernel spreads connections (SO_REUSEPORT).
  bool reuse_port = false;
  // Nobody is accepted before StartAccepting(); peers wait in the backlog.
  bool hold = false;
  // A socket that listens there already, or a negative number; the server owns it.
  std::function<int(const sockaddr*)> activated = nullptr;
  // bind(2), or what stands in for it.
  std::function<int(int, const sockaddr*, socklen_t)> bind = nullptr;
  // Whether a Host that the grammar allows can stand in a URL: "1.2.3.999" cannot. Empty: any can.
  std::function<bool(std::string_view)> takes_host = nullptr;
  // TLS: called for each connection. Empty: plain HTTP.
  std::function<std::unique_ptr<WireFilter>()> make_filter = nullptr;
};

struct ServerCallbacks {
  // The queue was empty and is not any more: TryNext() will give something. At most once a turn of
  // the loop, if the embedder empties the queue once a turn.
  std::function<void()> on_ready;
  // The listening socket is closed: nobody new will come. Once, before on_closed.
  std::function<void()> on_deaf = nullptr;
  // After Shutdown() or Close(): the last connection is gone.
  std::function<void()> on_closed;
  // Something the operator should know, once: descriptors have run out.
  std::function<void(std::string_view)> on_log;
};

class Server {
 public:
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The next request that waits, or 0. It is the caller's until it is answered (Engine::Respond and
  // so on) or abandoned; requests whose peer has gone meanwhile are skipped.
  RequestId TryNext();
  bool has_ready() const { return ready_head_ < ready_.size(); }

  // The address that was bound: the port that 0 became.
  const sockaddr_storage& address() const { return address_; }
  size_t connections() const { return connections_.size(); }

  void StartAccepting();
  // Accepts nobody else, closes idle connections, lets the others finish what is in flight.
  void Shutdown();
  // Ends everything now.
  void Close();
  bool draining() const { return draining_; }
  bool closed() const { return draining_ && connections_.empty(); }

  // Whether connections have a filter: then URLs are https.
  bool secure() const { return static_cast<bool>(make_filter_); }

  // --- for Connection and Engine ---
  std::unique_ptr<WireFilter> MakeFilter() { return make_filter_ ? make_filter_() : nullptr; }
  Engine& engine() { return engine_; }
  const Limits& limits() const { return limits_; }
  HeadParser& parser() { return parser_; }
  // Whether requests for that host are served.
  bool TakesHost(std::string_view host);
  std::string_view keep_alive_field() const { return keep_alive_field_; }
  void Enqueue(Request* request) {
    ready_.push_back(request);
    if (ready_.size() - ready_head_ == 1 && callbacks_.on_ready) callbacks_.on_ready();
  }
  void Remove(Connection* connection);

 private:
  friend class Engine;
  Server(Engine& engine, int fd, const ListenOptions& options, ServerCallbacks callbacks);
  Result<void> Start();

  void Accept();
  void StopAccepting();
  void UpdateListening();
  void UpdateTimer();
  void Tick();
  void DropReady();
  uint64_t TickInterval() const;

  Engine& engine_;
  const Limits limits_;
  ServerCallbacks callbacks_;
  std::function<std::unique_ptr<WireFilter>()> make_filter_;
  std::function<bool(std::string_view)> takes_host_;
  std::string taken_host_;  // the last one: mostly the next one too
  HeadParser parser_;
  std::string keep_alive_field_;
  int fd_;
  sockaddr_storage address_{};
  // On the heap: libuv needs them until their close callback, which may come after this object's
  // end.
  uv_poll_t* poll_ = nullptr;
  uv_timer_t* timer_ = nullptr;
  bool polling_ = false;
  bool ticking_ = false;
  bool held_;
  bool backing_off_ = false;
  bool logged_exhaustion_ = false;
  bool draining_ = false;
  bool told_closed_ = false;
  std::vector<Connection*> connections_;
  std::vector<Request*> ready_;
  size_t ready_head_ = 0;
};

}  // namespace rt::http
