// Request bodies and streamed responses, in both directions with backpressure.
#include "tests/unit/http/server_fixture.h"

namespace rt::http {
namespace {

class BodyTest : public ServerTest {
 protected:
  // Reads bodies to their end and answers with them.
  void Echo() {
    handler_ = [this](RequestId id, const Request&) {
      engine_->BufferBody(id);
      engine_->OnBody(id, [this, id] { done_.push_back(id); });
    };
  }
  void AnswerDone() {
    for (RequestId id : std::exchange(done_, {})) {
      std::string all, part;
      while (engine_->ReadBody(id, 1000, &part) == Engine::BodyRead::kData) all += part;
      engine_->RespondPlain(id, "[" + all + "]");
    }
  }
  bool ExpectEcho(Client& client, std::string_view text) {
    return Until([&] {
      AnswerDone();
      client.Receive();
      return client.received.find(text) != std::string::npos;
    });
  }
  std::vector<RequestId> done_;
};

// A pipe may be waiting for the body when the program answers: it must learn that none will come.
TEST_F(BodyTest, AnswerEndsTheWaitForTheBody) {
  Listen();
  bool told = false;
  std::vector<bool> gone;
  handler_ = [&](RequestId id, const Request&) {
    engine_->OnBody(id, [&, id] {
      std::string part;
      told = engine_->ReadBody(id, 1000, &part) == Engine::BodyRead::kError;
    });
    engine_->OnCancel(id, [&](bool is_gone) { gone.push_back(is_gone); });
    engine_->OnCancel(id, [&](bool is_gone) { gone.push_back(is_gone); });
    engine_->RespondPlain(id, "early");
  };
  Client client(port_);
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
  ASSERT_TRUE(Until([&] {
    client.Receive();
    return client.received.find("early") != std::string::npos;
  }));
  EXPECT_TRUE(told);
  EXPECT_EQ(gone, (std::vector<bool>{false, false}));  // everybody who asked, not the last alone
}

TEST_F(BodyTest, ReadAheadIsHeldBackAtItsOwnMark) {
  Listen();
  RequestId id = 0;
  handler_ = [&](RequestId request, const Request&) {
    id = request;
    engine_->ReadAhead(id, 256 * 1024);
  };
  Client client(port_);
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n");
  ASSERT_TRUE(Until([&] { return id != 0; }));
  const std::string piece(32 * 1024, 'x');
  for (int i = 0; i < 200; ++i) {
    client.Send(piece);
    Turn();
  }
  const size_t waiting = engine_->Find(id)->body.available();
  EXPECT_GE(waiting, 256u * 1024);
  EXPECT_LT(waiting, 384u * 1024);
  std::string part;
  ASSERT_EQ(engine_->ReadBody(id, SIZE_MAX, &part), Engine::BodyRead::kData);
  std::vector<uint8_t> memory(1000);
  size_t size = 0;
  ASSERT_TRUE(
      Until([&] { return engine_->ReadBodyInto(id, memory, &size) == Engine::BodyRead::kData; }));
  EXPECT_EQ(size, 1000u);
  EXPECT_EQ(memory[999], 'x');
}

TEST_F(BodyTest, LengthAndChunkedAndNext) {
  Listen();
  Echo();
  const std::string input =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n"
      "3\r\nabc\r\n00A;x=\"y\"\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n"
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  Client at_once(port_);
  at_once.Send(input);
  ASSERT_TRUE(ExpectEcho(at_once, "[abc0123456789]"));
  ASSERT_TRUE(Until([&] {
    AnswerDone();
    at_once.Receive();
    return Count(at_once.received, "[]") == 2;
  }));
  EXPECT_NE(at_once.received.find("[hello]"), std::string::npos);
  Client byte_by_byte(port_);
  for (char c : input) {
    byte_by_byte.Send({&c, 1});
    Turn();
    AnswerDone();
  }
  ASSERT_TRUE(Until([&] {
    AnswerDone();
    byte_by_byte.Receive();
    return Count(byte_by_byte.received, "[]") == 2;
  }));
  EXPECT_NE(byte_by_byte.received.find("[abc0123456789]"), std::string::npos);
  EXPECT_EQ(engine_->requests_in_flight(), 0u);
}

TEST_F(BodyTest, ContinueWhenTheBodyIsWanted) {
  Listen();
  RequestId taken = 0;
  handler_ = [&](RequestId id, const Request&) { taken = id; };
  Client client(port_);
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  ASSERT_TRUE(Until([&] { return taken != 0; }));
  Run(20);
  client.Receive();
  EXPECT_EQ(client.received, "") << "not before the program asks";
  engine_->BufferBody(taken);
  ASSERT_TRUE(Expect(client, "HTTP/1.1 100 Continue\r\n\r\n"));
  client.Send("hello");
  bool done = false;
  engine_->OnBody(taken, [&] { done = true; });
  ASSERT_TRUE(Until([&] { return done; }));
  engine_->RespondPlain(taken, "ok");
  ASSERT_TRUE(Expect(client, "\r\n\r\nok"));
  EXPECT_EQ(Count(client.received, "100 Continue"), 1u);
}

TEST_F(BodyTest, NoContinueWithoutReadingAndThenClose) {
  Listen();
  AnswerPlain();
  const std::string answer =
      Exchange("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(answer.find("100 Continue"), std::string::npos);
  EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(exchange_closed_);
}

TEST_F(BodyTest, ContinueWaitsForEarlierAnswers) {
  Listen();
  std::vector<RequestId> ids;
  handler_ = [&](RequestId id, const Request&) { ids.push_back(id); };
  Client client(port_);
  client.Send(
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  ASSERT_TRUE(Until([&] { return ids.size() == 2; }));
  engine_->BufferBody(ids[1]);
  Run(20);
  client.Receive();
  EXPECT_EQ(client.received, "");
  engine_->RespondPlain(ids[0], "first");
  ASSERT_TRUE(Expect(client, "100 Continue"));
  EXPECT_LT(client.received.find("first"), client.received.find("100 Continue"));
  engine_->Abandon(ids[1]);
}

TEST_F(BodyTest, UnreadShortBodyKeepsTheConnection) {
  Listen();
  AnswerPlain();
  Client client(port_);
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");
  ASSERT_TRUE(Expect(client, "\r\n\r\nok"));
  EXPECT_EQ(client.received.find("connection: close"), std::string::npos);
  client.received.clear();
  client.Send("67890GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(Expect(client, "\r\n\r\nok"));
  EXPECT_EQ(handled_, 2);
}

TEST_F(BodyTest, UnreadLongBodyCloses) {
  Listen();
  AnswerPlain();
  Client client(port_);
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n" +
              std::string(1000, 'x'));
  ASSERT_TRUE(ExpectClosed(client));
  EXPECT_NE(client.received.find("connection: close\r\n"), std::string::npos);
  EXPECT_EQ(Body(client.received), "ok");
}

TEST_F(BodyTest, ReadingHoldsThePeerBack) {
  Limits limits;
  limits.body_high_water = 32 * 1024;
  Listen(limits);
  RequestId taken = 0;
  handler_ = [&](RequestId id, const Request&) { taken = id; };
  Client client(port_);
  constexpr size_t kTotal = 16 << 20;
  client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(kTotal) +
              "\r\n\r\n");
  const std::string block(64 * 1024, 'x');
  size_t sent = 0;
  const auto send_some = [&] {
    while (sent < kTotal) {
      const size_t now =
          client.Send(std::string_view(block).substr(0, std::min(block.size(), kTotal - sent)));
      sent += now;
      if (now == 0) return;
      if (now < block.size()) return;
      Turn();
      if (taken != 0 && engine_->Find(taken)->body.available() > 0 && sent > (8u << 20)) return;
    }
  };
  send_some();
  Run(50);
  ASSERT_NE(taken, 0u);
  EXPECT_LE(engine_->Find(taken)->body.available(), limits.body_high_water + 64 * 1024);
  size_t received = 0;
  std::string part;
  ASSERT_TRUE(Until([&] {
    send_some();
    while (engine_->ReadBody(taken, 100'000, &part) == Engine::BodyRead::kData)
      received += part.size();
    return received == kTotal;
  }));
  EXPECT_EQ(engine_->ReadBody(taken, 1, &part), Engine::BodyRead::kEnd);
  engine_->RespondPlain(taken, "got it");
  EXPECT_TRUE(Expect(client, "got it"));
}

TEST_F(BodyTest, PeerGoneInTheMiddle) {
  Listen();
  RequestId taken = 0;
  int called = 0;
  handler_ = [&](RequestId id, const Request&) {
    taken = id;
    engine_->BufferBody(id);
    engine_->OnBody(id, [&] { ++called; });
  };
  {
    Client client(port_);
    client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");
    ASSERT_TRUE(Until([&] { return taken != 0; }));
  }
  ASSERT_TRUE(Until([&] { return called == 1; }));
  std::string part;
  EXPECT_EQ(engine_->ReadBody(taken, 10, &part), Engine::BodyRead::kError);
  EXPECT_EQ(engine_->BodyErrorOf(taken), BodyError::kAborted);
  engine_->RespondPlain(taken, "late");
  EXPECT_TRUE(Until([&] { return server_->connections() == 0; }));
  EXPECT_EQ(engine_->requests_in_flight(), 0u);
}

TEST_F(BodyTest, ChunkedStream) {
  Listen();
  RequestId taken = 0;
  handler_ = [&](RequestId id, const Request&) { taken = id; };
  Client client(port_);
  client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(Until([&] { return taken != 0; }));
  ASSERT_EQ(handled_, 2);
  const RequestId second = taken;
  engine_->RespondPlain(second, "after");
  const RequestId first = second - 1;  // the slot before, same generation
  ASSERT_TRUE(engine_->StartStream(first, {}, nullptr).ok());
  EXPECT_EQ(engine_->WriteStream(first, "hello"), Engine::Written::kGoOn);
  ASSERT_TRUE(Expect(client, "5\r\nhello\r\n"));
  EXPECT_FALSE(engine_->Respond(first, {}, "again").ok()) << "already started";
  engine_->WriteStream(first, "");
  engine_->WriteStream(first, std::string(26, 'z'));
  EXPECT_TRUE(engine_->EndStream(first));
  ASSERT_TRUE(Expect(client, "after"));
  EXPECT_NE(client.received.find("transfer-encoding: chunked\r\n"), std::string::npos);
  EXPECT_NE(client.received.find("1a\r\n" + std::string(26, 'z') + "\r\n0\r\n\r\nHTTP/1.1 200 OK"),
            std::string::npos)
      << client.received;
}

TEST_F(BodyTest, StreamWithLength) {
  Listen();
  const uint64_t length = 5;
  handler_ = [&](RequestId id, const Request&) {
    EXPECT_TRUE(engine_->StartStream(id, {}, &length).ok());
    engine_->WriteStream(id, "hel");
    engine_->WriteStream(id, "lo and more");
    EXPECT_TRUE(engine_->EndStream(id));
  };
  Client client(port_);
  client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(Expect(client, "\r\n\r\nhello"));
  Run(20);
  client.Receive();
  EXPECT_EQ(Body(client.received), "hello");
  EXPECT_FALSE(client.closed);
}

TEST_F(BodyTest, ShortStreamIsCutOff) {
  Listen();
  const uint64_t length = 5;
  handler_ = [&](RequestId id, const Request&) {
    EXPECT_TRUE(engine_->StartStream(id, {}, &length).ok());
    engine_->WriteStream(id, "hel");
    EXPECT_FALSE(engine_->EndStream(id));
  };
  const std::string answer = Exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(exchange_closed_);
  EXPECT_EQ(Body(answer), "hel");
}

TEST_F(BodyTest, AbandonedStreamHasNoLastChunk) {
  Listen();
  handler_ = [&](RequestId id, const Request&) {
    EXPECT_TRUE(engine_->StartStream(id, {}, nullptr).ok());
    engine_->WriteStream(id, "hel");
    engine_->Abandon(id);
  };
  const std::string answer = Exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(exchange_closed_);
  EXPECT_EQ(Body(answer), "3\r\nhel\r\n");
  EXPECT_EQ(engine_->requests_in_flight(), 0u);
}

TEST_F(BodyTest, StreamToOldVersionEndsWithTheConnection) {
  Listen();
  handler_ = [&](RequestId id, const Request&) {
    EXPECT_TRUE(engine_->StartStream(id, {}, nullptr).ok());
    engine_->WriteStream(id, "hello");
    EXPECT_TRUE(engine_->EndStream(id));
  };
  const std::string answer = Exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(answer.find("transfer-encoding"), std::string::npos);
  EXPECT_NE(answer.find("connection: close\r\n"), std::string::npos);
  EXPECT_EQ(Body(answer), "hello");
  EXPECT_TRUE(exchange_closed_);
}

TEST_F(BodyTest, SlowReaderHoldsTheStreamBack) {
  Listen();
  RequestId taken = 0;
  handler_ = [&](RequestId id, const Request&) {
    taken = id;
    EXPECT_TRUE(engine_->StartStream(id, {}, nullptr).ok());
  };
  Client client(port_);
  client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(Until([&] { return taken != 0; }));
  const std::string block(64 * 1024, 'x');
  size_t written = 0;
  bool waiting = false;
  const auto write_some = [&] {
    while (!waiting && written < (64u << 20)) {
      const auto result = engine_->WriteStream(taken, block);
      ASSERT_NE(result, Engine::Written::kGone);
      written += block.size();
      if (result == Engine::Written::kWait) {
        waiting = true;
        engine_->OnWritable(taken, [&] { waiting = false; });
      }
    }
  };
  for (int i = 0; i < 200; ++i) {
    write_some();
    Turn();
  }
  EXPECT_TRUE(waiting);
  EXPECT_LT(written, 24u << 20) << "what the kernel buffers and little more";
  ASSERT_TRUE(Until([&] {
    write_some();
    client.Receive();
    client.received.clear();
    return written >= (64u << 20) && !waiting;
  }));
  EXPECT_TRUE(engine_->EndStream(taken));
  EXPECT_TRUE(Expect(client, "0\r\n\r\n"));
}

TEST_F(BodyTest, WaitingStreamLearnsThatThePeerIsGone) {
  Listen();
  RequestId taken = 0;
  handler_ = [&](RequestId id, const Request&) {
    taken = id;
    EXPECT_TRUE(engine_->StartStream(id, {}, nullptr).ok());
  };
  int called = 0;
  {
    Client client(port_);
    client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(Until([&] { return taken != 0; }));
    while (engine_->WriteStream(taken, std::string(1 << 20, 'x')) == Engine::Written::kGoOn) Turn();
    engine_->OnWritable(taken, [&] { ++called; });
    Run(20);
  }
  ASSERT_TRUE(Until([&] { return called > 0 && server_->connections() == 0; }));
  EXPECT_EQ(engine_->WriteStream(taken, "x"), Engine::Written::kGone);
  EXPECT_FALSE(engine_->EndStream(taken));
  EXPECT_EQ(engine_->requests_in_flight(), 0u);
}

}  // namespace
}  // namespace rt::http
