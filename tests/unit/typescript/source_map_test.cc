// Reading source maps (ECMA-426), good and bad.
#include "src/typescript/source_map.h"

#include <gtest/gtest.h>

namespace rt::typescript {
namespace {

TEST(SourceMap, FindsTheMappingBefore) {
  // Line 1: 0 -> 3:0, 4 -> 3:7; line 2: none; line 3: 2 -> 1:1.
  auto map = SourceMap::Parse(R"({"version":3,"mappings":"AAEA,IAAO;;EAFN"})");
  ASSERT_TRUE(map.ok());
  auto at = [&](int line, int column) {
    const auto place = map->Original({line, column});
    return place ? std::to_string(place->line) + ":" + std::to_string(place->column) : "none";
  };
  EXPECT_EQ(at(1, 1), "3:1");
  EXPECT_EQ(at(1, 4), "3:1");
  EXPECT_EQ(at(1, 5), "3:8");
  EXPECT_EQ(at(1, 99), "3:8");
  EXPECT_EQ(at(2, 1), "none");
  EXPECT_EQ(at(3, 3), "1:2");
  EXPECT_EQ(at(4, 1), "none");
  EXPECT_EQ(at(0, 1), "none");
}

TEST(SourceMap, RefusesWhatIsNone) {
  for (const char* text :
       {"", "{}", "[]", "{\"mappings\":1}", "{\"mappings\":\"*\"}", "{\"mappings\":\"g\"}",
        "{\"mappings\":\"ggggggggggggA\"}", "{\"mappings\":\"AAAAAA\"}"}) {
    EXPECT_FALSE(SourceMap::Parse(text).ok()) << text;
  }
}

TEST(SourceMap, SkipsPlacesOutsideTheSource) {
  auto map = SourceMap::Parse(R"({"mappings":"AADA"})");  // line -1
  ASSERT_TRUE(map.ok());
  EXPECT_FALSE(map->Original({1, 1}).has_value());
}

}  // namespace
}  // namespace rt::typescript
