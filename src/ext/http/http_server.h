// HttpServer: a listening server as a resource, and HttpState: what the http ops of one runtime
// share. On the runtime's thread. Closing the resource ends every connection at once; a graceful
// end is Shutdown().
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "src/base/result.h"
#include "src/ext/http/engine/engine.h"
#include "src/op/op_host.h"
#include "src/permissions/granted.h"
#include "src/permissions/targets.h"
#include "src/resource/resource.h"

namespace rt {

class HttpState;

class HttpServer final : public Resource {
 public:
  HttpServer(HttpState& state, std::shared_ptr<http::Engine> engine);
  ~HttpServer() override;

  std::string_view name() const override { return "httpServer"; }
  void Close() override;

  http::RequestId TryNext() { return server_ == nullptr ? 0 : server_->TryNext(); }
  // One-shot; called when TryNext() gives something or the server is closed.
  void OnReady(std::function<void(bool)> callback);
  // One-shot; the last connection is gone. At once if it is.
  void OnClosed(std::function<void(bool)> callback);
  void StartAccepting();
  void Shutdown();
  bool closed() const { return server_ == nullptr || server_->closed(); }

  // For whoever opens it: the callbacks to listen with, then the engine's server.
  http::ServerCallbacks Callbacks();
  void Attach(http::Server* server) { server_ = server; }
  const sockaddr_storage& address() const { return server_->address(); }

 private:
  HttpState* state_;  // null once closed
  std::shared_ptr<http::Engine> engine_;
  http::Server* server_ = nullptr;
  std::function<void(bool)> on_ready_;
  std::vector<std::function<void(bool)>> on_closed_;
};

class HttpState final : public ExtensionState {
 public:
  explicit HttpState(OpHost& host) : host_(host) {}
  ~HttpState() override { *alive_ = false; }
  void Shutdown() override;

  // Made by the first server: a program without one pays nothing.
  std::shared_ptr<http::Engine> EnsureEngine();
  // There is one: requests exist only after a server does. RT_CHECKed by no op: null means no
  // request.
  http::Engine* engine() { return engine_.get(); }

  // Null for a stale rid. Cheaper than the resource table, for the op that is called once a
  // request.
  HttpServer* FindServer(Rid rid) {
    for (const auto& [known, server] : servers_) {
      if (known == rid) return server;
    }
    return nullptr;
  }
  void AddServer(Rid rid, HttpServer* server) { servers_.emplace_back(rid, server); }
  void RemoveServer(HttpServer* server);

  // Room that one op call uses and the next reuses.
  std::string scratch;

 private:
  OpHost& host_;
  std::shared_ptr<http::Engine> engine_;
  std::vector<std::pair<Rid, HttpServer*>> servers_;
  // Read by the loop's callback, which cannot be taken back.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// Binds the first of the host's addresses that can be bound, each checked against the deny rules. A
// name is looked up in place: listening happens once, and Deno.serve gives the address before it
// returns.
Result<http::Server*> ListenTcp(http::Engine& engine, Permissions& permissions,
                                const Granted<Perm::kNet, HostPort>& host,
                                const http::ListenOptions& options,
                                http::ServerCallbacks callbacks);
// A unix socket at a path that was granted for reading and writing, made through the directory that
// was checked.
Result<http::Server*> ListenUnix(http::Engine& engine, const GrantedReadWrite<EntryTarget>& path,
                                 const Granted<Perm::kNet, UnixPath>& address,
                                 const http::ListenOptions& options,
                                 http::ServerCallbacks callbacks);

}  // namespace rt
