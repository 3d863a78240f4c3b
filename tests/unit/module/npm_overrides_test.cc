// The rules of "overrides": which one holds for whom.
#include "src/module/npm/overrides.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

NpmOverrides Parse(const std::string& rules) {
  auto json = ParseJson("{\"dependencies\":{\"own\":\"^3\"},\"overrides\":" + rules + "}");
  EXPECT_TRUE(json.ok());
  auto overrides = NpmOverrides::Parse(*json);
  EXPECT_TRUE(overrides.ok()) << overrides.error().message;
  return overrides.ok() ? *overrides : NpmOverrides();
}

std::string Apply(const NpmOverrides& overrides, const std::string& name, const std::string& range,
                  std::vector<NpmOverrides::Ancestor> path = {}) {
  const NpmRequest request = overrides.Apply({name, range}, path);
  return request.name + "@" + request.range;
}

TEST(NpmOverrides, WithoutARuleNothingChanges) {
  EXPECT_TRUE(Parse("{}").empty());
  EXPECT_EQ(Apply(Parse("{\"a\":\"1\"}"), "b", "^2"), "b@^2");
}

TEST(NpmOverrides, ARangeInTheKeyIsWhoAsks) {
  const auto overrides = Parse("{\"a@^1\":\"1.5.0\"}");
  EXPECT_EQ(Apply(overrides, "a", "^1.2.0"), "a@1.5.0");
  EXPECT_EQ(Apply(overrides, "a", "1.2.3"), "a@1.5.0");
  EXPECT_EQ(Apply(overrides, "a", "~1"), "a@1.5.0");
  EXPECT_EQ(Apply(overrides, "a", "^2"), "a@^2");
  EXPECT_EQ(Apply(overrides, "a", "latest"), "a@latest");
}

TEST(NpmOverrides, TheNearestAncestorsRuleWins) {
  const auto overrides = Parse("{\"x\":\"1\",\"a\":{\"x\":\"2\",\"b\":{\"x\":\"3\"}}}");
  EXPECT_EQ(Apply(overrides, "x", "*", {{"c", "1.0.0"}}), "x@1");
  EXPECT_EQ(Apply(overrides, "x", "*", {{"a", "1.0.0"}}), "x@2");
  EXPECT_EQ(Apply(overrides, "x", "*", {{"c", "1.0.0"}, {"a", "1.0.0"}}), "x@2");
  EXPECT_EQ(Apply(overrides, "x", "*", {{"b", "1.0.0"}, {"a", "1.0.0"}}), "x@3");
  EXPECT_EQ(Apply(overrides, "x", "*", {{"b", "1.0.0"}}), "x@1");
}

TEST(NpmOverrides, AnObjectMayNameAVersionToo) {
  const auto overrides = Parse("{\"a@1\":{\".\":\"1.9.0\",\"x\":\"2\"}}");
  EXPECT_EQ(Apply(overrides, "a", "^1.0.0"), "a@1.9.0");
  EXPECT_EQ(Apply(overrides, "x", "*", {{"a", "1.9.0"}}), "x@2");
  EXPECT_EQ(Apply(overrides, "x", "*", {{"a", "2.0.0"}}), "x@*");
}

TEST(NpmOverrides, OtherPackagesAndTheProjectsOwnChoice) {
  EXPECT_EQ(Apply(Parse("{\"a\":\"npm:other@2\"}"), "a", "^1"), "other@2");
  EXPECT_EQ(Apply(Parse("{\"a\":\"$own\"}"), "a", "^1"), "a@^3");
}

TEST(NpmOverrides, WhatMakesNoSenseIsAnError) {
  std::string deep = "\"1\"";
  for (int i = 0; i < 20; ++i) deep = "{\"a\":" + deep + "}";
  for (const std::string& rules :
       {std::string("[]"), std::string("{\"a\":1}"), std::string("{\"../a\":\"1\"}"),
        std::string("{\"a\":\"$absent\"}"), std::string("{\"a\":\"file:../a\"}"), deep}) {
    auto json = ParseJson("{\"overrides\":" + rules + "}");
    ASSERT_TRUE(json.ok());
    EXPECT_FALSE(NpmOverrides::Parse(*json).ok()) << rules;
  }
}

}  // namespace
}  // namespace rt
