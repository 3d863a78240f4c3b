// One connection's life: keep-alive, pipelining in order, HEAD and friends, closing, ids, shutdown.
#include "tests/unit/http/server_fixture.h"

namespace rt::http {
namespace {

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

class ConnectionTest : public ServerTest {
 protected:
  void Collect() {
    handler_ = [this](RequestId id, const Request&) { ids_.push_back(id); };
  }
  std::vector<RequestId> ids_;
};

TEST_F(ConnectionTest, PlainAnswer) {
  Listen();
  AnswerPlain();
  Client client(port_);
  client.Send(kGet);
  ASSERT_TRUE(Expect(client, "\r\n\r\nok"));
  EXPECT_EQ(client.received.substr(0, 17), "HTTP/1.1 200 OK\r\n");
  EXPECT_NE(client.received.find("content-type: text/plain;charset=UTF-8\r\n"), std::string::npos);
  EXPECT_NE(client.received.find("content-length: 2\r\n"), std::string::npos);
  EXPECT_NE(client.received.find("\r\ndate: "), std::string::npos);
  EXPECT_NE(client.received.find("keep-alive: timeout=60\r\n"), std::string::npos);
  client.received.clear();
  client.Send(kGet);
  EXPECT_TRUE(Expect(client, "\r\n\r\nok")) << "the connection is kept";
  EXPECT_EQ(handled_, 2);
  EXPECT_EQ(engine_->requests_in_flight(), 0u);
}

TEST_F(ConnectionTest, HeadersAreSeenAsSent) {
  Listen();
  std::string seen;
  handler_ = [&](RequestId id, const Request& request) {
    for (size_t i = 0; i < request.header_count(); ++i) {
      seen.append(request.header_name(i)).append("=").append(request.header_value(i)).append(";");
    }
    engine_->RespondPlain(id, "ok");
  };
  Exchange(
      "GET / HTTP/1.1\r\nHost: a\r\nX-Long-NAME:  b c \r\nEmpty:\r\nX: 1\r\nX: 2\r\nConnection: "
      "close\r\n\r\n");
  EXPECT_EQ(seen, "host=a;x-long-name=b c;empty=;x=1;x=2;connection=close;");
  EXPECT_TRUE(exchange_closed_);
}

TEST_F(ConnectionTest, PipelinedAnswersKeepTheirOrder) {
  Listen();
  Collect();
  Client client(port_);
  client.Send(std::string(kGet) + std::string(kGet) + std::string(kGet));
  ASSERT_TRUE(Until([&] { return ids_.size() == 3; }));
  EXPECT_EQ(ready_calls_, 1) << "one call for all requests of a turn";
  EXPECT_TRUE(engine_->RespondPlain(ids_[2], "third"));
  Run(20);
  client.Receive();
  EXPECT_EQ(client.received, "");
  EXPECT_TRUE(engine_->RespondPlain(ids_[0], "first"));
  ASSERT_TRUE(Expect(client, "first"));
  EXPECT_EQ(client.received.find("third"), std::string::npos);
  const HeaderPair headers[] = {{"x-n", "2"}};
  ASSERT_TRUE(
      engine_->Respond(ids_[1], {.status = 201, .status_text = {}, .headers = headers}, "second")
          .ok());
  ASSERT_TRUE(Expect(client, "third"));
  EXPECT_LT(client.received.find("first"), client.received.find("second"));
  EXPECT_LT(client.received.find("second"), client.received.find("third"));
  EXPECT_EQ(engine_->requests_in_flight(), 0u);
}

TEST_F(ConnectionTest, PipelineIsReadOnlySoFarAhead) {
  Limits limits;
  limits.max_pipelined = 4;
  Listen(limits);
  Collect();
  Client client(port_);
  std::string many;
  for (int i = 0; i < 50; ++i) many += kGet;
  client.Send(many);
  Run(30);
  EXPECT_EQ(ids_.size(), 4u);
  size_t answered = 0;
  ASSERT_TRUE(Until([&] {
    while (answered < ids_.size()) engine_->RespondPlain(ids_[answered++], "ok");
    return answered == 50;
  }));
  ASSERT_TRUE(Until([&] {
    client.Receive();
    return Count(client.received, "HTTP/1.1 200 OK") == 50;
  }));
}

TEST_F(ConnectionTest, RefusalComesAfterEarlierAnswers) {
  Listen();
  Collect();
  Client client(port_);
  client.Send(std::string(kGet) + "GET / HTTP/1.1\r\nHost : a\r\n\r\n" + std::string(kGet));
  ASSERT_TRUE(Until([&] { return ids_.size() == 1; }));
  Run(20);
  engine_->RespondPlain(ids_[0], "first");
  ASSERT_TRUE(ExpectClosed(client));
  EXPECT_EQ(Count(client.received, "HTTP/1.1 "), 2u);
  EXPECT_LT(client.received.find("first"), client.received.find("HTTP/1.1 400 Bad Request"));
}

TEST_F(ConnectionTest, HeadHasNoBody) {
  Listen();
  handler_ = [this](RequestId id, const Request&) {
    EXPECT_TRUE(engine_->Respond(id, {}, "hello").ok());
  };
  Client client(port_);
  client.Send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + std::string(kGet));
  ASSERT_TRUE(Expect(client, "hello"));
  EXPECT_EQ(Count(client.received, "content-length: 5\r\n"), 2u);
  EXPECT_EQ(Count(client.received, "hello"), 1u);
}

TEST_F(ConnectionTest, PlainHeadHasNoBody) {
  Listen();
  AnswerPlain();
  Client client(port_);
  client.Send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(Expect(client, "\r\n\r\n"));
  EXPECT_EQ(Body(client.received), "");
}

TEST_F(ConnectionTest, BodylessStatuses) {
  Listen();
  int status = 204;
  handler_ = [&](RequestId id, const Request&) {
    EXPECT_TRUE(
        engine_->Respond(id, {.status = status, .status_text = {}, .headers = {}}, "hello").ok());
  };
  for (int each : {204, 304}) {
    status = each;
    Client client(port_);
    client.Send(kGet);
    ASSERT_TRUE(Expect(client, "\r\n\r\n"));
    EXPECT_EQ(Body(client.received), "");
    EXPECT_EQ(client.received.find("content-length"), std::string::npos);
    EXPECT_EQ(client.received.find("transfer-encoding"), std::string::npos);
  }
}

TEST_F(ConnectionTest, OldVersionClosesUnlessAsked) {
  Listen();
  AnswerPlain();
  std::string answer = Exchange("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(exchange_closed_);
  EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos);
  Client client(port_);
  client.Send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  ASSERT_TRUE(Expect(client, "\r\n\r\nok"));
  EXPECT_NE(client.received.find("connection: keep-alive\r\n"), std::string::npos);
  Run(20);
  client.Receive();
  EXPECT_FALSE(client.closed);
}

TEST_F(ConnectionTest, CloseEndsThePipeline) {
  Listen();
  AnswerPlain();
  const std::string answer =
      Exchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + std::string(kGet));
  EXPECT_EQ(Count(answer, "HTTP/1.1 "), 1u);
  EXPECT_TRUE(exchange_closed_);
  EXPECT_EQ(handled_, 1);
}

TEST_F(ConnectionTest, ProgramMayClose) {
  Listen();
  const HeaderPair headers[] = {{"Connection", "close"}};
  handler_ = [&](RequestId id, const Request&) {
    EXPECT_TRUE(
        engine_->Respond(id, {.status = 200, .status_text = {}, .headers = headers}, "bye").ok());
  };
  const std::string answer = Exchange(std::string(kGet) + std::string(kGet));
  EXPECT_EQ(Count(answer, "HTTP/1.1 "), 1u) << answer;
  EXPECT_EQ(Count(answer, "connection: close\r\n"), 1u);
  EXPECT_TRUE(exchange_closed_);
  EXPECT_EQ(engine_->requests_in_flight(), 0u) << "the second request was abandoned";
}

TEST_F(ConnectionTest, HalfClosedPeerIsAnswered) {
  Listen();
  Collect();
  Client client(port_);
  client.Send(std::string(kGet) + std::string(kGet));
  ASSERT_TRUE(Until([&] { return ids_.size() == 2; }));
  bool cancelled = false;
  engine_->OnCancel(ids_[0], [&](bool gone) { cancelled = gone; });
  client.EndSending();
  ASSERT_TRUE(Until([&] { return cancelled; }));
  engine_->RespondPlain(ids_[0], "one");
  engine_->RespondPlain(ids_[1], "two");
  ASSERT_TRUE(ExpectClosed(client));
  EXPECT_NE(client.received.find("one"), std::string::npos);
  EXPECT_NE(client.received.find("two"), std::string::npos);
}

TEST_F(ConnectionTest, StaleIdsFindNothing) {
  Listen();
  Collect();
  Client client(port_);
  client.Send(kGet);
  ASSERT_TRUE(Until([&] { return ids_.size() == 1; }));
  const RequestId stale = ids_[0];
  EXPECT_TRUE(engine_->RespondPlain(stale, "ok"));
  EXPECT_FALSE(engine_->RespondPlain(stale, "again"));
  client.Send(kGet);
  ASSERT_TRUE(Until([&] { return ids_.size() == 2; }));
  EXPECT_NE(ids_[1], stale);
  EXPECT_EQ(ids_[1] & 0x3ffff, stale & 0x3ffff) << "the slot is reused";
  EXPECT_EQ(engine_->Find(stale), nullptr);
  EXPECT_FALSE(engine_->RespondPlain(stale, "stale"));
  auto answered = engine_->Respond(stale, {}, "stale");
  ASSERT_TRUE(answered.ok());
  EXPECT_FALSE(answered.value());
  EXPECT_EQ(engine_->WriteStream(stale, "x"), Engine::Written::kGone);
  EXPECT_FALSE(engine_->EndStream(stale));
  engine_->Abandon(stale);
  EXPECT_EQ(engine_->PeerOf(stale).ss_family, AF_UNSPEC);
  for (RequestId unknown : {0u, 12345u, 0x7fffffffu, 0xffffffffu}) {
    EXPECT_EQ(engine_->Find(unknown), nullptr);
    EXPECT_FALSE(engine_->RespondPlain(unknown, "x"));
  }
  EXPECT_TRUE(engine_->RespondPlain(ids_[1], "fresh"));
  ASSERT_TRUE(Expect(client, "fresh"));
  EXPECT_EQ(client.received.find("stale"), std::string::npos);
}

TEST_F(ConnectionTest, GonePeerCancelsAndKeepsTheIdUntilAnswered) {
  Listen();
  Collect();
  bool cancelled = false;
  int completed = -1;
  {
    Client client(port_);
    client.Send(kGet);
    ASSERT_TRUE(Until([&] { return ids_.size() == 1; }));
    engine_->OnCancel(ids_[0], [&](bool gone) { cancelled = gone; });
    engine_->OnCompleted(ids_[0], [&](bool ok) { completed = ok ? 1 : 0; });
  }
  ASSERT_TRUE(Until([&] { return cancelled; }));
  EXPECT_NE(engine_->Find(ids_[0]), nullptr);
  EXPECT_EQ(engine_->requests_in_flight(), 1u);
  engine_->RespondPlain(ids_[0], "too late");
  ASSERT_TRUE(Until([&] { return server_->connections() == 0; }));
  EXPECT_EQ(engine_->requests_in_flight(), 0u);
  EXPECT_NE(completed, -1);
}

TEST_F(ConnectionTest, RequestsOfGonePeersAreSkipped) {
  Listen();
  {
    Client client(port_);
    client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(Until([&] { return server_->has_ready(); }));
  }
  server_->Close();
  EXPECT_EQ(server_->TryNext(), 0u);
  EXPECT_EQ(engine_->requests_in_flight(), 0u);
}

TEST_F(ConnectionTest, CompletedTellsOfSuccess) {
  Listen();
  int completed = -1;
  handler_ = [&](RequestId id, const Request&) {
    engine_->OnCompleted(id, [&](bool ok) { completed = ok ? 1 : 0; });
    engine_->RespondPlain(id, "ok");
  };
  Client client(port_);
  client.Send(kGet);
  ASSERT_TRUE(Until([&] { return completed != -1; }));
  EXPECT_EQ(completed, 1);
}

TEST_F(ConnectionTest, RefusedHeadSendsNothing) {
  Listen();
  Collect();
  Client client(port_);
  client.Send(kGet);
  ASSERT_TRUE(Until([&] { return ids_.size() == 1; }));
  const HeaderPair bad[] = {{"x", "a\r\nset-cookie: b"}};
  auto answered =
      engine_->Respond(ids_[0], {.status = 200, .status_text = {}, .headers = bad}, "x");
  ASSERT_FALSE(answered.ok());
  EXPECT_EQ(answered.error().error_class, ErrorClass::kTypeError);
  Run(20);
  client.Receive();
  EXPECT_EQ(client.received, "");
  EXPECT_TRUE(engine_->RespondPlain(ids_[0], "still answerable"));
  EXPECT_TRUE(Expect(client, "still answerable"));
}

TEST_F(ConnectionTest, ShutdownFinishesWhatIsInFlight) {
  Listen();
  Collect();
  Client idle(port_);
  idle.Send(kGet);
  ASSERT_TRUE(Until([&] { return ids_.size() == 1; }));
  engine_->RespondPlain(ids_[0], "idle");
  ASSERT_TRUE(Expect(idle, "idle"));
  Client busy(port_);
  busy.Send(kGet);
  ASSERT_TRUE(Until([&] { return ids_.size() == 2; }));
  server_->Shutdown();
  EXPECT_TRUE(ExpectClosed(idle)) << "idle connections close at once";
  EXPECT_EQ(closed_calls_, 0);
  Client late(port_);
  Run(20);
  late.Receive();
  EXPECT_TRUE(late.closed) << "nobody is accepted any more";
  engine_->RespondPlain(ids_[1], "finished");
  ASSERT_TRUE(ExpectClosed(busy));
  EXPECT_NE(busy.received.find("connection: close\r\n"), std::string::npos);
  EXPECT_NE(busy.received.find("finished"), std::string::npos);
  EXPECT_TRUE(Until([&] { return closed_calls_ == 1; }));
}

TEST_F(ConnectionTest, CloseEndsEverything) {
  Listen();
  Collect();
  Client client(port_);
  client.Send(kGet);
  ASSERT_TRUE(Until([&] { return ids_.size() == 1; }));
  bool cancelled = false;
  engine_->OnCancel(ids_[0], [&](bool gone) { cancelled = gone; });
  server_->Close();
  EXPECT_TRUE(cancelled);
  EXPECT_EQ(closed_calls_, 1);
  EXPECT_TRUE(ExpectClosed(client));
  EXPECT_FALSE(engine_->RespondPlain(ids_[0], "late"));
  engine_->Remove(server_);
}

TEST_F(ConnectionTest, UnixSocket) {
  engine_ = std::make_unique<Engine>(&loop_);
  char folder[] = "/tmp/rt-http-XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = std::string(folder) + "/s";
  std::copy(path.begin(), path.end(), address.sun_path);
  auto server =
      engine_->ListenSockaddr(reinterpret_cast<sockaddr*>(&address), sizeof address, {}, {});
  ASSERT_TRUE(server.ok()) << server.error().message;
  server_ = server.value();
  AnswerPlain();
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(send(fd, kGet.data(), kGet.size(), 0), static_cast<ssize_t>(kGet.size()));
  Run(20);
  char buffer[512];
  const ssize_t size = recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
  ASSERT_GT(size, 0);
  EXPECT_EQ(std::string(buffer, 15), "HTTP/1.1 200 OK");
  close(fd);
  unlink(path.c_str());
  rmdir(folder);
}

TEST_F(ConnectionTest, TakenPortIsAnError) {
  Listen();
  auto second = engine_->ListenSockaddr(reinterpret_cast<const sockaddr*>(&server_->address()),
                                        sizeof(sockaddr_in), {}, {});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().error_class, ErrorClass::kAddrInUse);
}

}  // namespace
}  // namespace rt::http
