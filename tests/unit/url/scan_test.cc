// ScanSerialized against the full parser: what it accepts must be exactly what the parser makes of
// it.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "src/ext/url/parser.h"

namespace rt::url {
namespace {

bool Scans(std::string_view input) {
  UrlOffsets offsets;
  Scheme scheme;
  return ScanSerialized(input, offsets, scheme);
}

// A leading space makes ParseUrl take the long way.
void ExpectAgrees(const std::string& input) {
  UrlOffsets offsets;
  Scheme scheme;
  if (!ScanSerialized(input, offsets, scheme)) return;
  const auto parsed = ParseUrl(" " + input);
  ASSERT_TRUE(parsed) << input;
  EXPECT_EQ(parsed->href, input);
  EXPECT_EQ(parsed->at, offsets) << input;
  EXPECT_EQ(parsed->scheme, scheme) << input;
}

TEST(UrlScan, AcceptsCommonUrls) {
  for (const char* input : {"http://localhost:8000/", "https://example.com/a/b.html?x=1&y=%20#top",
                            "http://1.2.3.4/", "https://a.b-c.d_e/.well-known/x", "wss://h/",
                            "file:///home/u/mod.ts", "http://h/?", "http://h/#"}) {
    EXPECT_TRUE(Scans(input)) << input;
    ExpectAgrees(input);
  }
}

TEST(UrlScan, RefusesWhatIsNotSerialized) {
  for (const char* input : {"http://h",
                            "http:/h/",
                            "HTTP://h/",
                            "http://H/",
                            "http:///h/",
                            "http://u@h/",
                            "http://h:80/",
                            "http://h:08/",
                            "http://h:65536/",
                            "http://h:/",
                            "http://xn--a/",
                            "http://a.xn--a/",
                            "http://1.2.3/",
                            "http://01.2.3.4/",
                            "http://1.2.3.256/",
                            "http://1.2.3.4.5/",
                            "http://0x1/",
                            "http://h./",
                            "http://h/./",
                            "http://h/..",
                            "http://h/a/%2e",
                            "http://h/a b",
                            "http://h/\\",
                            "http://h/^",
                            "http://h/?'",
                            "http://h/? ",
                            "http://h/#`",
                            "http://h/#\xc3\xa9",
                            " http://h/",
                            "http://h/\t",
                            "file://h/",
                            "file:///C|/",
                            "file:///C:/..",
                            "x://h/",
                            "mailto:a",
                            "",
                            "http:"}) {
    EXPECT_FALSE(Scans(input)) << input;
  }
}

TEST(UrlScan, AgreesWithTheParserOnMutations) {
  const std::string seeds[] = {"http://example.com:8080/a/../b?c=d#e", "file:///a/b/C:/d",
                               "https://127.0.0.1/x%2e/.y/..z?#", "ws://xn--fa-hia.de./"};
  const std::string alphabet = "/\\.:%2eE?#@|CxnN-1809'`^ \t\x7f";
  std::mt19937 random(12345);
  for (int round = 0; round < 40000; ++round) {
    std::string input = seeds[random() % std::size(seeds)];
    for (int edits = 1 + static_cast<int>(random() % 4); edits > 0; --edits) {
      const char c = alphabet[random() % alphabet.size()];
      const size_t at = random() % input.size();
      switch (random() % 3) {
        case 0:
          input[at] = c;
          break;
        case 1:
          input.insert(at, 1, c);
          break;
        default:
          if (input.size() > 1) input.erase(at, 1);
      }
    }
    ExpectAgrees(input);
    // Whatever parses serializes to something that parses to itself.
    if (const auto url = ParseUrl(input)) {
      const auto again = ParseUrl(url->href);
      ASSERT_TRUE(again) << input;
      EXPECT_EQ(again->href, url->href) << input;
      EXPECT_EQ(again->at, url->at) << input;
    }
  }
}

}  // namespace
}  // namespace rt::url
