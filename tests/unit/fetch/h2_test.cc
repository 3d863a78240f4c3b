// HTTP/2: many requests on one connection, flow control, and servers that refuse or go away. The
// server is nghttp2 with prior knowledge.
#include <nghttp2/nghttp2.h>

#include "src/ext/fetch/upload_channel.h"
#include "tests/unit/fetch/client_fixture.h"

namespace rt {
namespace {

// Answers by path: /<n> with n bytes, /echo with what it got, /refuse with REFUSED_STREAM the first
// time, /hang with nothing, /away with GOAWAY and an answer, /cut by closing the connection.
class H2Server {
 public:
  H2Server(Loop& loop, Permissions& permissions) : loop_(loop) {
    auto host = GrantAccess::CheckNet(permissions, {"127.0.0.1", 0}, "test");
    const SocketAddress any = ToSocketAddress(*IpAddress::Parse("127.0.0.1"), 0);
    auto granted = GrantAccess::CheckResolved(permissions, *host, any.get(), any.length);
    auto fd = ListenTcpSocket(*granted, {.backlog = 64});
    RT_CHECK(fd.ok());
    port_ = static_cast<uint16_t>(ToInetName(LocalAddressOf(fd->get())).port);
    auto listener = SocketListener::Create(loop, std::move(fd).value(), SocketListener::Kind::kTcp);
    listener_ = std::move(listener).value();
    accepting_.emplace(Accept());
    accepting_->Start(nullptr);
  }
  ~H2Server() { listener_->Close(); }

  uint16_t port() const { return port_; }
  size_t connections() const { return playing_.size(); }
  int resets() const { return resets_; }
  size_t most_unread() const { return sent_; }

 private:
  struct Exchange {
    std::string path;
    std::string body;
    size_t at = 0;
  };
  struct Connection {
    H2Server* server = nullptr;
    nghttp2_session* session = nullptr;
    std::map<int32_t, Exchange> exchanges;
    bool cut = false;
    ~Connection() { nghttp2_session_del(session); }
  };
  static Connection& Of(void* data) { return *static_cast<Connection*>(data); }

  static ssize_t ReadBody(nghttp2_session*, int32_t id, uint8_t* into, size_t size, uint32_t* flags,
                          nghttp2_data_source*, void* data) {
    Exchange& exchange = Of(data).exchanges[id];
    const size_t moved = exchange.body.copy(reinterpret_cast<char*>(into), size, exchange.at);
    exchange.at += moved;
    Of(data).server->sent_ += moved;
    if (exchange.at == exchange.body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(moved);
  }

  static void Answer(Connection& connection, int32_t id) {
    Exchange& exchange = connection.exchanges[id];
    const std::string& path = exchange.path;
    if (path == "/hang") return;
    if (path == "/cut") {
      connection.cut = true;
      return;
    }
    if (path == "/refuse" && connection.server->refused_++ == 0) {
      nghttp2_submit_rst_stream(connection.session, 0, id, NGHTTP2_REFUSED_STREAM);
      return;
    }
    if (path == "/away") nghttp2_submit_goaway(connection.session, 0, id, NGHTTP2_NO_ERROR, {}, 0);
    if (path != "/echo") {
      exchange.body.assign(static_cast<size_t>(atoi(path.c_str() + 1)), 'x');
    }
    static char status[] = ":status";
    static char code[] = "200";
    const nghttp2_nv header{reinterpret_cast<uint8_t*>(status), reinterpret_cast<uint8_t*>(code), 7,
                            3, NGHTTP2_NV_FLAG_NONE};
    nghttp2_data_provider provider{};
    provider.read_callback = &ReadBody;
    nghttp2_submit_response(connection.session, id, &header, 1, &provider);
  }

  static nghttp2_session* MakeSession(Connection* connection) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(
        callbacks,
        [](nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t name_size,
           const uint8_t* value, size_t value_size, uint8_t, void* data) {
          if (std::string_view(reinterpret_cast<const char*>(name), name_size) == ":path") {
            Of(data).exchanges[frame->hd.stream_id].path.assign(
                reinterpret_cast<const char*>(value), value_size);
          }
          return 0;
        });
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
        callbacks,
        [](nghttp2_session*, uint8_t, int32_t id, const uint8_t* bytes, size_t size, void* data) {
          Of(data).exchanges[id].body.append(reinterpret_cast<const char*>(bytes), size);
          return 0;
        });
    nghttp2_session_callbacks_set_on_frame_recv_callback(
        callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* data) {
          if (frame->hd.type == NGHTTP2_RST_STREAM) ++Of(data).server->resets_;
          if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
            Answer(Of(data), frame->hd.stream_id);
          }
          return 0;
        });
    nghttp2_session* session = nullptr;
    nghttp2_session_server_new(&session, callbacks, connection);
    nghttp2_session_callbacks_del(callbacks);
    const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 20}};
    nghttp2_submit_settings(session, 0, settings, 1);
    return session;
  }

  Task<Result<bool>> Accept() {
    for (;;) {
      RT_CO_TRY(OwnedFd fd, co_await listener_->Accept());
      RT_CO_TRY(auto stream, SocketStream::Create(loop_, std::move(fd), SocketStream::Kind::kTcp));
      playing_.push_back(Play(stream));
      playing_.back().Start(nullptr);
    }
  }

  Task<Result<bool>> Play(Ref<SocketStream> stream) {
    Connection connection;
    connection.server = this;
    connection.session = MakeSession(&connection);
    const Bytes buffer = Bytes::Allocate(65536);
    for (;;) {
      const uint8_t* out = nullptr;
      for (ssize_t size; (size = nghttp2_session_mem_send(connection.session, &out)) > 0;) {
        RT_CO_TRY(const bool sent,
                  co_await WriteAll(*stream, std::span(out, static_cast<size_t>(size))));
        (void)sent;
      }
      if (connection.cut) {
        stream->Close();
        co_return true;
      }
      RT_CO_TRY(const size_t size, co_await ReadSome(*stream, buffer.span()));
      if (size == 0) co_return true;
      if (nghttp2_session_mem_recv(connection.session, buffer.data(), size) < 0) co_return false;
    }
  }

  Loop& loop_;
  uint16_t port_ = 0;
  int refused_ = 0;
  int resets_ = 0;
  size_t sent_ = 0;
  Ref<SocketListener> listener_;
  std::vector<Task<Result<bool>>> playing_;
  std::optional<Task<Result<bool>>> accepting_;
};

class H2Test : public ClientTest {
 protected:
  void SetUp() override {
    ClientTest::SetUp();
    server_ = std::make_unique<H2Server>(*loop_, *permissions_);
    HttpClientOptions options;
    options.http1 = false;
    client_ = MakeClient(std::move(options));
  }
  HttpRequest To(std::string path, std::string method = "GET") {
    HttpRequest request = RequestTo(server_->port(), std::move(method));
    request.target = std::move(path);
    return request;
  }
  std::string Get(std::string path) {
    auto response = Send(To(std::move(path)));
    return Text(response);
  }

  std::unique_ptr<H2Server> server_;
};

TEST_F(H2Test, ManyRequestsOnOneConnection) {
  std::vector<Task<Result<HttpResponse>>> tasks;
  for (int i = 0; i < 100; ++i) {
    tasks.push_back(client_->Send(To("/" + std::to_string(i))));
    tasks.back().Start(nullptr);
  }
  for (int i = 0; i < 100; ++i) {
    while (!tasks[i].done()) loop_->Poll(true);
    auto response = tasks[i].TakeValue();
    EXPECT_EQ(Text(response).size(), static_cast<size_t>(i));
  }
  EXPECT_EQ(server_->connections(), 1u);
}

TEST_F(H2Test, LargeBodiesBothWays) {
  HttpRequest request = To("/echo", "POST");
  request.body = Bytes::Allocate(900'000);
  auto response = Send(std::move(request));
  EXPECT_EQ(Text(response).size(), 900'000u);
}

TEST_F(H2Test, AStreamedUpload) {
  auto channel = MakeResource<UploadChannel>(std::nullopt);
  HttpRequest request = To("/echo", "POST");
  request.source = channel->source();
  auto sending = client_->Send(std::move(request));
  sending.Start(nullptr);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(*Finish(channel->Write(Bytes::Allocate(10'000))), 10'000u);
  }
  EXPECT_TRUE(Finish(channel->CloseWrite()).ok());
  while (!sending.done()) loop_->Poll(true);
  auto response = sending.TakeValue();
  EXPECT_EQ(Text(response).size(), 500'000u);
}

TEST_F(H2Test, AnUploadThatFailsResetsItsStream) {
  auto channel = MakeResource<UploadChannel>(std::nullopt);
  HttpRequest request = To("/echo", "POST");
  request.source = channel->source();
  auto sending = client_->Send(std::move(request));
  sending.Start(nullptr);
  (void)Finish(channel->Write(Bytes::Allocate(10)));
  channel->Close();
  while (!sending.done()) loop_->Poll(true);
  auto response = sending.TakeValue();
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().message, "the request's body was aborted");
  for (int i = 0; i < 100 && server_->resets() == 0; ++i) loop_->Poll(true);
  EXPECT_EQ(server_->resets(), 1);
  EXPECT_EQ(Get("/3"), "xxx");  // the connection lives on
  EXPECT_EQ(server_->connections(), 1u);
}

TEST_F(H2Test, S49AStalledReaderHoldsTheServerBack) {
  auto response = Send(To("/20000000"));
  ASSERT_TRUE(response.ok());
  for (int i = 0; i < 200; ++i) loop_->Poll(false);
  EXPECT_LE(server_->most_unread(), 2u << 20);
  // Others go on meanwhile.
  EXPECT_EQ(Get("/3"), "xxx");
  response->body->Cancel();
  EXPECT_EQ(Get("/4"), "xxxx");
}

TEST_F(H2Test, WhatIsRefusedIsSentAgain) {
  auto response = Send(To("/refuse", "POST"));
  EXPECT_EQ(Text(response), "");
}

TEST_F(H2Test, AConnectionThatGoesAwayIsNotUsedAgain) {
  EXPECT_EQ(Get("/away"), "");
  EXPECT_EQ(Get("/2"), "xx");
  EXPECT_EQ(server_->connections(), 2u);
}

TEST_F(H2Test, ACutConnectionFailsWhatRunsOnIt) {
  auto hanging = client_->Send(To("/hang", "POST"));
  hanging.Start(nullptr);
  while (server_->connections() == 0) loop_->Poll(true);
  auto cut = Send(To("/cut", "POST"));
  EXPECT_FALSE(cut.ok());
  while (!hanging.done()) loop_->Poll(true);
  EXPECT_FALSE(hanging.TakeValue().ok());
  EXPECT_EQ(Get("/1"), "x");
}

TEST_F(H2Test, CancelledAndDroppedAtAnyTime) {
  for (const int turns : {0, 1, 2, 4}) {
    CancelSource source;
    HttpRequest request = To("/hang");
    request.cancel = source.token();
    auto task = client_->Send(std::move(request));
    task.Start(nullptr);
    auto dropped = client_->Send(To("/hang"));
    dropped.Start(nullptr);
    for (int i = 0; i < turns; ++i) loop_->Poll(false);
    source.Cancel();
    while (!task.done()) loop_->Poll(true);
    EXPECT_EQ(task.TakeValue().error().error_class, ErrorClass::kInterrupted);
  }
  EXPECT_EQ(Get("/1"), "x");
}

TEST_F(H2Test, AServerThatSpeaksSomethingElse) {
  auto& other = Serve({{{"", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", true}}});
  auto response = Send(RequestTo(other.port()));
  EXPECT_FALSE(response.ok());
}

}  // namespace
}  // namespace rt
