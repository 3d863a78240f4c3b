#include "src/base/suggest.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace rt {
namespace {

TEST(EditDistance, CountsEdits) {
  EXPECT_EQ(EditDistance("", ""), 0u);
  EXPECT_EQ(EditDistance("run", "run"), 0u);
  EXPECT_EQ(EditDistance("", "abc"), 3u);
  EXPECT_EQ(EditDistance("abc", ""), 3u);
  EXPECT_EQ(EditDistance("rn", "run"), 1u);
  EXPECT_EQ(EditDistance("rrun", "run"), 1u);
  EXPECT_EQ(EditDistance("ran", "run"), 1u);
  EXPECT_EQ(EditDistance("urn", "run"), 1u);  // a swap
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3u);
}

TEST(Nearest, PicksTheFewestEditsAndTheFirstOfEquals) {
  constexpr std::array<std::string_view, 3> kNames = {"--allow-net", "--allow-env", "--deny-net"};
  EXPECT_EQ(Nearest("--allow-met", kNames), "--allow-net");
  EXPECT_EQ(Nearest("--allow-enn", kNames), "--allow-env");
  EXPECT_EQ(Nearest("--alow-ent", kNames), "--allow-net");
}

TEST(Nearest, NothingWhenTooFar) {
  constexpr std::array<std::string_view, 2> kNames = {"run", "eval"};
  EXPECT_EQ(Nearest("server", kNames), std::nullopt);
  EXPECT_EQ(Nearest("", kNames), std::nullopt);
  EXPECT_EQ(Nearest("rxx", kNames), std::nullopt);
  EXPECT_EQ(Nearest(std::string(100000, 'r'), kNames), std::nullopt);
}

}  // namespace
}  // namespace rt
