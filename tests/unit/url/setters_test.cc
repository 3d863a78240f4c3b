// The setters of the URL class.
#include "src/ext/url/setters.h"

#include <gtest/gtest.h>

#include <string>

#include "src/ext/url/parser.h"

namespace rt::url {
namespace {

// The serialization after setting one component; checks that the offsets still fit.
std::string After(std::string_view href, Setter setter, std::string_view value) {
  auto url = ParseUrl(href);
  EXPECT_TRUE(url) << href;
  EXPECT_TRUE(SetComponent(*url, setter, value));
  const auto again = ParseUrl(url->href);
  EXPECT_TRUE(again && again->href == url->href) << url->href;
  if (again) {
    EXPECT_EQ(again->at, url->at) << url->href;
    EXPECT_EQ(again->scheme, url->scheme) << url->href;
  }
  return url->href;
}

constexpr char kFull[] = "http://u:p@h:81/a?q#f";

TEST(UrlSetters, Href) {
  EXPECT_EQ(After(kFull, Setter::kHref, "https://x"), "https://x/");
  auto url = ParseUrl(kFull);
  EXPECT_FALSE(SetComponent(*url, Setter::kHref, "nope"));
  EXPECT_EQ(url->href, kFull);
}

TEST(UrlSetters, Protocol) {
  EXPECT_EQ(After(kFull, Setter::kProtocol, "HTTPS"), "https://u:p@h:81/a?q#f");
  EXPECT_EQ(After("http://h:443/", Setter::kProtocol, "https:foo"), "https://h/");
  EXPECT_EQ(After(kFull, Setter::kProtocol, "x"), kFull);
  EXPECT_EQ(After("x://h/", Setter::kProtocol, "http"), "x://h/");
  EXPECT_EQ(After("x:y", Setter::kProtocol, "z+1"), "z+1:y");
  EXPECT_EQ(After(kFull, Setter::kProtocol, "1x"), kFull);
  EXPECT_EQ(After(kFull, Setter::kProtocol, ""), kFull);
  EXPECT_EQ(After(kFull, Setter::kProtocol, "file"), kFull);
  EXPECT_EQ(After("http://h/", Setter::kProtocol, "file"), "file://h/");
  EXPECT_EQ(After("file:///a", Setter::kProtocol, "http"), "file:///a");
  EXPECT_EQ(After("file://h/a", Setter::kProtocol, "http"), "http://h/a");
  EXPECT_EQ(After("x:/.//a", Setter::kProtocol, "y"), "y:/.//a");
}

TEST(UrlSetters, Credentials) {
  EXPECT_EQ(After(kFull, Setter::kUsername, "a:b@\t"), "http://a%3Ab%40%09:p@h:81/a?q#f");
  EXPECT_EQ(After(kFull, Setter::kUsername, ""), "http://:p@h:81/a?q#f");
  EXPECT_EQ(After(kFull, Setter::kPassword, ""), "http://u@h:81/a?q#f");
  EXPECT_EQ(After("http://u@h/", Setter::kUsername, ""), "http://h/");
  EXPECT_EQ(After("http://h/", Setter::kPassword, "p"), "http://:p@h/");
  EXPECT_EQ(After("http://h/x", Setter::kUsername, "u"), "http://u@h/x");
  EXPECT_EQ(After("file://h/", Setter::kUsername, "u"), "file://h/");
  EXPECT_EQ(After("x:///", Setter::kPassword, "p"), "x:///");
  EXPECT_EQ(After("x:y", Setter::kPassword, "p"), "x:y");
}

TEST(UrlSetters, HostAndHostname) {
  EXPECT_EQ(After(kFull, Setter::kHost, "X:90/ignored"), "http://u:p@x:90/a?q#f");
  EXPECT_EQ(After(kFull, Setter::kHost, "x"), "http://u:p@x:81/a?q#f");
  EXPECT_EQ(After(kFull, Setter::kHost, "x:80"), "http://u:p@x/a?q#f");
  EXPECT_EQ(After(kFull, Setter::kHost, "x:99999"), "http://u:p@x:81/a?q#f");
  EXPECT_EQ(After(kFull, Setter::kHost, "x:7z"), "http://u:p@x:7/a?q#f");
  EXPECT_EQ(After(kFull, Setter::kHost, "x:"), "http://u:p@x:81/a?q#f");
  EXPECT_EQ(After(kFull, Setter::kHost, ""), kFull);
  EXPECT_EQ(After(kFull, Setter::kHost, ":1"), kFull);
  EXPECT_EQ(After(kFull, Setter::kHost, "a b"), kFull);
  EXPECT_EQ(After(kFull, Setter::kHostname, "x"), "http://u:p@x:81/a?q#f");
  EXPECT_EQ(After(kFull, Setter::kHostname, "x:90"), kFull);
  EXPECT_EQ(After(kFull, Setter::kHostname, "[::1]"), "http://u:p@[::1]:81/a?q#f");
  EXPECT_EQ(After(kFull, Setter::kHostname, "0x7f.1"), "http://u:p@127.0.0.1:81/a?q#f");
  EXPECT_EQ(After("file://h/a", Setter::kHost, ""), "file:///a");
  EXPECT_EQ(After("file:///a", Setter::kHost, "localhost"), "file:///a");
  EXPECT_EQ(After("file:///a", Setter::kHost, "x:1"), "file:///a");
  EXPECT_EQ(After("file:///a", Setter::kHostname, "X"), "file://x/a");
}

TEST(UrlSetters, HostOfNonSpecialUrls) {
  EXPECT_EQ(After("x:/a", Setter::kHost, "h"), "x://h/a");
  EXPECT_EQ(After("x:/a", Setter::kHost, "h:1"), "x://h:1/a");
  EXPECT_EQ(After("x:/a", Setter::kHost, ""), "x:///a");
  EXPECT_EQ(After("x:/.//a", Setter::kHostname, "h"), "x://h//a");
  EXPECT_EQ(After("x://h/a", Setter::kHost, ""), "x:///a");
  EXPECT_EQ(After("x://u@h/a", Setter::kHost, ""), "x://u@h/a");
  EXPECT_EQ(After("x://h:1/a", Setter::kHost, ""), "x://h:1/a");
  EXPECT_EQ(After("x:opaque", Setter::kHost, "h"), "x:opaque");
  EXPECT_EQ(After("x://h/", Setter::kHost, "\xc3\xa9"), "x://%C3%A9/");
}

TEST(UrlSetters, Port) {
  EXPECT_EQ(After(kFull, Setter::kPort, "90"), "http://u:p@h:90/a?q#f");
  EXPECT_EQ(After(kFull, Setter::kPort, "\t9\n0x"), "http://u:p@h:90/a?q#f");
  EXPECT_EQ(After(kFull, Setter::kPort, "80"), "http://u:p@h/a?q#f");
  EXPECT_EQ(After(kFull, Setter::kPort, ""), "http://u:p@h/a?q#f");
  EXPECT_EQ(After(kFull, Setter::kPort, "\t"), kFull);
  EXPECT_EQ(After(kFull, Setter::kPort, "-1"), kFull);
  EXPECT_EQ(After(kFull, Setter::kPort, "65536"), kFull);
  EXPECT_EQ(After("file://h/", Setter::kPort, "1"), "file://h/");
  EXPECT_EQ(After("x:y", Setter::kPort, ""), "x:y");
}

TEST(UrlSetters, Pathname) {
  EXPECT_EQ(After(kFull, Setter::kPathname, "x/../y?z#w"), "http://u:p@h:81/y%3Fz%23w?q#f");
  EXPECT_EQ(After(kFull, Setter::kPathname, "\\x"), "http://u:p@h:81/x?q#f");
  EXPECT_EQ(After(kFull, Setter::kPathname, ""), "http://u:p@h:81/?q#f");
  EXPECT_EQ(After("x://h/a", Setter::kPathname, ""), "x://h");
  EXPECT_EQ(After("x://h", Setter::kPathname, "?"), "x://h/%3F");
  EXPECT_EQ(After("x:/a", Setter::kPathname, ""), "x:/");
  EXPECT_EQ(After("x:/a?q", Setter::kPathname, "//b"), "x:/.//b?q");
  EXPECT_EQ(After("x:/.//b?q", Setter::kPathname, "c"), "x:/c?q");
  EXPECT_EQ(After("x:/.//b?q", Setter::kPathname, "//d"), "x:/.//d?q");
  EXPECT_EQ(After("x:opaque", Setter::kPathname, "/a"), "x:opaque");
  EXPECT_EQ(After("file:///a", Setter::kPathname, "C|/x"), "file:///C:/x");
}

TEST(UrlSetters, SearchAndHash) {
  EXPECT_EQ(After(kFull, Setter::kSearch, "x'#"), "http://u:p@h:81/a?x%27%23#f");
  EXPECT_EQ(After(kFull, Setter::kSearch, "??x"), "http://u:p@h:81/a??x#f");
  EXPECT_EQ(After(kFull, Setter::kSearch, "\t?x"), "http://u:p@h:81/a??x#f");
  EXPECT_EQ(After(kFull, Setter::kSearch, "?"), "http://u:p@h:81/a?#f");
  EXPECT_EQ(After(kFull, Setter::kSearch, ""), "http://u:p@h:81/a#f");
  EXPECT_EQ(After("x:y", Setter::kSearch, "'"), "x:y?'");
  EXPECT_EQ(After(kFull, Setter::kHash, "##`\n"), "http://u:p@h:81/a?q##%60");
  EXPECT_EQ(After(kFull, Setter::kHash, "#"), "http://u:p@h:81/a?q#");
  EXPECT_EQ(After(kFull, Setter::kHash, ""), "http://u:p@h:81/a?q");
  EXPECT_EQ(After("x:a #f", Setter::kHash, ""), "x:a%20");
}

}  // namespace
}  // namespace rt::url
