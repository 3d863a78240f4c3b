#include "src/module/npm/semver.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

bool In(std::string_view range, std::string_view version) {
  const auto parsed = VersionRange::Parse(range);
  EXPECT_TRUE(parsed.has_value()) << range;
  return parsed && parsed->Contains(*Version::Parse(version));
}

TEST(Semver, VersionsAreParsed) {
  EXPECT_EQ(Version::Parse("v1.2.3-beta.4+build")->ToString(), "1.2.3-beta.4");
  for (const char* bad : {"", "1", "1.2", "1.2.3.4", "1.2.x", "a.b.c", "1.2.3-", "1.2.3-a..b",
                          "-1.2.3", "1.2.99999999999999999999"}) {
    EXPECT_FALSE(Version::Parse(bad).has_value()) << bad;
  }
}

// semver.org section 11, its own example.
TEST(Semver, PrecedenceIsThatOfTheSpecification) {
  const char* const ordered[] = {"1.0.0-alpha",  "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta",
                                 "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",       "1.0.0",
                                 "1.0.1",        "1.2.0",         "1.10.0",           "2.0.0"};
  for (size_t i = 1; i < std::size(ordered); ++i) {
    EXPECT_LT(*Version::Parse(ordered[i - 1]), *Version::Parse(ordered[i])) << ordered[i];
  }
}

TEST(Semver, RangesContainWhatNpmSaysTheyDo) {
  struct Case {
    const char* range;
    std::vector<const char*> in;
    std::vector<const char*> out;
  };
  const Case cases[] = {
      {"1.2.3", {"1.2.3"}, {"1.2.4", "1.2.3-a"}},
      {"^1.2.3", {"1.2.3", "1.9.0"}, {"1.2.2", "2.0.0", "2.0.0-0", "1.3.0-a"}},
      {"^0.2.3", {"0.2.3", "0.2.9"}, {"0.3.0", "0.2.2"}},
      {"^0.0.3", {"0.0.3"}, {"0.0.4", "0.0.2"}},
      {"^0.0", {"0.0.0", "0.0.9"}, {"0.1.0"}},
      {"^0", {"0.0.1", "0.9.0"}, {"1.0.0"}},
      {"^1.2.3-beta.2", {"1.2.3-beta.4", "1.2.3", "1.3.0"}, {"1.2.3-beta.1", "1.2.4-beta.4"}},
      {"~1.2.3", {"1.2.3", "1.2.9"}, {"1.3.0"}},
      {"~1.2", {"1.2.0"}, {"1.3.0"}},
      {"~1", {"1.9.0"}, {"2.0.0"}},
      {"1.x", {"1.0.0", "1.9.9"}, {"2.0.0", "0.9.9"}},
      {"1.2.*", {"1.2.7"}, {"1.3.0"}},
      {"1", {"1.4.0"}, {"2.0.0"}},
      {"*", {"0.0.0", "9.9.9"}, {"1.0.0-a"}},
      {"", {"1.0.0"}, {}},
      {">=1.2 <2", {"1.2.0", "1.9.9"}, {"2.0.0", "1.1.9"}},
      {">= 1.2.0 < 1.5.0", {"1.4.9"}, {"1.5.0"}},
      {">1.2", {"1.3.0"}, {"1.2.9"}},
      {">1", {"2.0.0"}, {"1.9.9"}},
      {"<=1.2", {"1.2.9", "0.1.0"}, {"1.3.0"}},
      {"<1.2", {"1.1.9"}, {"1.2.0", "1.2.0-a"}},
      {"1.2.3 - 2.3.4", {"1.2.3", "2.3.4"}, {"2.3.5", "1.2.2"}},
      {"1.2.3 - 2.3", {"2.3.9"}, {"2.4.0"}},
      {"1.2 - 2", {"1.2.0", "2.9.9"}, {"3.0.0"}},
      {"^1 || ^3", {"1.5.0", "3.1.0"}, {"2.0.0", "4.0.0"}},
      {"<*", {}, {"0.0.0", "1.0.0"}},
  };
  for (const Case& each : cases) {
    for (const char* version : each.in)
      EXPECT_TRUE(In(each.range, version)) << each.range << " " << version;
    for (const char* version : each.out) {
      EXPECT_FALSE(In(each.range, version)) << each.range << " " << version;
    }
  }
}

// What Deno 2.9.6 writes into deno.lock for each.
TEST(Semver, RangesAreNamedAsInDenosLockFiles) {
  const std::pair<const char*, const char*> cases[] = {
      {"^1.0.0", "1"},
      {"1", "1"},
      {"1.x", "1"},
      {"1.*", "1"},
      {"^1", "1"},
      {"~1", "1"},
      {">=1.0.0 <2.0.0", "1"},
      {"^0", "0"},
      {"~0", "0"},
      {"^0.0", "0.0"},
      {"0.1", "0.1"},
      {"^0.1.0", "0.1"},
      {"~1.2.0", "1.2"},
      {"1.2.x", "1.2"},
      {"^1.2.0", "^1.2.0"},
      {"^1.2", "^1.2.0"},
      {" ^1.3.0 ", "^1.3.0"},
      {"~1.2.3", "~1.2.3"},
      {"^0.1.2", "~0.1.2"},
      {"^0.0.3", "^0.0.3"},
      {"*", "*"},
      {"", "*"},
      {"x", "*"},
      {"1.2.3", "1.2.3"},
      {"=1.2.3", "1.2.3"},
      {"v1.2.3", "1.2.3"},
      {">=1.0.0", ">=1.0.0"},
      {">=1 <3", ">=1.0.0 <3.0.0"},
      {"<3", "<3.0.0"},
      {"<=2.0.0", "<=2.0.0"},
      {">1.0.0", ">1.0.0"},
      {"1.0.0 - 2.0.0", ">=1.0.0 <=2.0.0"},
      {"1 || 2", "1 || 2"},
      {"^1.0.0 || ^2.0.0", "1 || 2"},
      {"<2.0.0", "<2.0.0"},
      {"^2.1.0-beta.1", "^2.1.0-beta.1"},
      {"~1.0.0", "1.0"},
      {"2.1.0-beta.1", "2.1.0-beta.1"},
  };
  for (const auto& [text, expected] : cases) {
    const auto range = VersionRange::Parse(text);
    ASSERT_TRUE(range) << text;
    EXPECT_EQ(range->ToString(), expected) << text;
  }
}

TEST(Semver, WhatIsNoRangeIsRefused) {
  for (const char* bad :
       {"latest", "^", ">=", "1.2.3.4", "1..2", "^a.b.c", "1.2.3 - ", "github:a/b", "1.2."}) {
    EXPECT_FALSE(VersionRange::Parse(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace rt
