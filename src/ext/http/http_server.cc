// See the header.
#include "src/ext/http/http_server.h"

#include <algorithm>
#include <cstdio>

namespace rt {

HttpServer::HttpServer(HttpState& state, std::shared_ptr<http::Engine> engine)
    : Resource(TypeIdOf<HttpServer>()), state_(&state), engine_(std::move(engine)) {}

HttpServer::~HttpServer() {
  Close();
}

http::ServerCallbacks HttpServer::Callbacks() {
  http::ServerCallbacks callbacks;
  callbacks.on_ready = [this] {
    if (auto on_ready = std::exchange(on_ready_, nullptr)) on_ready(true);
  };
  callbacks.on_closed = [this] {
    if (auto on_ready = std::exchange(on_ready_, nullptr)) on_ready(true);
    for (auto& on_closed : std::exchange(on_closed_, {})) on_closed(true);
  };
  callbacks.on_log = [](std::string_view line) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
  };
  return callbacks;
}

void HttpServer::OnReady(std::function<void(bool)> callback) {
  if (closed() || server_->has_ready()) return callback(true);
  on_ready_ = std::move(callback);
}

void HttpServer::OnClosed(std::function<void(bool)> callback) {
  if (closed()) return callback(true);
  on_closed_.push_back(std::move(callback));
}

void HttpServer::StartAccepting() {
  if (server_ != nullptr) server_->StartAccepting();
}

void HttpServer::Shutdown() {
  if (server_ != nullptr) server_->Shutdown();
}

void HttpServer::Close() {
  if (state_ == nullptr) return;
  std::exchange(state_, nullptr)->RemoveServer(this);
  if (server_ == nullptr) return;
  http::Server* server = server_;
  server->Close();
  server_ = nullptr;
  engine_->Remove(server);
}

std::shared_ptr<http::Engine> HttpState::EnsureEngine() {
  if (!engine_) {
    engine_ = std::make_shared<http::Engine>(host_.loop().uv());
    host_.loop().AddTurnEnd([this, alive = alive_] {
      if (*alive && engine_) engine_->FlushAll();
    });
  }
  return engine_;
}

void HttpState::RemoveServer(HttpServer* server) {
  std::erase_if(servers_, [server](const auto& entry) { return entry.second == server; });
}

void HttpState::Shutdown() {
  engine_.reset();
}

}  // namespace rt
