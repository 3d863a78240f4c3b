// Frames under syntax errors, text that is not UTF-8, and media types.
#include <gtest/gtest.h>

#include "src/typescript/code_frame.h"
#include "src/typescript/media_type.h"
#include "src/typescript/utf8.h"

namespace rt::typescript {
namespace {

TEST(CodeFrame, MarksTheRange) {
  EXPECT_EQ(CodeFrame("a\n\tb ccc d\n", "u", {2, 4, 2, 7}), " at u:2:4\n\n  \tb ccc d\n  \t  ~~~");
  EXPECT_EQ(CodeFrame("aä€b", "u", {1, 4, 1, 5}), " at u:1:4\n\n  aä€b\n     ~");
  EXPECT_EQ(CodeFrame("abc\nd", "u", {1, 2, 2, 1}), " at u:1:2\n\n  abc\n   ~~");
  EXPECT_EQ(CodeFrame("", "u", {1, 1, 1, 1}), " at u:1:1\n\n  \n  ~");
}

TEST(CodeFrame, CutsLongLines) {
  const std::string line = std::string(100'000, 'a') + "!" + std::string(100'000, 'b');
  const std::string frame = CodeFrame(line, "u", {1, 100'001, 1, 100'002});
  EXPECT_LT(frame.size(), 400u);
  EXPECT_NE(frame.find("aaa!bbb"), std::string::npos);
}

TEST(CodeFrame, PlacesThatAreNotThere) {
  EXPECT_EQ(CodeFrame("abc", "u", {}), " at u");
  EXPECT_EQ(CodeFrame("abc", "u", {9, 1, 9, 2}), " at u:9:1");
}

TEST(CodeFrame, LinesEndWhereTheLanguageSaysSo) {
  const std::string text = "a\rb\r\nc\u2028d\u2029e\u20acf\ng";
  EXPECT_EQ(CodeFrame(text, "u", {2, 1, 2, 2}), " at u:2:1\n\n  b\n  ~");
  EXPECT_EQ(CodeFrame(text, "u", {3, 1, 3, 2}), " at u:3:1\n\n  c\n  ~");
  EXPECT_EQ(CodeFrame(text, "u", {5, 3, 5, 4}), " at u:5:3\n\n  e\u20acf\n    ~");
  EXPECT_EQ(CodeFrame(text, "u", {6, 1, 6, 2}), " at u:6:1\n\n  g\n  ~");
}

TEST(CodeFrame, TheMarkStandsBelowWideCharacters) {
  EXPECT_EQ(CodeFrame("\u65e5\u672c\U0001f600 x", "u", {1, 5, 1, 6}),
            " at u:1:5\n\n  \u65e5\u672c\U0001f600 x\n         ~");
  EXPECT_EQ(CodeFrame("e\u0301 \u65e5", "u", {1, 4, 1, 5}),
            " at u:1:4\n\n  e\u0301 \u65e5\n    ~~");
}

TEST(CodeFrame, WhatATerminalWouldActOnIsEscaped) {
  using namespace std::string_view_literals;
  EXPECT_EQ(CodeFrame("a\0\x1b[31m\tb"sv, "u", {1, 9, 1, 10}),
            " at u:1:9\n\n  a\\x00\\x1b[31m\tb\n               \t~");
  EXPECT_EQ(CodeFrame("\u202ea\u009b", "u", {1, 2, 1, 4}),
            " at u:1:2\n\n  \\u202ea\\x9b\n        ~~~~~");
}

TEST(CodeFrame, PlacesAsTheParserCountsThem) {
  const auto place = [](std::string_view text, int line, int column) {
    const FrameRange range = FromDisplayed(text, {line, column, line, column + 1});
    return std::to_string(range.line) + ":" + std::to_string(range.column);
  };
  EXPECT_EQ(place("let b c;", 1, 7), "1:7");
  EXPECT_EQ(place("\tlet b c;", 1, 11), "1:8");
  EXPECT_EQ(place("/*\u65e5*/let b c;", 1, 13), "1:12");
  EXPECT_EQ(place("/*\U0001f600*/let b c;", 1, 14), "1:12");
  EXPECT_EQ(place("/*e\u0301*/let b c;", 1, 12), "1:13");
  EXPECT_EQ(place("a;\u2028let b c;", 1, 10), "2:7");
  EXPECT_EQ(place("a;\u2028b;\nlet b c;", 2, 7), "3:7");
  EXPECT_EQ(place("a;\rlet b c;", 2, 7), "2:7");
  EXPECT_EQ(place("a", 0, 1), "0:1");
  EXPECT_EQ(place("a", 9, 4), "9:4");
  EXPECT_EQ(place("a", 1, 9), "1:2");
}

TEST(CodeFrame, ACaretBelowAUnit) {
  EXPECT_EQ(LineAndCaret("\ta\U0001f600b", 4), "\ta\U0001f600b\n\t   ^\n");
  EXPECT_EQ(LineAndCaret("ab", 9), "ab\n  ^\n");
}

TEST(Utf8, FindsAndReplaces) {
  EXPECT_TRUE(IsUtf8("plain text, longer than eight bytes"));
  EXPECT_TRUE(IsUtf8("ä€😀"));
  for (const char* text :
       {"\x80", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "a\xFFz"}) {
    EXPECT_FALSE(IsUtf8(text));
    EXPECT_TRUE(IsUtf8(ReplaceInvalidUtf8(text)));
  }
  EXPECT_EQ(ReplaceInvalidUtf8("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(ReplaceInvalidUtf8("\xE2\x82"), "\uFFFD");
  EXPECT_EQ(ReplaceInvalidUtf8("\xE2\x82\x41"), "\uFFFDA");
}

TEST(MediaType, ByExtension) {
  EXPECT_EQ(MediaTypeOf("/a/b.ts"), MediaType::kTypeScript);
  EXPECT_EQ(MediaTypeOf("b.MTS"), MediaType::kMts);
  EXPECT_EQ(MediaTypeOf("b.cts"), MediaType::kCts);
  EXPECT_EQ(MediaTypeOf("b.tsx"), MediaType::kTsx);
  EXPECT_EQ(MediaTypeOf("b.jsx"), MediaType::kJsx);
  EXPECT_EQ(MediaTypeOf("b.js"), MediaType::kJavaScript);
  EXPECT_EQ(MediaTypeOf("ts"), MediaType::kJavaScript);
  EXPECT_EQ(MediaTypeOf(""), MediaType::kJavaScript);
}

}  // namespace
}  // namespace rt::typescript
