// Host lists: every spelling of an address, blocks, wildcards, and what cannot be parsed.
#include "src/permissions/net_scope.h"

#include <arpa/inet.h>

#include "tests/unit/permissions/support.h"

namespace rt::test {
namespace {

CanonicalHost Host(std::string_view text) {
  Result<CanonicalHost> host = CanonicalHost::Parse(text);
  EXPECT_TRUE(host.ok()) << text;
  return host.ok() ? *host : CanonicalHost{};
}

std::vector<NetScope> Scopes(std::string_view entry) {
  std::vector<NetScope> scopes;
  const Result<void> parsed = NetScope::Parse(entry, &scopes);
  EXPECT_TRUE(parsed.ok()) << entry << ": " << MessageOf(parsed);
  return scopes;
}

bool Allows(std::string_view entry, std::string_view host, std::optional<uint16_t> port) {
  for (const NetScope& scope : Scopes(entry)) {
    if (scope.Allows(Host(host), port)) return true;
  }
  return false;
}

bool Denies(std::string_view entry, std::string_view host, std::optional<uint16_t> port = 80) {
  for (const NetScope& scope : Scopes(entry)) {
    if (scope.Denies(Host(host), port)) return true;
  }
  return false;
}

TEST(IpAddress, EverySpellingIsOneAddress) {
  for (const char* text : {"127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f.1", "0x7f000001",
                           "017700000001", "0177.0.0.1", "127.0.0.1.", "::ffff:127.0.0.1",
                           "[::ffff:127.0.0.1]", "::ffff:7f00:1", "::FFFF:127.0.0.1"}) {
    const std::optional<IpAddress> ip = IpAddress::Parse(text);
    ASSERT_TRUE(ip) << text;
    EXPECT_EQ(ip->ToString(), "127.0.0.1") << text;
    EXPECT_TRUE(ip->IsLoopback()) << text;
  }
  for (const char* text : {"0", "0.0.0.0", "0x0", "0x", "0.0", "::", "[::]", "::ffff:0:0", "00"}) {
    const std::optional<IpAddress> ip = IpAddress::Parse(text);
    ASSERT_TRUE(ip) << text;
    EXPECT_TRUE(ip->IsUnspecified()) << text;
    EXPECT_TRUE(ip->IsPrivate()) << text;
  }
  EXPECT_EQ(IpAddress::Parse("fe80::1%eth0")->ToString(), "fe80::1");
  EXPECT_EQ(IpAddress::Parse("[2001:DB8:0:0::1]")->ToString(), "2001:db8::1");
}

TEST(IpAddress, NotAddresses) {
  for (const char* text : {"", "example.com", "1.2.3.4.5", "256.1.1.1", "1.2.3.256", "4294967296",
                           "0x100000000", "08.1.1.1", "1..2", "::1::", "[127.0.0.1]", "a::g",
                           "99999999999999999999999999", ".", "1.2.3.4a"}) {
    EXPECT_FALSE(IpAddress::Parse(text)) << text;
  }
  EXPECT_FALSE(IpAddress::Parse(std::string_view("::1\0", 4)));
}

TEST(IpAddress, PrivateSet) {
  for (const char* text :
       {"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1",
        "127.255.0.1", "::1", "fc00::1", "fdff::1", "fe80::1", "::ffff:10.0.0.1", "0.1.2.3"}) {
    EXPECT_TRUE(IpAddress::Parse(text)->IsPrivate()) << text;
  }
  for (const char* text : {"8.8.8.8", "172.32.0.1", "172.15.0.1", "192.169.0.1", "100.128.0.1",
                           "11.0.0.1", "2001:4860:4860::8888", "fb00::1"}) {
    EXPECT_FALSE(IpAddress::Parse(text)->IsPrivate()) << text;
  }
}

TEST(NetScope, AllowTable) {
  struct Row {
    const char* entry;
    const char* host;
    int port;  // -1: none
    bool allowed;
  };
  constexpr Row kRows[] = {
      {"localhost:8000", "localhost", 8000, true},
      {"localhost:8000", "localhost", 8001, false},
      {"localhost:8000", "localhost", -1, false},
      {"example.com", "example.com", 443, true},
      {"example.com", "example.com", -1, true},
      {"EXAMPLE.com.", "example.COM", 443, true},
      {"example.com", "www.example.com", 443, false},
      {"example.com", "notexample.com", 443, false},
      {"*.example.com", "a.example.com", 80, true},
      {"*.example.com", "a.b.example.com", 80, true},
      {"*.example.com", "example.com", 80, true},  // as Deno
      {"*.example.com", "notexample.com", 80, false},
      {"*.example.com:80", "a.example.com", 81, false},
      {"127.0.0.1", "2130706433", 80, true},
      {"2130706433", "127.0.0.1", 80, true},
      {"127.0.0.1", "localhost", 80, false},
      {"127.0.0.1", "0.0.0.0", 80, false},
      {"0.0.0.0", "127.0.0.1", 80, false},
      {"[::1]:80", "::1", 80, true},
      {"[::1]", "[::1]", 80, true},
      {"[::1]:80", "::1", 81, false},
      {"10.0.0.0/8", "10.200.3.4", 80, true},
      {"10.0.0.0/8", "11.0.0.1", 80, false},
      {"10.0.0.0/8", "::ffff:10.0.0.1", 80, true},
      {"10.0.0.4/30", "10.0.0.7", 80, true},
      {"10.0.0.4/30", "10.0.0.8", 80, false},
      {"0.0.0.0/0", "8.8.8.8", 80, true},
      {"0.0.0.0/0", "2001:db8::1", 80, false},
      {"[2001:db8::]/32", "2001:db8:1::1", 80, true},
      {"2001:db8::/32", "2001:db9::1", 80, false},
      {":8000", "0.0.0.0", 8000, true},
      {":8000", "127.0.0.1", 8000, true},
      {":8000", "localhost", 8000, true},
      {":8000", "example.com", 8000, false},
      {":8000", "localhost", 80, false},
      {"private", "192.168.1.1", 80, true},
      {"private", "8.8.8.8", 80, false},
      {"deno.land:80", "deno.land", 80, true},
      {"under_score.example", "under_score.example", 1, true},
  };
  for (const Row& row : kRows) {
    const auto port = row.port < 0 ? std::nullopt : std::optional<uint16_t>(row.port);
    EXPECT_EQ(Allows(row.entry, row.host, port), row.allowed)
        << row.entry << " " << row.host << " " << row.port;
  }
}

TEST(NetScope, S23_DenyMatchesEverySpelling) {
  for (const char* host :
       {"127.0.0.1", "2130706433", "0x7f.1", "::ffff:127.0.0.1", "0", "0.0.0.0",
        "::", "[::ffff:0:0]", "127.0.0.1.", "64:ff9b::127.0.0.1", "2002:7f00:1::", "::127.0.0.1",
        "localhost", "a.localhost", "LOCALHOST."}) {
    EXPECT_TRUE(Denies("127.0.0.1", host)) << host;
    EXPECT_TRUE(Denies("127.0.0.0/8", host)) << host;
    EXPECT_TRUE(Denies("private", host)) << host;
  }
  for (const char* host : {"127.0.0.1", "127.0.0.2", "::1", "0", "::", "localhost"}) {
    EXPECT_TRUE(Denies("localhost", host)) << host;
  }
  EXPECT_TRUE(Denies("[::1]", "::"));
  EXPECT_TRUE(Denies("[::1]", "0.0.0.0"));
  EXPECT_TRUE(Denies("0.0.0.0", "127.0.0.1"));
  EXPECT_TRUE(Denies("10.0.0.0/8", "64:ff9b::10.1.1.1"));
  EXPECT_TRUE(Denies("private", "fe80::1%eth0"));
  for (const char* rule : {"127.0.0.1", "127.0.0.2", "127.0.0.0/8", "[::1]", "127.255.0.0/16"}) {
    for (const char* host :
         {"127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.9", "0.0.0.0", "::"}) {
      EXPECT_TRUE(Denies(rule, host)) << rule << " " << host;
    }
    EXPECT_FALSE(Denies(rule, "10.0.0.1")) << rule;
  }
  EXPECT_FALSE(Denies("127.0.0.1", "example.com"));
  EXPECT_FALSE(Denies("10.0.0.0/8", "8.8.8.8"));
  EXPECT_FALSE(Denies("private", "8.8.8.8"));
  EXPECT_TRUE(Denies("example.com:80", "example.com", 80));
  EXPECT_FALSE(Denies("example.com:80", "example.com", 81));
}

TEST(NetScope, BadEntries) {
  for (const char* entry : {"",
                            "*",
                            "*:80",
                            "http://a.com",
                            "a.com:",
                            "a.com:99999",
                            "a.com:1-5",
                            "a.com:-1",
                            "foo..bar",
                            ".com",
                            "[::1",
                            "::1",
                            "fe80::1%eth0",
                            "a b",
                            "a.*.com",
                            "256.1.1.1",
                            "10.0.0.0/33",
                            "10.0.0.0/",
                            "::/129",
                            "a.com/8",
                            "10.0.0.0/8:80",
                            "unix:",
                            "unix:rel",
                            "vsock:1:2",
                            "a@b",
                            "[::1]x",
                            "*.127.0.0.1",
                            "\xc3\xa9.com",
                            "a\\b",
                            "1.2.3"
                            ".4.5"}) {
    std::vector<NetScope> scopes;
    EXPECT_FALSE(NetScope::Parse(entry, &scopes).ok()) << entry;
  }
}

TEST(NetScope, S29_HostsThatNoParserAccepts) {
  for (const std::string& host :
       {std::string("a\0b", 3), std::string("allowed@127.0.0.1"), std::string("a/b"),
        std::string("a%00"), std::string("a\tb"), std::string("a\nb"), std::string("999.1.1.1"),
        std::string("a\xe3\x80\x82"
                    "b"),
        std::string("a:b"), std::string(300, 'a')}) {
    EXPECT_FALSE(CanonicalHost::Parse(host).ok()) << host;
  }
}

sockaddr_in V4(const char* text, uint16_t port) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_port = htons(port);
  inet_pton(AF_INET, text, &in.sin_addr);
  return in;
}

TEST(NetGrant, S23_ResolvedAddressIsCheckedAgain) {
  PermissionOptions options;
  options[Perm::kNet].allow_all = true;
  options[Perm::kNet].deny_list = {"private"};
  Permissions permissions = Make(options);
  auto host = GrantAccess::CheckNet(permissions, {"rebind.example", 80}, "test");
  ASSERT_TRUE(host.ok());
  const sockaddr_in inside = V4("10.0.0.1", 80);
  const sockaddr_in outside = V4("8.8.8.8", 80);
  const auto check = [&](const sockaddr_in& in) {
    return GrantAccess::CheckResolved(permissions, *host, reinterpret_cast<const sockaddr*>(&in),
                                      sizeof in);
  };
  EXPECT_TRUE(IsNotCapable(check(inside)));
  EXPECT_EQ(MessageOf(check(inside)),
            "Requires net access to \"rebind.example:80\", run again with the --allow-net flag");
  ASSERT_TRUE(check(outside).ok());

  // Mapped addresses are what they map.
  sockaddr_in6 mapped{};
  mapped.sin6_family = AF_INET6;
  inet_pton(AF_INET6, "::ffff:10.0.0.1", &mapped.sin6_addr);
  EXPECT_TRUE(IsNotCapable(permissions.CheckAddress(reinterpret_cast<const sockaddr*>(&mapped))));
}

TEST(NetGrant, S23_GrantedAddressCannotBecomeAnother) {
  PermissionOptions options;
  options[Perm::kNet].allow_list = {"8.8.8.8"};
  Permissions permissions = Make(options);
  auto host = GrantAccess::CheckNet(permissions, {"0x8.0x8.2056", 80}, "test");
  ASSERT_TRUE(host.ok()) << MessageOf(host);
  EXPECT_EQ((*host)->host, "8.8.8.8");
  const sockaddr_in other = V4("9.9.9.9", 80);
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckResolved(
      permissions, *host, reinterpret_cast<const sockaddr*>(&other), sizeof other)));
}

TEST(NetGrant, Messages) {
  Permissions none = Make({});
  const auto message = [&](std::string host, std::optional<uint16_t> port) {
    return MessageOf(GrantAccess::CheckNet(none, {std::move(host), port}, "Deno.listen()"));
  };
  EXPECT_EQ(message("0.0.0.0", 8000),
            "Requires net access to \"0.0.0.0:8000\", run again with the --allow-net flag");
  EXPECT_EQ(message("::1", 8000),
            "Requires net access to \"[::1]:8000\", run again with the --allow-net flag");
  EXPECT_EQ(message("EXAMPLE.com.", 80),
            "Requires net access to \"example.com:80\", run again with the --allow-net flag");
  EXPECT_EQ(message("example.com", {}),
            "Requires net access to \"example.com\", run again with the --allow-net flag");
  EXPECT_EQ(
      MessageOf(GrantAccess::CheckImport(none, {"foo.example", 443}, "")),
      "Requires import access to \"foo.example:443\", run again with the --allow-import flag");
}

TEST(NetGrant, S26_UnixSocketsAreComparedResolved) {
  const TempFolder folder;
  folder.Folder("run");
  folder.Link("link", "run");
  PermissionOptions options;
  options[Perm::kNet].allow_all = true;
  options[Perm::kNet].deny_list = {"unix:" + (folder / "run/docker.sock")};
  Permissions permissions = Make(options);
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckUnix(permissions, folder / "link/docker.sock", "")));
  EXPECT_TRUE(
      IsNotCapable(GrantAccess::CheckUnix(permissions, folder / "run/../run/docker.sock", "")));
  EXPECT_TRUE(GrantAccess::CheckUnix(permissions, folder / "run/other.sock", "").ok());

  PermissionOptions only;
  only[Perm::kNet].allow_list = {"unix:" + (folder / "run/a.sock"), "example.com"};
  Permissions scoped = Make(only);
  EXPECT_TRUE(GrantAccess::CheckUnix(scoped, folder / "run/a.sock", "").ok());
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckUnix(scoped, folder / "run/b.sock", "")));
  EXPECT_TRUE(IsNotCapable(GrantAccess::CheckUnix(scoped, "@a", "")));
}

}  // namespace
}  // namespace rt::test
