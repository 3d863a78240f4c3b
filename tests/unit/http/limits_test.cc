// Limits and timeouts, with values short enough to see (security cases S47 to S49).
#include "tests/unit/http/server_fixture.h"

namespace rt::http {
namespace {

class LimitsTest : public ServerTest {};

TEST_F(LimitsTest, LongHead) {
  Listen();
  AnswerPlain();
  const std::string answer =
      Exchange("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(17000, 'x') + "\r\n\r\n");
  EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 431");
  EXPECT_TRUE(exchange_closed_);
  EXPECT_EQ(handled_, 0);
}

TEST_F(LimitsTest, EndlessHeadIsRefusedBeforeItEnds) {
  Listen();
  const std::string answer = Exchange("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(17000, 'x'));
  EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 431");
}

TEST_F(LimitsTest, ManyHeaders) {
  Listen();
  AnswerPlain();
  std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 99; ++i) head += "x: 1\r\n";
  EXPECT_EQ(Exchange(head + "connection: close\r\n\r\n").substr(0, 12), "HTTP/1.1 431");
  head.resize(head.size() - 6);
  EXPECT_EQ(Exchange(head + "connection: close\r\n\r\n").substr(0, 12), "HTTP/1.1 200");
}

TEST_F(LimitsTest, LongTarget) {
  Listen();
  const std::string target = "/" + std::string(8192, 'x');
  EXPECT_EQ(Exchange("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n").substr(0, 12),
            "HTTP/1.1 414");
  EXPECT_EQ(Exchange("GET " + target + target).substr(0, 12), "HTTP/1.1 414");
}

TEST_F(LimitsTest, LongBody) {
  Limits limits;
  limits.max_body_bytes = 10;
  Listen(limits);
  AnswerPlain();
  const std::string answer =
      Exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello hello");
  EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 413");
  EXPECT_EQ(Count(answer, "HTTP/1.1"), 1u);
  EXPECT_EQ(handled_, 0);
}

TEST_F(LimitsTest, LongChunkedBody) {
  Limits limits;
  limits.max_body_bytes = 10;
  Listen(limits);
  RequestId taken = 0;
  handler_ = [&](RequestId id, const Request&) {
    taken = id;
    engine_->BufferBody(id);
  };
  const std::string answer = Exchange(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello "
      "hello\r\n0\r\n\r\n");
  EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 413");
  EXPECT_TRUE(exchange_closed_);
  EXPECT_EQ(engine_->RespondPlain(taken, "late"), false);
}

TEST_F(LimitsTest, LongBufferedBody) {
  Limits limits;
  limits.max_buffered_body_bytes = 10;
  Listen(limits);
  BodyError error = BodyError::kNone;
  handler_ = [&](RequestId id, const Request&) {
    engine_->BufferBody(id);
    error = engine_->BodyErrorOf(id);
    engine_->RespondPlain(id, "late");
  };
  const std::string answer =
      Exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello");
  EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 413");
  EXPECT_EQ(error, BodyError::kTooLarge);
}

TEST_F(LimitsTest, LongBufferedBodyThatWasReadAhead) {
  Limits limits;
  limits.max_buffered_body_bytes = 4;
  Listen(limits);
  RequestId taken = 0;
  handler_ = [&](RequestId id, const Request&) { taken = id; };
  Client client(port_);
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
  ASSERT_TRUE(Until([&] { return taken != 0 && engine_->Find(taken)->body.done; }));
  engine_->BufferBody(taken);
  std::string body;
  EXPECT_EQ(engine_->ReadBody(taken, SIZE_MAX, &body), Engine::BodyRead::kError);
  EXPECT_EQ(engine_->BodyErrorOf(taken), BodyError::kTooLarge);
  EXPECT_TRUE(engine_->RespondPlain(taken, "too long"));
}

TEST_F(LimitsTest, HeaderTimeoutIsAbsolute) {
  Limits limits;
  limits.header_timeout_ms = 120;
  Listen(limits);
  Client client(port_);
  client.Send("GET / HTTP/1.1\r\n");
  const uint64_t start = uv_hrtime();
  // A byte now and then does not extend it.
  while (!client.closed && uv_hrtime() - start < 2'000'000'000) {
    Run(20);
    client.Send("x");
    client.Receive();
  }
  EXPECT_TRUE(client.closed);
  EXPECT_LT(uv_hrtime() - start, 1'000'000'000u);
  EXPECT_EQ(client.received.substr(0, 12), "HTTP/1.1 408");
}

TEST_F(LimitsTest, SilentPeerIsClosedWithoutAnswer) {
  Limits limits;
  limits.header_timeout_ms = 100;
  Listen(limits);
  Client client(port_);
  ASSERT_TRUE(ExpectClosed(client));
  EXPECT_EQ(client.received, "");
}

TEST_F(LimitsTest, IdleConnectionCloses) {
  Limits limits;
  limits.idle_timeout_ms = 100;
  Listen(limits);
  AnswerPlain();
  Client client(port_);
  client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(Expect(client, "ok"));
  const uint64_t start = uv_hrtime();
  ASSERT_TRUE(ExpectClosed(client));
  EXPECT_GE(uv_hrtime() - start, 1'000'000'000u) << "a second after what is advertised";
}

TEST_F(LimitsTest, SlowBodyTimesOut) {
  Limits limits;
  limits.body_timeout_ms = 150;
  limits.min_body_rate = 1000;
  Listen(limits);
  RequestId taken = 0;
  handler_ = [&](RequestId id, const Request&) {
    taken = id;
    engine_->BufferBody(id);
  };
  Client client(port_);
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n");
  while (!client.closed && client.received.empty() && handled_ < 2) {
    Run(20);
    client.Send("x");
    client.Receive();
  }
  EXPECT_EQ(client.received.substr(0, 12), "HTTP/1.1 408");
  EXPECT_EQ(engine_->BodyErrorOf(taken), BodyError::kTimeout);
  EXPECT_FALSE(engine_->RespondPlain(taken, "late"));
}

TEST_F(LimitsTest, ProgramMayBeSlow) {
  Limits limits;
  limits.body_timeout_ms = 50;
  limits.body_high_water = 1000;
  Listen(limits);
  RequestId taken = 0;
  handler_ = [&](RequestId id, const Request&) { taken = id; };
  Client client(port_);
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n" +
              std::string(2000, 'x'));
  Run(250);
  client.Receive();
  EXPECT_FALSE(client.closed) << "the peer is not to blame for a reader that waits";
  EXPECT_TRUE(engine_->IsOpen(taken));
  engine_->Abandon(taken);
}

TEST_F(LimitsTest, PeerThatDoesNotReadIsCutOff) {
  Limits limits;
  limits.write_timeout_ms = 150;
  Listen(limits);
  const std::string large(64 << 20, 'x');
  int completed = -1;
  handler_ = [&](RequestId id, const Request&) {
    engine_->OnCompleted(id, [&](bool ok) { completed = ok ? 1 : 0; });
    EXPECT_TRUE(engine_->Respond(id, {}, large).ok());
  };
  Client client(port_);
  client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(Until([&] { return completed != -1; }));
  EXPECT_EQ(completed, 0);
  EXPECT_EQ(server_->connections(), 0u);
}

TEST_F(LimitsTest, ConnectionsWaitTheirTurn) {
  Limits limits;
  limits.max_connections = 2;
  Listen(limits);
  AnswerPlain();
  auto first = std::make_unique<Client>(port_);
  Client second(port_), third(port_);
  third.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  Run(30);
  EXPECT_EQ(server_->connections(), 2u);
  first.reset();
  EXPECT_TRUE(Expect(third, "ok"));
}

TEST_F(LimitsTest, OutOfDescriptors) {
  Listen();
  AnswerPlain();
  Client before(port_);
  Run(10);
  std::vector<int> held;
  for (int fd; (fd = dup(0)) >= 0;) held.push_back(fd);
  before.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  close(held.back());
  held.pop_back();
  Client waiting(port_);  // takes the last descriptor; the server has none left for its end
  waiting.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(Expect(before, "ok")) << "others are still served";
  for (int fd : held) close(fd);
  EXPECT_TRUE(Expect(waiting, "ok")) << "accepted once there are descriptors again";
}

}  // namespace
}  // namespace rt::http
