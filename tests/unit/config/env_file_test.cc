#include "src/config/env_file.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

Result<Variables> Parse(std::string_view text) {
  return ParseEnvFile(text, [](const std::string& name) -> std::optional<std::string> {
    return name == "OUTSIDE" ? std::optional<std::string>("out") : std::nullopt;
  });
}

std::string ValueOf(std::string_view text) {
  auto parsed = Parse(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() && !parsed->empty() ? parsed->back().second : "<none>";
}

TEST(EnvFile, Values) {
  EXPECT_EQ(ValueOf("A=b"), "b");
  EXPECT_EQ(ValueOf("  export A = b c \t# comment\n"), "b c");
  EXPECT_EQ(ValueOf("A=b#c"), "b#c");
  EXPECT_EQ(ValueOf("A="), "");
  EXPECT_EQ(ValueOf("A=# nothing"), "");
  EXPECT_EQ(ValueOf("A='b $X \\n #c' # d"), "b $X \\n #c");
  EXPECT_EQ(ValueOf("A=`b'\"c`"), "b'\"c");
  EXPECT_EQ(ValueOf("A=\"b\\n\\\"c\\\" \\$X \\q\""), "b\n\"c\" $X \\q");
  EXPECT_EQ(ValueOf("A=\"two\nlines\"\r\n"), "two\nlines");
  EXPECT_EQ(ValueOf("\xEF\xBB\xBF# first\r\nA=b\r\n"), "b");
  EXPECT_EQ(ValueOf("a.b-c=1"), "1");
}

TEST(EnvFile, Variables) {
  EXPECT_EQ(ValueOf("A=1\nB=${A}2$A"), "121");
  EXPECT_EQ(ValueOf("B=\"$OUTSIDE/${NONE}/${NONE:-x y}\""), "out//x y");
  EXPECT_EQ(ValueOf("B='$OUTSIDE'"), "$OUTSIDE");
  EXPECT_EQ(ValueOf("B=a\\$OUTSIDE$"), "a$OUTSIDE$");
  EXPECT_EQ(ValueOf("B=${unclosed\nC=$1 ${ }"), "$1 ${ }");
}

TEST(EnvFile, MistakesNameTheLine) {
  for (const auto& [text, message] : std::initializer_list<std::pair<const char*, const char*>>{
           {"A=1\n\n=b", "line 3: expected the name of a variable"},
           {"A b", "line 1: expected \"=\" after \"A\""},
           {"1A=b", "line 1: expected the name of a variable"},
           {"A=1\nB=\"x\ny", "line 2: the quoted value has no end"},
           {"A='b' c", "line 1: unexpected text after the quoted value"}}) {
    auto parsed = Parse(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().message, message);
  }
  EXPECT_FALSE(Parse(std::string_view("A=\0", 3)).ok());
}

}  // namespace
}  // namespace rt
