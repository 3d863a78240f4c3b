// Connections are used again when they can be, and only then.
#include "tests/unit/fetch/client_fixture.h"

namespace rt {
namespace {

constexpr char kEnd[] = "\r\n\r\n";
const std::string kHello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

class PoolTest : public ClientTest {};

TEST_F(PoolTest, OneConnectionForRequestsAfterEachOther) {
  auto& server = Serve({{{kEnd, kHello}, {kEnd, kHello}, {kEnd, kHello}}});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(TextOf(server.port()), "hello");
  EXPECT_EQ(server.connections(), 1u);
  EXPECT_EQ(client_->idle_connections(), 1u);
}

TEST_F(PoolTest, NotAfterConnectionClose) {
  const std::string reply = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
  auto& server = Serve({{{kEnd, reply}}});
  EXPECT_EQ(TextOf(server.port()), "ok");
  EXPECT_EQ(client_->idle_connections(), 0u);
  EXPECT_EQ(TextOf(server.port()), "ok");
  EXPECT_EQ(server.connections(), 2u);
}

TEST_F(PoolTest, NotAfterHttp10) {
  auto& server = Serve({{{kEnd, "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"}}});
  EXPECT_EQ(TextOf(server.port()), "ok");
  EXPECT_EQ(client_->idle_connections(), 0u);
}

TEST_F(PoolTest, NotWithBytesNobodyAskedFor) {
  auto& server = Serve({{{kEnd, kHello + "HTTP/1.1 200 OK\r\n"}}});
  EXPECT_EQ(TextOf(server.port()), "hello");
  EXPECT_EQ(client_->idle_connections(), 0u);
}

TEST_F(PoolTest, NotWhenTheBodyIsDropped) {
  auto& server = Serve({{{kEnd, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nhello"}}});
  {
    auto response = Send(RequestTo(server.port()));
    ASSERT_TRUE(response.ok());
  }
  EXPECT_EQ(client_->idle_connections(), 0u);
}

TEST_F(PoolTest, AConnectionThatClosesWhileItRestsIsForgotten) {
  auto& server = Serve({{{kEnd, kHello, true}}});
  EXPECT_EQ(TextOf(server.port()), "hello");
  Turn();
  EXPECT_EQ(client_->idle_connections(), 0u);
  EXPECT_EQ(TextOf(server.port()), "hello");
  EXPECT_EQ(server.connections(), 2u);
}

TEST_F(PoolTest, RepeatsWhatFindsADeadConnection) {
  // The first connection dies when it gets a second request.
  auto& server = Serve({{{kEnd, kHello}, {kEnd, "", true}}, {{kEnd, kHello}}});
  EXPECT_EQ(TextOf(server.port()), "hello");
  EXPECT_EQ(TextOf(server.port()), "hello");
  EXPECT_EQ(server.connections(), 2u);
}

TEST_F(PoolTest, DoesNotRepeatAPost) {
  auto& server = Serve({{{kEnd, kHello}, {kEnd, "", true}}, {{kEnd, kHello}}});
  EXPECT_EQ(TextOf(server.port()), "hello");
  EXPECT_EQ(TextOf(server.port(), "POST"), "error: connection closed before message completed");
  EXPECT_EQ(server.connections(), 1u);
}

TEST_F(PoolTest, DoesNotRepeatOnceSomethingWasSaid) {
  auto& server = Serve({{{kEnd, kHello}, {kEnd, "HTTP/1.1 2", true}}, {{kEnd, kHello}}});
  EXPECT_EQ(TextOf(server.port()), "hello");
  EXPECT_EQ(TextOf(server.port()), "error: connection closed before message completed");
}

TEST_F(PoolTest, KeepsAtMostSoMany) {
  client_ = MakeClient({.max_idle_per_host = 1});
  auto& server = Serve({{{kEnd, kHello}}});
  auto first = client_->Send(RequestTo(server.port()));
  auto second = client_->Send(RequestTo(server.port()));
  first.Start(nullptr);
  second.Start(nullptr);
  while (!first.done() || !second.done()) loop_->Poll(true);
  auto a = first.TakeValue();
  auto b = second.TakeValue();
  EXPECT_EQ(Text(a) + Text(b), "hellohello");
  EXPECT_EQ(server.connections(), 2u);
  EXPECT_EQ(client_->idle_connections(), 1u);
}

TEST_F(PoolTest, ClosesWhatRestsTooLong) {
  client_ = MakeClient({.idle_timeout_ms = 1});
  auto& server = Serve({{{kEnd, kHello}}});
  EXPECT_EQ(TextOf(server.port()), "hello");
  for (int i = 0; i < 1000 && client_->idle_connections() > 0; ++i) loop_->Poll(true);
  EXPECT_EQ(client_->idle_connections(), 0u);
}

TEST_F(PoolTest, HostsDoNotShare) {
  auto& one = Serve({{{kEnd, kHello}}});
  auto& two = Serve({{{kEnd, kHello}}});
  EXPECT_EQ(TextOf(one.port()), "hello");
  EXPECT_EQ(TextOf(two.port()), "hello");
  EXPECT_EQ(client_->idle_connections(), 2u);
}

TEST_F(PoolTest, AClosedClientKeepsNothing) {
  auto& server = Serve({{{kEnd, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"}, {"", "hello"}}});
  auto response = Send(RequestTo(server.port()));
  client_->Close();
  EXPECT_EQ(Text(response), "hello");
  EXPECT_EQ(client_->idle_connections(), 0u);
}

TEST_F(PoolTest, CancelledWhileItWaits) {
  auto& server = Serve({{{kEnd, ""}}});
  CancelSource source;
  HttpRequest request = RequestTo(server.port());
  request.cancel = source.token();
  auto task = client_->Send(std::move(request));
  task.Start(nullptr);
  while (server.connections() == 0) loop_->Poll(true);
  Turn();
  EXPECT_FALSE(task.done());
  source.Cancel();
  ASSERT_TRUE(task.done());
  auto result = task.TakeValue();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().error_class, ErrorClass::kInterrupted);
}

}  // namespace
}  // namespace rt
