// Where a response ends, and responses that are refused because that is not certain (S46).
#include "tests/unit/fetch/client_fixture.h"

namespace rt {
namespace {

class ResponseTest : public ClientTest {
 protected:
  // What a server's reply, followed by a close, is to the client.
  std::string Reply(std::string reply, std::string method = "GET") {
    return TextOf(Serve({{{"\r\n\r\n", std::move(reply), true}}}).port(), std::move(method));
  }
  // The same, arriving byte by byte.
  std::string Dribble(const std::string& reply) {
    Script script{{"\r\n\r\n", ""}};
    for (const char c : reply) script.push_back({"", std::string(1, c)});
    script.push_back({"", "", true});
    return TextOf(Serve({script}).port());
  }
};

TEST_F(ResponseTest, ByLength) {
  EXPECT_EQ(Reply("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"), "hello");
  EXPECT_EQ(Reply("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), "");
  EXPECT_EQ(Dribble("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"), "hello");
}

TEST_F(ResponseTest, Chunked) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(Reply(head + "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n"), "hello world");
  EXPECT_EQ(Reply(head + "0\r\nx-trailer: 1\r\n\r\n"), "");
  EXPECT_EQ(Dribble(head + "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"), "hello!");
}

TEST_F(ResponseTest, UntilTheConnectionCloses) {
  EXPECT_EQ(Reply("HTTP/1.1 200 OK\r\n\r\nhello"), "hello");
  EXPECT_EQ(Dribble("HTTP/1.0 200 OK\r\n\r\nhello"), "hello");
}

TEST_F(ResponseTest, NoBody) {
  EXPECT_EQ(Reply("HTTP/1.1 204 No Content\r\n\r\n"), "(none)");
  EXPECT_EQ(Reply("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"), "(none)");
  EXPECT_EQ(Reply("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD"), "(none)");
}

TEST_F(ResponseTest, InterimResponsesAreSkipped) {
  EXPECT_EQ(Reply("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
                  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
            "ok");
  std::string many;
  for (int i = 0; i < 100; ++i) many += "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(Reply(many), "error: invalid HTTP response: too many interim ones");
  EXPECT_EQ(Reply("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
            "error: invalid HTTP response: 101 to a request without upgrade");
}

TEST_F(ResponseTest, CutShort) {
  const char* kShort = "error: the connection was closed before the body was complete";
  const char* kEarly = "error: connection closed before message completed";
  EXPECT_EQ(Reply("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"), kShort);
  EXPECT_EQ(Reply("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), kShort);
  EXPECT_EQ(Reply("HTTP/1.1 200 OK\r\nContent-Le"), kEarly);
  EXPECT_EQ(Reply(""), kEarly);
}

TEST_F(ResponseTest, S46AmbiguousLengthsAreRefused) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  EXPECT_EQ(
      Reply(ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").substr(0, 29),
      "error: invalid HTTP response:");
  for (const char* head : {
           "Content-Length: +5\r\n",
           "Content-Length: 5x\r\n",
           "Content-Length: 0x5\r\n",
           "Content-Length: -1\r\n",
           "Content-Length: 5, 6\r\n",
           "Content-Length: \r\n",
           "Content-Length: 5\r\nContent-Length: 6\r\n",
           "Content-Length: 5\r\nContent-Length: 5\r\n",
           "Content-Length: 5, 5\r\n",
           "Content-Length: 99999999999999999999\r\n",
           "Transfer-Encoding: gzip\r\n",
           "Transfer-Encoding: gzip, chunked\r\n",
           "Transfer-Encoding: chunked, chunked\r\n",
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding : chunked\r\n",
           "X: a\r\n b\r\n",
           "X: a\rb\r\n",
           "X: a\nY: b\r\n",
           "X Y: a\r\n",
           ": a\r\n",
           "X\r\n",
       }) {
    EXPECT_EQ(Reply(ok + head + "\r\nhello").substr(0, 29), "error: invalid HTTP response:")
        << head;
  }
  EXPECT_EQ(Reply(ok + std::string("X: a\0b\r\n\r\n", 10)).substr(0, 29),
            "error: invalid HTTP response:");
  EXPECT_EQ(Reply("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").substr(0, 29),
            "error: invalid HTTP response:");
}

TEST_F(ResponseTest, S46BadChunksAreRefused) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char* body : {"5\nhello\r\n0\r\n\r\n", "x\r\n", " 5\r\nhello\r\n", "5 \r\nhello\r\n",
                           "5\r\nhello0\r\n\r\n", "-1\r\n", "fffffffffffffffff\r\n",
                           "0\r\ncontent-length: 5\r\n\r\n", "0\r\nx\r\n\r\n"}) {
    EXPECT_EQ(Reply(head + body), "error: invalid HTTP response: bad chunked body") << body;
  }
}

TEST_F(ResponseTest, BadStatusLines) {
  for (const char* line :
       {"HTTP/2.0 200 OK", "HTTP/1.2 200 OK", "http/1.1 200 OK", "HTTP/1.1 20 OK",
        "HTTP/1.1 2000 OK", "HTTP/1.1  200 OK", "HTTP/1.1 099 OK", "hello", " HTTP/1.1 200 OK"}) {
    EXPECT_EQ(Reply(std::string(line) + "\r\n\r\n").substr(0, 29), "error: invalid HTTP response:")
        << line;
  }
  EXPECT_EQ(Reply("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok"), "ok");
}

TEST_F(ResponseTest, S47EndlessHeads) {
  const std::string big(400 * 1024, 'a');
  EXPECT_EQ(Reply("HTTP/1.1 200 OK\r\nx: " + big + "\r\n\r\n"),
            "error: invalid HTTP response: the header is too large");
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 2000; ++i) many += "x: y\r\n";
  EXPECT_EQ(Reply(many + "\r\n"), "error: invalid HTTP response: too many header fields");
}

TEST_F(ResponseTest, HeadersAsTheyCame) {
  auto& server = Serve({{{"\r\n\r\n",
                          "HTTP/1.1 404 Not there\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nX:  y "
                          "\r\nEmpty:\r\nContent-Length: 0\r\n\r\n"}}});
  auto response = Send(RequestTo(server.port()));
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(response->reason, "Not there");
  std::string all;
  for (const auto& field : response->headers) all += field.name + "=" + field.value + ";";
  EXPECT_EQ(all, "set-cookie=a=1;set-cookie=b=2;x=y;empty=;content-length=0;");
}

TEST_F(ResponseTest, ArrivedBodiesAreTakenWhole) {
  auto& server = Serve({{{"\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
                         {"\r\n\r\n",
                          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\n"
                          "llo\r\n0\r\n\r\n"}}});
  for (int i = 0; i < 2; ++i) {
    auto response = Send(RequestTo(server.port()));
    ASSERT_TRUE(response.ok());
    const auto whole = response->body->TakeArrived(1024);
    ASSERT_TRUE(whole.has_value());
    EXPECT_EQ(whole->view(), "hello");
    EXPECT_EQ(client_->idle_connections(), 1u);
  }
}

}  // namespace
}  // namespace rt
