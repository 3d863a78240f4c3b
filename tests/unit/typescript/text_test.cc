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
