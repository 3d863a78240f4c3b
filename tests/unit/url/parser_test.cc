// The URL parser: one test for each kind of URL the standard treats in its own way.
#include "src/ext/url/parser.h"

#include <gtest/gtest.h>

#include <string>

namespace rt::url {
namespace {

constexpr char kFailure[] = "(failure)";

// The serialization, after checking that it parses to itself and that its offsets are in order.
std::string Href(std::string_view input, const char* base = nullptr) {
  std::optional<UrlRecord> base_url;
  if (base != nullptr) {
    base_url = ParseUrl(base);
    EXPECT_TRUE(base_url) << base;
  }
  const auto url = ParseUrl(input, base_url ? &*base_url : nullptr);
  if (!url) return kFailure;
  const UrlOffsets& at = url->at;
  EXPECT_LE(at.protocol_end, at.username_end);
  EXPECT_LE(at.username_end, at.host_start);
  EXPECT_LE(at.host_start, at.host_end);
  EXPECT_LE(at.host_end, at.pathname_start);
  EXPECT_LE(at.pathname_start, at.search_start);
  EXPECT_LE(at.search_start, at.hash_start);
  EXPECT_LE(at.hash_start, url->href.size());
  const auto again = ParseUrl(url->href);
  EXPECT_TRUE(again && again->href == url->href && again->at == url->at) << url->href;
  return url->href;
}

TEST(UrlParser, Components) {
  const auto url = ParseUrl("https://us%65r:pa:ss@Example.com:8443/a/b?x=1#frag");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->href, "https://us%65r:pa%3Ass@example.com:8443/a/b?x=1#frag");
  EXPECT_EQ(url->Protocol(), "https:");
  EXPECT_EQ(url->Username(), "us%65r");
  EXPECT_EQ(url->Password(), "pa%3Ass");
  EXPECT_EQ(url->Host(), "example.com:8443");
  EXPECT_EQ(url->Hostname(), "example.com");
  EXPECT_EQ(url->Port(), "8443");
  EXPECT_EQ(url->at.port, 8443u);
  EXPECT_EQ(url->Pathname(), "/a/b");
  EXPECT_EQ(url->Search(), "?x=1");
  EXPECT_EQ(url->Hash(), "#frag");
  EXPECT_EQ(Origin(*url), "https://example.com:8443");
}

TEST(UrlParser, AbsentComponentsAreEmpty) {
  const auto url = ParseUrl("https://example.com");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->href, "https://example.com/");
  EXPECT_EQ(url->Username(), "");
  EXPECT_EQ(url->Password(), "");
  EXPECT_EQ(url->Port(), "");
  EXPECT_EQ(url->Search(), "");
  EXPECT_EQ(url->Hash(), "");
  EXPECT_FALSE(url->HasQuery());
  const auto empty = ParseUrl("https://example.com/?#");
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->href, "https://example.com/?#");
  EXPECT_EQ(empty->Search(), "");
  EXPECT_EQ(empty->Hash(), "");
  EXPECT_TRUE(empty->HasQuery());
  EXPECT_TRUE(empty->HasFragment());
}

TEST(UrlParser, TrimsAndRemovesTabsAndNewlines) {
  EXPECT_EQ(Href(" \x01 https://a/b \x1f"), "https://a/b");
  EXPECT_EQ(Href("ht\ttp\n://a\r/b"), "http://a/b");
  EXPECT_EQ(Href(std::string("https://a/\0", 11)), "https://a/");
  EXPECT_EQ(Href("  "), kFailure);
}

TEST(UrlParser, SlashesOfSpecialSchemes) {
  EXPECT_EQ(Href("http:a"), "http://a/");
  EXPECT_EQ(Href("HTTP:\\\\a\\b\\..\\c"), "http://a/c");
  EXPECT_EQ(Href("http:////a"), "http://a/");
  EXPECT_EQ(Href("http:"), kFailure);
  EXPECT_EQ(Href("http:///"), kFailure);
  EXPECT_EQ(Href("http:b", "http://a/x/y"), "http://a/x/b");
  EXPECT_EQ(Href("http:b", "https://a/x/y"), "http://b/");
}

TEST(UrlParser, Credentials) {
  EXPECT_EQ(Href("http://@a/"), "http://a/");
  EXPECT_EQ(Href("http://:@a/"), "http://a/");
  EXPECT_EQ(Href("http://u:@a/"), "http://u@a/");
  EXPECT_EQ(Href("http://:p@a/"), "http://:p@a/");
  EXPECT_EQ(Href("http://a@b@c:d@e/"), "http://a%40b%40c:d@e/");
  EXPECT_EQ(Href("http://u@/x"), kFailure);
  EXPECT_EQ(Href("http://u@:80/"), kFailure);
  EXPECT_EQ(Href("http://allowed.example@127.0.0.1/"), "http://allowed.example@127.0.0.1/");
  EXPECT_EQ(Href("http://allowed.example\\@evil.example/"),
            "http://allowed.example/@evil.example/");
}

TEST(UrlParser, Ports) {
  EXPECT_EQ(Href("http://a:80/"), "http://a/");
  EXPECT_EQ(Href("http://a:0080/"), "http://a/");
  EXPECT_EQ(Href("http://a:/"), "http://a/");
  EXPECT_EQ(Href("http://a:0/"), "http://a:0/");
  EXPECT_EQ(Href("http://a:65535/"), "http://a:65535/");
  EXPECT_EQ(Href("http://a:65536/"), kFailure);
  EXPECT_EQ(Href("http://a:99999999999999999999/"), kFailure);
  EXPECT_EQ(Href("http://a:1x/"), kFailure);
  EXPECT_EQ(Href("https://a:443/"), "https://a/");
  EXPECT_EQ(Href("ws://a:80/"), "ws://a/");
  EXPECT_EQ(Href("wss://a:443/"), "wss://a/");
  EXPECT_EQ(Href("ftp://a:21/"), "ftp://a/");
  EXPECT_EQ(Href("x://a:80/"), "x://a:80/");
  EXPECT_EQ(Href("http://[::1]:81/"), "http://[::1]:81/");
  EXPECT_EQ(Href("http://[::1:81/"), kFailure);
}

TEST(UrlParser, DotSegments) {
  EXPECT_EQ(Href("http://a/b/./c/../d"), "http://a/b/d");
  EXPECT_EQ(Href("http://a/../../b"), "http://a/b");
  EXPECT_EQ(Href("http://a/b/.."), "http://a/");
  EXPECT_EQ(Href("http://a/b/."), "http://a/b/");
  EXPECT_EQ(Href("http://a/b/%2e/%2E%2e/.%2E"), "http://a/");
  EXPECT_EQ(Href("http://a/b/...//%2f%2e."), "http://a/b/...//%2f%2e.");
  EXPECT_EQ(Href("http://a/b//.."), "http://a/b/");
  EXPECT_EQ(Href("http://a/.hidden/..x"), "http://a/.hidden/..x");
}

TEST(UrlParser, Encoding) {
  EXPECT_EQ(Href("http://a/ \"<>^`{}\xc3\xa9?'\"#`'"),
            "http://a/%20%22%3C%3E%5E%60%7B%7D%C3%A9?%27%22#%60'");
  EXPECT_EQ(Href("x://a/?'"), "x://a/?'");
  EXPECT_EQ(Href("http://a/%zz%"), "http://a/%zz%");
}

TEST(UrlParser, Relative) {
  const char* base = "http://u:p@h:81/a/b/c?q#f";
  EXPECT_EQ(Href("", base), "http://u:p@h:81/a/b/c?q");
  EXPECT_EQ(Href("#x", base), "http://u:p@h:81/a/b/c?q#x");
  EXPECT_EQ(Href("?x", base), "http://u:p@h:81/a/b/c?x");
  EXPECT_EQ(Href("x", base), "http://u:p@h:81/a/b/x");
  EXPECT_EQ(Href("../x?y#z", base), "http://u:p@h:81/a/x?y#z");
  EXPECT_EQ(Href("/x", base), "http://u:p@h:81/x");
  EXPECT_EQ(Href("\\x", base), "http://u:p@h:81/x");
  EXPECT_EQ(Href("//x", base), "http://x/");
  EXPECT_EQ(Href("/\\x", base), "http://x/");
  EXPECT_EQ(Href("a:b", base), "a:b");
  EXPECT_EQ(Href("1:b", base), "http://u:p@h:81/a/b/1:b");
  EXPECT_EQ(Href("x"), kFailure);
  EXPECT_EQ(Href("//x"), kFailure);
}

TEST(UrlParser, NonSpecial) {
  EXPECT_EQ(Href("x://Host/a\\b/../c"), "x://Host/c");
  EXPECT_EQ(Href("x://"), "x://");
  EXPECT_EQ(Href("x:///a"), "x:///a");
  EXPECT_EQ(Href("x://h?q"), "x://h?q");
  EXPECT_EQ(Href("x://h\\y"), kFailure);
  EXPECT_EQ(Href("x:/a/../b"), "x:/b");
  EXPECT_EQ(Href("b", "x://h"), "x://h/b");
  EXPECT_EQ(Href("//y/z", "x:/a"), "x://y/z");
  EXPECT_EQ(Href("b", "x:/a/c"), "x:/a/b");
}

TEST(UrlParser, PathsThatLookLikeHostsAreGuarded) {
  EXPECT_EQ(Href("x:/.//p"), "x:/.//p");
  EXPECT_EQ(Href("x:/a/..//p"), "x:/.//p");
  EXPECT_EQ(Href("..//p", "x:/a/b"), "x:/.//p");
  EXPECT_EQ(Href("q", "x:/.//p"), "x:/.//q");
  EXPECT_EQ(Href("/q", "x:/.//p"), "x:/q");
  const auto url = ParseUrl("x:/.//p");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->Pathname(), "//p");
  EXPECT_FALSE(url->HasHost());
}

TEST(UrlParser, OpaquePaths) {
  EXPECT_EQ(Href("mailto:a b\xc3\xa9@c"), "mailto:a b%C3%A9@c");
  EXPECT_EQ(Href("data:,x/../y?q#f"), "data:,x/../y?q#f");
  EXPECT_EQ(Href("x:"), "x:");
  EXPECT_EQ(Href("x:a  ?q"), "x:a %20?q");
  EXPECT_EQ(Href("x:a #f"), "x:a%20#f");
  EXPECT_EQ(Href("x:a "), "x:a");
  EXPECT_EQ(Href("#f", "x:a?q#g"), "x:a?q#f");
  EXPECT_EQ(Href("b", "x:a"), kFailure);
  EXPECT_EQ(Href("", "x:a"), kFailure);
}

TEST(UrlParser, File) {
  EXPECT_EQ(Href("file:a"), "file:///a");
  EXPECT_EQ(Href("file:"), "file:///");
  EXPECT_EQ(Href("file://localhost/a"), "file:///a");
  EXPECT_EQ(Href("file://Host/a"), "file://host/a");
  EXPECT_EQ(Href("file://h:80/a"), kFailure);
  EXPECT_EQ(Href("file:///a/../../b"), "file:///b");
  EXPECT_EQ(Href("file:\\\\h\\p"), "file://h/p");
  EXPECT_EQ(Href("x", "file:///a/b?q"), "file:///a/x");
  EXPECT_EQ(Href("?x", "file:///a/b?q"), "file:///a/b?x");
  EXPECT_EQ(Href("#x", "file:///a/b?q"), "file:///a/b?q#x");
  EXPECT_EQ(Href("", "file:///a/b?q#f"), "file:///a/b?q");
  EXPECT_EQ(Href("/x", "file://h/a/b"), "file://h/x");
  EXPECT_EQ(Href("//x", "file://h/a/b"), "file://x/");
  EXPECT_EQ(Href("file:x", "http://h/a"), "file:///x");
}

TEST(UrlParser, DriveLetters) {
  EXPECT_EQ(Href("file:C|/x"), "file:///C:/x");
  EXPECT_EQ(Href("file://C|/x"), "file:///C:/x");
  EXPECT_EQ(Href("file:///C:/../x"), "file:///C:/x");
  EXPECT_EQ(Href("file:///C:/.."), "file:///C:/");
  EXPECT_EQ(Href("file:///a/C|/x"), "file:///a/C|/x");
  EXPECT_EQ(Href("/x", "file:///C:/a/b"), "file:///C:/x");
  EXPECT_EQ(Href("..", "file:///C:/"), "file:///C:/");
  EXPECT_EQ(Href("D:", "file:///C:/a"), "d:");  // a scheme
  EXPECT_EQ(Href("D|/y", "file:///C:/a"), "file:///D:/y");
  EXPECT_EQ(Href("/D|/y", "file:///C:/a"), "file:///D:/y");
  EXPECT_EQ(Href("file:D|x", "file:///C:/a"), "file:///C:/D|x");
}

TEST(UrlParser, Origins) {
  const auto origin = [](std::string_view text) { return Origin(*ParseUrl(text)); };
  EXPECT_EQ(origin("http://u:p@a:80/x"), "http://a");
  EXPECT_EQ(origin("wss://a:1/x"), "wss://a:1");
  EXPECT_EQ(origin("file:///x"), "null");
  EXPECT_EQ(origin("x://a/"), "null");
  EXPECT_EQ(origin("blob:https://a:8080/id"), "https://a:8080");
  EXPECT_EQ(origin("blob:ftp://a/id"), "null");
  EXPECT_EQ(origin("blob:blob:https://a/id"), "null");
  EXPECT_EQ(origin("blob:x"), "null");
}

}  // namespace
}  // namespace rt::url
