// A client and servers that say exactly what a test tells them, on one loop.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "src/ext/fetch/fetch.h"

namespace rt {

// Plays one script for each connection: waits until the request holds `until` (empty: does not
// wait), then says `reply`.
struct Step {
  std::string until;
  std::string reply;
  bool close = false;
};
using Script = std::vector<Step>;

class ScriptedServer {
 public:
  ScriptedServer(Loop& loop, Permissions& permissions, std::vector<Script> scripts)
      : loop_(loop), scripts_(std::move(scripts)) {
    auto host = GrantAccess::CheckNet(permissions, {"127.0.0.1", 0}, "test");
    const SocketAddress any = ToSocketAddress(*IpAddress::Parse("127.0.0.1"), 0);
    auto granted = GrantAccess::CheckResolved(permissions, *host, any.get(), any.length);
    auto fd = ListenTcpSocket(*granted, {.backlog = 64});
    RT_CHECK(fd.ok());
    port_ = static_cast<uint16_t>(ToInetName(LocalAddressOf(fd->get())).port);
    auto listener = SocketListener::Create(loop, std::move(fd).value(), SocketListener::Kind::kTcp);
    RT_CHECK(listener.ok());
    listener_ = std::move(listener).value();
    accepting_.emplace(Accept());
    accepting_->Start(nullptr);
  }
  ~ScriptedServer() { listener_->Close(); }

  uint16_t port() const { return port_; }
  size_t connections() const { return playing_.size(); }
  const std::string& received(size_t connection) const { return *received_[connection]; }

 private:
  Task<Result<bool>> Accept() {
    for (;;) {
      RT_CO_TRY(OwnedFd fd, co_await listener_->Accept());
      RT_CO_TRY(auto stream, SocketStream::Create(loop_, std::move(fd), SocketStream::Kind::kTcp));
      received_.push_back(std::make_unique<std::string>());
      const Script script =
          playing_.size() < scripts_.size() ? scripts_[playing_.size()] : scripts_.back();
      playing_.push_back(Play(stream, script, received_.back().get()));
      playing_.back().Start(nullptr);
    }
  }

  static Task<Result<bool>> Play(Ref<SocketStream> stream, Script script, std::string* received) {
    const Bytes buffer = Bytes::Allocate(4096);
    size_t from = 0;
    for (const Step& step : script) {
      while (!step.until.empty() && received->find(step.until, from) == std::string::npos) {
        RT_CO_TRY(const size_t size, co_await ReadSome(*stream, buffer.span()));
        if (size == 0) co_return false;
        received->append(buffer.view().substr(0, size));
      }
      if (!step.until.empty()) from = received->find(step.until, from) + step.until.size();
      const Bytes reply = Bytes::Copy(step.reply);
      RT_CO_TRY(const bool sent, co_await WriteAll(*stream, reply.span()));
      (void)sent;
      if (step.close) {
        stream->Close();
        co_return true;
      }
    }
    for (;;) {
      RT_CO_TRY(const size_t size, co_await ReadSome(*stream, buffer.span()));
      if (size == 0) co_return true;
      received->append(buffer.view().substr(0, size));
    }
  }

  Loop& loop_;
  std::vector<Script> scripts_;
  uint16_t port_ = 0;
  Ref<SocketListener> listener_;
  std::vector<std::unique_ptr<std::string>> received_;
  std::vector<Task<Result<bool>>> playing_;
  std::optional<Task<Result<bool>>> accepting_;
};

class ClientTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loop = Loop::Create();
    ASSERT_TRUE(loop.ok());
    loop_ = std::move(loop).value();
    PermissionOptions options;
    options.AllowAll();
    auto permissions = Permissions::FromOptions(options);
    ASSERT_TRUE(permissions.ok());
    permissions_.emplace(std::move(permissions).value());
    client_ = MakeClient({});
  }

  std::unique_ptr<HttpClient> MakeClient(HttpClientOptions options) {
    return std::make_unique<HttpClient>(*loop_, *permissions_,
                                        std::make_shared<TlsClients>(nullptr), std::move(options));
  }
  ScriptedServer& Serve(std::vector<Script> scripts) {
    servers_.push_back(std::make_unique<ScriptedServer>(*loop_, *permissions_, std::move(scripts)));
    return *servers_.back();
  }

  HttpRequest RequestTo(uint16_t port, std::string method = "GET") {
    auto host = GrantAccess::CheckConnect(*permissions_, {"127.0.0.1", port}, "test");
    RT_CHECK(host.ok());
    HttpRequest request{.host = std::move(host).value()};
    request.method = std::move(method);
    request.authority = "127.0.0.1:" + std::to_string(port);
    return request;
  }

  template <class T>
  T Finish(Task<T> task) {
    task.Start(nullptr);
    for (int turns = 0; !task.done() && turns < 10000; ++turns) loop_->Poll(true);
    RT_CHECK(task.done());
    return task.TakeValue();
  }
  void Turn(int times = 5) {
    for (int i = 0; i < times; ++i) loop_->Poll(false);
  }

  Result<HttpResponse> Send(HttpRequest request) {
    return Finish(client_->Send(std::move(request)));
  }
  // The body's text, or the error's.
  std::string Text(Result<HttpResponse>& response) {
    if (!response.ok()) return "error: " + response.error().message;
    if (!response->body) return "(none)";
    auto text = Finish(ReadAll(*response->body, 1 << 20));
    return text.ok() ? *text : "error: " + text.error().message;
  }
  std::string TextOf(uint16_t port, std::string method = "GET") {
    auto response = Send(RequestTo(port, std::move(method)));
    return Text(response);
  }

  std::unique_ptr<Loop> loop_;
  std::optional<Permissions> permissions_;
  std::vector<std::unique_ptr<ScriptedServer>> servers_;
  std::unique_ptr<HttpClient> client_;
};

}  // namespace rt
