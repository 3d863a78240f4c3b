// The pure parts: dates, response heads, hosts, lengths, and the scan where its input is cut.
#include <gtest/gtest.h>

#include "src/ext/http/engine/date_cache.h"
#include "src/ext/http/engine/head_check.h"
#include "src/ext/http/engine/head_scan.h"
#include "src/ext/http/engine/response_head.h"

namespace rt::http {
namespace {

std::string Date(int64_t seconds) {
  char out[29];
  FormatHttpDate(seconds, out);
  return std::string(out, 29);
}

TEST(HttpDate, Known) {
  EXPECT_EQ(Date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(Date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(Date(951782399), "Mon, 28 Feb 2000 23:59:59 GMT");
  EXPECT_EQ(Date(951782400), "Tue, 29 Feb 2000 00:00:00 GMT");
  EXPECT_EQ(Date(4107542400), "Mon, 01 Mar 2100 00:00:00 GMT");
}

TEST(HttpDate, AgreesWithTheCLibrary) {
  for (int64_t seconds = 12345; seconds < 8'000'000'000; seconds += 86'399 * 17) {
    const time_t time = seconds;
    tm parts;
    gmtime_r(&time, &parts);
    char text[64];
    strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    ASSERT_EQ(Date(seconds), text);
  }
}

TEST(HttpScan, ControlsAreFoundAtEveryOffset) {
  for (size_t size = 1; size < 70; ++size) {
    for (size_t at = 0; at < size; ++at) {
      for (char c : {'\0', '\n', '\r', '\x1f', '\x7f'}) {
        std::string text(size, 'x');
        text[at] = c;
        ASSERT_EQ(FindControl(text.data(), 0, size), at);
      }
      for (char c : {'\t', ' ', '\x20', '\x7e', '\x80', '\xff'}) {
        std::string text(size, 'x');
        text[at] = c;
        ASSERT_EQ(FindControl(text.data(), 0, size), size);
      }
    }
  }
}

TEST(HttpScan, WhereTheInputIsCutDoesNotMatter) {
  const std::string head = "GET / HTTP/1.1\r\nHost: example.com\r\nX: y\r\n\r\n";
  for (size_t cut = 0; cut < head.size(); ++cut) {
    HeadScanner scanner;
    ASSERT_EQ(scanner.Scan(head.data(), cut), HeadScanner::State::kIncomplete) << cut;
    ASSERT_EQ(scanner.Scan(head.data(), head.size()), HeadScanner::State::kComplete) << cut;
    ASSERT_EQ(scanner.head_size(), head.size());
    ASSERT_EQ(scanner.lines(), 3u);
  }
}

TEST(HttpCheck, Hosts) {
  for (const char* good :
       {"a", "a.b", "a:1", "a:", "1.2.3.4:80", "[::1]", "[fe80::1]:80", "a%20b"}) {
    EXPECT_TRUE(IsValidHost(good)) << good;
  }
  for (const char* bad :
       {"",   ":80",  "a:b",    "a:65536", "a b",  "a/b", "a@b",  "a?b", "a#b",   "[",
        "[]", "[::1", "[::1]x", "[g::]",   "a\\b", "a%2", "a%zz", "a<b", "a:1:2", "\xc3\xa4"}) {
    EXPECT_FALSE(IsValidHost(bad)) << bad;
  }
}

TEST(HttpCheck, Lengths) {
  uint64_t length = 0;
  EXPECT_TRUE(ParseContentLength("0", &length));
  EXPECT_TRUE(ParseContentLength("9007199254740991", &length));
  EXPECT_EQ(length, 9007199254740991u);
  for (const char* bad : {"", "+1", "-1", " 1", "1 ", "1,1", "0x1", "1e3", "9007199254740992",
                          "99999999999999999999999999"}) {
    EXPECT_FALSE(ParseContentLength(bad, &length)) << bad;
  }
}

TEST(HttpResponseHead, InjectionIsRefused) {
  bool close = false;
  const auto refused = [&](HeaderPair header, std::string_view text = {}) {
    return !CheckResponseHead({.status = 200, .status_text = text, .headers = {&header, 1}}, &close)
                .ok();
  };
  EXPECT_FALSE(refused({"x", "fine \t\xe4"}));
  EXPECT_FALSE(refused({"x", ""}));
  for (const char* bad : {"a\r\nb", "a\nb", "a\rb", "a\x7f", "a\x01"}) {
    EXPECT_TRUE(refused({"x", bad})) << bad;
    EXPECT_TRUE(refused({bad, "x"})) << bad;
    EXPECT_TRUE(refused({"x", "y"}, bad)) << bad;
  }
  EXPECT_TRUE(refused({"x", std::string_view("a\0b", 3)}));
  EXPECT_TRUE(refused({"", "x"}));
  EXPECT_TRUE(refused({"a b", "x"}));
  EXPECT_TRUE(refused({"a:b", "x"}));
  for (int status : {-1, 0, 99, 100, 101, 199, 600, 1000}) {
    auto checked = CheckResponseHead({.status = status, .status_text = {}, .headers = {}}, &close);
    ASSERT_FALSE(checked.ok()) << status;
    EXPECT_EQ(checked.error().error_class, ErrorClass::kRangeError);
  }
}

TEST(HttpResponseHead, FramingIsOurs) {
  const HeaderPair headers[] = {{"Content-Length", "999"},    {"Transfer-Encoding", "gzip"},
                                {"Connection", "Keep-Alive"}, {"Set-Cookie", "a=1"},
                                {"set-cookie", "b=2"},        {"Date", "then"}};
  Output out;
  AppendResponseHead(
      {.status = 404, .status_text = "Nope", .headers = headers},
      {.content_length = 12, .date = "now", .keep_alive_field = "keep-alive: timeout=5\r\n"}, &out);
  EXPECT_EQ(out.view(),
            "HTTP/1.1 404 Nope\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nDate: then\r\n"
            "content-length: 12\r\nkeep-alive: timeout=5\r\n\r\n");
}

TEST(HttpResponseHead, CloseIsSeenInLists) {
  for (const char* value : {"close", "Close", "keep-alive, close", "\tclose ,x"}) {
    bool close = false;
    const HeaderPair header{"Connection", value};
    ASSERT_TRUE(
        CheckResponseHead({.status = 200, .status_text = {}, .headers = {&header, 1}}, &close)
            .ok());
    EXPECT_TRUE(close) << value;
  }
}

}  // namespace
}  // namespace rt::http
