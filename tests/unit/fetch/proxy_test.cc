// Which proxy a host goes through, and what is one.
#include "src/ext/fetch/proxy.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

TEST(ProxyTest, Parses) {
  auto proxy = Proxy::Parse("http://us%20er:p%40ss@proxy.example:3128/");
  ASSERT_TRUE(proxy.ok());
  EXPECT_EQ(proxy->kind, Proxy::Kind::kHttp);
  EXPECT_EQ(proxy->host, "proxy.example");
  EXPECT_EQ(proxy->port, 3128);
  EXPECT_EQ(proxy->username, "us er");
  EXPECT_EQ(proxy->password, "p@ss");
  EXPECT_EQ(proxy->Authorization(), "Basic dXMgZXI6cEBzcw==");
}

TEST(ProxyTest, Defaults) {
  auto bare = Proxy::Parse("proxy.example:8080");
  ASSERT_TRUE(bare.ok());
  EXPECT_EQ(bare->port, 8080);
  EXPECT_EQ(bare->Authorization(), "");
  EXPECT_EQ(Proxy::Parse("http://p")->port, 80);
  EXPECT_EQ(Proxy::Parse("https://p")->port, 443);
  EXPECT_EQ(Proxy::Parse("socks5://p")->port, 1080);
  EXPECT_EQ(Proxy::Parse("socks5h://p")->kind, Proxy::Kind::kSocks5);
  EXPECT_EQ(Proxy::Parse("http://[::1]:80")->host, "[::1]");
  EXPECT_EQ(Proxy::Parse("http://user@p")->Authorization(), "Basic dXNlcjo=");
}

TEST(ProxyTest, S29RefusesWithoutTheCredentials) {
  for (const char* bad : {"", "ftp://user:secret@p", "http://", "http://user:secret@a b/"}) {
    auto proxy = Proxy::Parse(bad);
    ASSERT_FALSE(proxy.ok()) << bad;
    EXPECT_EQ(proxy.error().message, "Invalid proxy URL");
  }
}

TEST(ProxyTest, NoProxy) {
  EXPECT_TRUE(IsExcluded("*", "a.b", 80));
  EXPECT_TRUE(IsExcluded("x, example.com", "example.com", 80));
  EXPECT_TRUE(IsExcluded("example.com", "www.Example.com", 80));
  EXPECT_TRUE(IsExcluded(".example.com", "www.example.com", 80));
  EXPECT_TRUE(IsExcluded("*.example.com", "www.example.com", 80));
  EXPECT_FALSE(IsExcluded("example.com", "notexample.com", 80));
  EXPECT_FALSE(IsExcluded("www.example.com", "example.com", 80));
  EXPECT_TRUE(IsExcluded("example.com:8080", "example.com", 8080));
  EXPECT_FALSE(IsExcluded("example.com:8080", "example.com", 80));
  EXPECT_TRUE(IsExcluded("127.0.0.1", "127.0.0.1", 80));
  EXPECT_TRUE(IsExcluded("127.0.0.1:80", "127.0.0.1", 80));
  EXPECT_TRUE(IsExcluded("10.0.0.0/8", "10.200.0.1", 80));
  EXPECT_FALSE(IsExcluded("10.0.0.0/8", "11.0.0.1", 80));
  EXPECT_TRUE(IsExcluded("::1", "[::1]", 80));
  EXPECT_TRUE(IsExcluded("[::1]:80", "::1", 80));
  EXPECT_TRUE(IsExcluded("fd00::/8", "fd12::1", 80));
  EXPECT_FALSE(IsExcluded("::/0", "1.2.3.4", 80));
  EXPECT_FALSE(IsExcluded("1.2.3.4/99", "1.2.3.4", 80));
  EXPECT_FALSE(IsExcluded("0.0.1", "127.0.0.1", 80));
  EXPECT_FALSE(IsExcluded("", "a", 80));
  EXPECT_FALSE(IsExcluded(",,", "a", 80));
}

TEST(ProxyTest, OfTheEnvironment) {
  const ProxySettings settings{"http://h:1", "http://s:2", "http://all:3", "direct.example"};
  EXPECT_EQ(ProxyFor(settings, false, "a", 80)->host, "h");
  EXPECT_EQ(ProxyFor(settings, true, "a", 443)->host, "s");
  EXPECT_FALSE(ProxyFor(settings, true, "direct.example", 443).has_value());
  EXPECT_EQ(ProxyFor({"", "", "http://all:3", ""}, true, "a", 443)->host, "all");
  EXPECT_FALSE(ProxyFor({}, false, "a", 80).has_value());
  EXPECT_FALSE(ProxyFor({"nonsense://x", "", "", ""}, false, "a", 80).has_value());
}

}  // namespace
}  // namespace rt
