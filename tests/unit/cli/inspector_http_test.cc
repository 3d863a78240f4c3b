// The inspector's little HTTP: what it takes for a request, and which hosts it answers.
#include "src/cli/inspector/http_request.h"

#include <gtest/gtest.h>

#include "src/cli/inspector/server.h"

namespace rt::cli {
namespace {

TEST(InspectorHttp, Requests) {
  const auto request = ParseInspectorRequest("GET /json?a HTTP/1.1\r\nHOST:  localhost:1 \r\nX: y");
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->path, "/json?a");
  EXPECT_EQ(request->Header("host"), "localhost:1");
  EXPECT_EQ(request->Header("x"), "y");
  EXPECT_EQ(request->Header("absent"), "");
  for (const char* head : {"", "GET", "GET /", "POST / HTTP/1.1", "GET x HTTP/1.1", "GET / FTP/1.1",
                           "GET / HTTP/1.1\r\nno colon", "GET / HTTP/1.1\r\n: v",
                           "GET / HTTP/1.1\r\na b: v", "GET / HTTP/1.1\r\nHost: a\r\nhost: b"}) {
    EXPECT_FALSE(ParseInspectorRequest(head).ok()) << head;
  }
}

TEST(InspectorHttp, Hosts) {
  for (const char* host : {"localhost", "LocalHost:9229", "127.0.0.1", "10.1.2.3:80", "[::1]",
                           "[::1]:9229", "localhost6"}) {
    EXPECT_TRUE(IsLocalHost(host)) << host;
  }
  for (const char* host : {"", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
                           "[evil]", "[::1", "[::1]evil", "1.2.3", "::1", "0x7f.1"}) {
    EXPECT_FALSE(IsLocalHost(host)) << host;
  }
}

TEST(InspectorAddress, Parses) {
  const struct {
    const char* text;
    const char* host;
    uint16_t port;
  } cases[] = {{"", "127.0.0.1", 9229},
               {"0", "127.0.0.1", 0},
               {"localhost", "localhost", 9229},
               {"a:1", "a", 1},
               {"[::1]:2", "::1", 2},
               {"[::1]", "::1", 9229},
               {"0.0.0.0:65535", "0.0.0.0", 65535}};
  for (const auto& each : cases) {
    const auto address = ParseInspectorAddress(each.text);
    ASSERT_TRUE(address.ok()) << each.text;
    EXPECT_EQ(address->host, each.host);
    EXPECT_EQ(address->port, each.port);
  }
  for (const char* text : {":1", "a:b", "a:65536", "[::1", "[::1]x", "99999"}) {
    EXPECT_FALSE(ParseInspectorAddress(text).ok()) << text;
  }
}

}  // namespace
}  // namespace rt::cli
