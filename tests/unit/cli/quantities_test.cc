#include "src/cli/args/quantities.h"

#include <gtest/gtest.h>

namespace rt::cli {
namespace {

TEST(Quantities, Sizes) {
  EXPECT_EQ(*ParseSize("--m", "67108864"), uint64_t{64} << 20);
  EXPECT_EQ(*ParseSize("--m", "65536k"), uint64_t{64} << 20);
  EXPECT_EQ(*ParseSize("--m", "64M"), uint64_t{64} << 20);
  EXPECT_EQ(*ParseSize("--m", "64mib"), uint64_t{64} << 20);
  EXPECT_EQ(*ParseSize("--m", "2g"), uint64_t{2} << 30);
}

TEST(Quantities, Durations) {
  EXPECT_EQ(*ParseDuration("--t", "250ms"), 250u);
  EXPECT_EQ(*ParseDuration("--t", "3"), 3000u);
  EXPECT_EQ(*ParseDuration("--t", "3s"), 3000u);
  EXPECT_EQ(*ParseDuration("--t", "2m"), 120'000u);
  EXPECT_EQ(*ParseDuration("--t", "1h"), 3'600'000u);
}

TEST(Quantities, WhatIsNone) {
  for (const char* text : {"", "m", "-1", "1.5g", "64 m", "64x", "99999999999999999999",
                           "18014398509481984g", "31m", "0"}) {
    EXPECT_FALSE(ParseSize("--m", text).ok()) << text;
  }
  for (const char* text :
       {"", "s", "-1s", "1.5s", "1 s", "1d", "0", "0ms", "99999999999999999999"}) {
    EXPECT_FALSE(ParseDuration("--t", text).ok()) << text;
  }
}

TEST(Quantities, ErrorsNameTheFlag) {
  EXPECT_EQ(ParseSize("--max-memory", "x").error().message,
            "--max-memory=x: expected a size such as 512m or 2g");
}

}  // namespace
}  // namespace rt::cli
