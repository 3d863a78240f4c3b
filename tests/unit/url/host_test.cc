// The host parser: domains, IDNA, IPv4, IPv6, opaque hosts.
#include "src/ext/url/host.h"

#include <gtest/gtest.h>

#include <string>

#include "src/ext/url/idna.h"

namespace rt::url {
namespace {

constexpr char kFailure[] = "(failure)";

std::string Parse(std::string_view input, HostKind kind) {
  std::string out;
  return AppendHost(out, input, kind) ? out : kFailure;
}
std::string Domain(std::string_view input) {
  return Parse(input, HostKind::kDomain);
}
std::string Opaque(std::string_view input) {
  return Parse(input, HostKind::kOpaque);
}

TEST(Host, AsciiDomainsAreLowerCased) {
  EXPECT_EQ(Domain("Example.COM"), "example.com");
  EXPECT_EQ(Domain("a_b-.c!$&'()*+,;=~"), "a_b-.c!$&'()*+,;=~");
  EXPECT_EQ(Domain("trailing.dot."), "trailing.dot.");
  EXPECT_EQ(Domain("..a"), "..a");
  EXPECT_EQ(Domain(std::string(300, 'a')), std::string(300, 'a'));
}

TEST(Host, ForbiddenCharactersFail) {
  EXPECT_EQ(Domain(""), kFailure);
  for (const char c : std::string_view("\0\x01\t\n\r\x1f #/:<>?@[\\]^|\x7f%", 21)) {
    EXPECT_EQ(Domain(std::string("a") + c + "b"), kFailure) << static_cast<int>(c);
  }
}

TEST(Host, PercentIsDecodedFirst) {
  EXPECT_EQ(Domain("%45xample%2Ecom"), "example.com");
  EXPECT_EQ(Domain("a%2Fb"), kFailure);
  EXPECT_EQ(Domain("a%00b"), kFailure);
  EXPECT_EQ(Domain("a%25b"), kFailure);
  EXPECT_EQ(Domain("a%2"), kFailure);
  EXPECT_EQ(Domain("%C3%BC.de"), "xn--tda.de");
  EXPECT_EQ(Domain("%FF.de"), kFailure);  // not UTF-8
  EXPECT_EQ(Domain("%31%32%37.1"), "127.0.0.1");
}

TEST(Host, Idna) {
  EXPECT_EQ(Domain("B\xc3\xbc"
                   "cher.example"),
            "xn--bcher-kva.example");
  EXPECT_EQ(Domain("fa\xc3\x9f.example"), "xn--fa-hia.example");  // non-transitional
  EXPECT_EQ(Domain("\xe2\x98\x95.example"), "xn--53h.example");   // symbols are allowed
  EXPECT_EQ(Domain("a\xe3\x80\x82"
                   "b"),
            "a.b");                                                          // U+3002 is a dot
  EXPECT_EQ(Domain("\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.1"), "127.0.0.1");  // full-width digits
  EXPECT_EQ(Domain("a\xc2\xad"
                   "b"),
            "ab");                                  // soft hyphen disappears
  EXPECT_EQ(Domain("\xc2\xad"), kFailure);          // and may leave nothing
  EXPECT_EQ(Domain("\xef\xbf\xbd"), kFailure);      // U+FFFD
  EXPECT_EQ(Domain("\xef\xbc\x85.com"), kFailure);  // full-width % becomes %
  EXPECT_EQ(Domain("<\xcc\xb8"), "xn--gdh");        // composes to U+226E
  EXPECT_EQ(Domain("a\xe2\x80\x8d"
                   "b"),
            kFailure);  // joiner out of context
  EXPECT_EQ(Domain("\xd7\x90"
                   "a"),
            kFailure);  // right-to-left ends in Latin
}

TEST(Host, PunycodeIsValidated) {
  EXPECT_EQ(Domain("XN--fa-hia.example"), "xn--fa-hia.example");
  EXPECT_EQ(Domain("xn--"), kFailure);
  EXPECT_EQ(Domain("a.xn--a"), kFailure);
  EXPECT_EQ(Domain("xn--8i7caa"), kFailure);  // decodes to characters that map to others
  EXPECT_EQ(Domain("axn--a"), "axn--a");      // not at the start of a label
}

TEST(Host, LongNamesOutgrowTheFirstBuffer) {
  std::string name;
  for (int i = 0; i < 200; ++i) name += "\xf0\x9f\x92\xa9.";  // one emoji a label
  const std::string ascii = Domain(name);
  EXPECT_EQ(ascii.size(), 200 * std::string_view("xn--ls8h.").size());
}

TEST(Host, UnicodeForm) {
  EXPECT_EQ(DomainToUnicode("xn--fa-hia.example"), "fa\xc3\x9f.example");
  EXPECT_EQ(DomainToUnicode("xn--a"), "xn--a");
  EXPECT_EQ(DomainToUnicode("plain.example"), "plain.example");
}

TEST(Host, Ipv4Forms) {
  EXPECT_EQ(Domain("1.2.3.4"), "1.2.3.4");
  EXPECT_EQ(Domain("1.2.3.4."), "1.2.3.4");
  EXPECT_EQ(Domain("0x7F.1"), "127.0.0.1");
  EXPECT_EQ(Domain("0177.0.0.1"), "127.0.0.1");
  EXPECT_EQ(Domain("2130706433"), "127.0.0.1");
  EXPECT_EQ(Domain("0x"), "0.0.0.0");
  EXPECT_EQ(Domain("1.65535"), "1.0.255.255");
  EXPECT_EQ(Domain("4294967295"), "255.255.255.255");
}

TEST(Host, BadIpv4) {
  for (const char* text :
       {"1.2.3.256", "256.1.1.1", "4294967296", "1.2.3.4.5", "1..2", "09", "1.2.3.08", "a.0x4",
        "1.16777216", "0x100000000", ".1.2.3", "1.2.3.4...5", "99999999999999999999999999"}) {
    EXPECT_EQ(Domain(text), kFailure) << text;
  }
  EXPECT_EQ(Domain("1.2.3.4x"), "1.2.3.4x");
  EXPECT_EQ(Domain("0xg"), "0xg");
  EXPECT_EQ(Domain("1.2.3.4.."), "1.2.3.4..");
}

TEST(Host, Ipv6Forms) {
  EXPECT_EQ(Domain("[::1]"), "[::1]");
  EXPECT_EQ(Domain("[::]"), "[::]");
  EXPECT_EQ(Domain("[1:0::]"), "[1::]");
  EXPECT_EQ(Domain("[2001:DB8:0:0:1:0:0:1]"), "[2001:db8::1:0:0:1]");  // the first longest run
  EXPECT_EQ(Domain("[1:0:2:0:3:0:4:0]"), "[1:0:2:0:3:0:4:0]");         // one zero is no run
  EXPECT_EQ(Domain("[::ffff:1.2.3.4]"), "[::ffff:102:304]");
  EXPECT_EQ(Domain("[1:2:3:4:5:6:7.8.9.10]"), "[1:2:3:4:5:6:708:90a]");
  EXPECT_EQ(Domain("[1:2:3:4:5:6:7::]"), "[1:2:3:4:5:6:7:0]");
  EXPECT_EQ(Domain("[0:0:1:2:3:0:0:0]"), "[0:0:1:2:3::]");
  EXPECT_EQ(Opaque("[::1]"), "[::1]");
}

TEST(Host, BadIpv6) {
  for (const char* text : {"[",
                           "[]",
                           "[:]",
                           "[:1]",
                           "[1:]",
                           "[1]",
                           "[::1",
                           "[1::2::3]",
                           "[1:2:3:4:5:6:7:8:9]",
                           "[1:2:3:4:5:6:7:8::]",
                           "[12345::]",
                           "[g::]",
                           "[::1.2.3]",
                           "[::1.2.3.256]",
                           "[::1.2.3.04]",
                           "[::1.2.3.4.5]",
                           "[::.1.2.3]",
                           "[1:2:3:4:5:6:7:1.2.3.4]",
                           "[::1%eth0]",
                           "[::1]x",
                           "[::1.2.3.4:1]"}) {
    EXPECT_EQ(Domain(text), kFailure) << text;
    EXPECT_EQ(Opaque(text), kFailure) << text;
  }
}

TEST(Host, OpaqueHosts) {
  EXPECT_EQ(Opaque(""), "");
  EXPECT_EQ(Opaque("EXAMPLE%2Ecom"), "EXAMPLE%2Ecom");
  EXPECT_EQ(Opaque("\xc3\xa9\x01\x7f"), "%C3%A9%01%7F");
  EXPECT_EQ(Opaque("0x7f.1"), "0x7f.1");
  for (const char c : std::string_view("\0\t\n\r #/:<>?@[\\]^|", 17)) {
    EXPECT_EQ(Opaque(std::string("a") + c), kFailure) << static_cast<int>(c);
  }
}

}  // namespace
}  // namespace rt::url
