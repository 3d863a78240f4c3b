// ParseJson: values, both syntaxes, positions of errors, and what must be refused.
#include "src/config/json.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

std::string ErrorOf(std::string_view text, JsonSyntax syntax = JsonSyntax::kStrict) {
  auto parsed = ParseJson(text, syntax);
  return parsed.ok() ? "" : parsed.error().message;
}

TEST(ParseJson, GivesEveryKind) {
  auto parsed =
      ParseJson(R"({"n": null, "b": true, "i": -3, "d": 1.5e3, "s": "a\u00e9\n", "a": [1, "x"]})");
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(parsed->Find("n")->IsNull());
  EXPECT_TRUE(*parsed->Find("b")->AsBool());
  EXPECT_EQ(*parsed->Find("i")->AsNumber(), -3);
  EXPECT_EQ(*parsed->Find("d")->AsNumber(), 1500);
  EXPECT_EQ(*parsed->FindString("s"), "a\xC3\xA9\n");
  ASSERT_EQ(parsed->Find("a")->AsArray()->size(), 2u);
  EXPECT_EQ(*(*parsed->Find("a")->AsArray())[1].AsString(), "x");
  EXPECT_EQ(parsed->Find("absent"), nullptr);
  EXPECT_EQ(parsed->FindString("i"), nullptr);
  EXPECT_EQ(parsed->Find("a")->KindName(), "array");
}

TEST(ParseJson, TheLastOfTwoMembersCounts) {
  EXPECT_EQ(*ParseJson(R"({"a": "1", "a": "2"})")->FindString("a"), "2");
}

TEST(ParseJson, CommentsAndTrailingCommasOnlyWhereAskedFor) {
  const char* text = "// head\n{ \"a\": [1, 2,], /* b */ }\n// end";
  EXPECT_NE(ErrorOf(text), "");
  auto parsed = ParseJson(text, JsonSyntax::kWithComments);
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_EQ(parsed->Find("a")->AsArray()->size(), 2u);
}

TEST(ParseJson, ErrorsNameLineAndColumn) {
  EXPECT_TRUE(ErrorOf("{\n  \"a\": x\n}").starts_with("2:8: ")) << ErrorOf("{\n  \"a\": x\n}");
  EXPECT_TRUE(ErrorOf("").starts_with("1:1: "));
  EXPECT_TRUE(ErrorOf("{} {}").starts_with("1:4: "));
}

TEST(ParseJson, RefusesBadText) {
  EXPECT_NE(ErrorOf("\"\xFF\""), "");
  EXPECT_NE(ErrorOf(std::string_view("{}\0 x", 5)), "");
  EXPECT_NE(ErrorOf("[1,]"), "");
  EXPECT_NE(ErrorOf("{\"a\" 1}"), "");
  EXPECT_NE(ErrorOf("NaN"), "");
}

TEST(ParseJson, SkipsAByteOrderMark) {
  EXPECT_TRUE(ParseJson("\xEF\xBB\xBF{}").ok());
}

TEST(ParseJson, DepthIsLimited) {
  EXPECT_EQ(ErrorOf(std::string(200, '[') + std::string(200, ']')), "");
  EXPECT_NE(ErrorOf(std::string(100'000, '[')).find("too deeply"), std::string::npos);
}

TEST(QuoteJson, EscapesWhatMustBe) {
  EXPECT_EQ(QuoteJson("a\"\\\n\x01\xC3\xA9"), "\"a\\\"\\\\\\n\\u0001\xC3\xA9\"");
}

}  // namespace
}  // namespace rt
