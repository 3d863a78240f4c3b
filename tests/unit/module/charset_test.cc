// The charset of a module's response.
#include "src/module/remote/charset.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

using namespace std::string_view_literals;

std::string Decoded(std::string_view bytes, std::string_view content_type) {
  auto text = DecodeBody(bytes, content_type);
  return text.ok() ? *text : "! " + text.error().message;
}

TEST(Charset, Utf8IsAsItIs) {
  for (const char* type : {"", "text/javascript", "text/javascript; charset=utf-8",
                           "text/javascript;charset=\"UTF8\"", "a/b; x=y; CharSet = utf-8 ; z"}) {
    EXPECT_EQ(Decoded("\xc3\xa4", type), "\xc3\xa4") << type;
  }
}

TEST(Charset, Latin1IsWindows1252) {
  for (const char* type :
       {"text/javascript; charset=iso-8859-1", "a/b; charset=latin1", "a/b;charset=US-ASCII"}) {
    EXPECT_EQ(Decoded("a\xe4\x80\x81", type), "a\xc3\xa4\xe2\x82\xac\xc2\x81") << type;
  }
}

TEST(Charset, Utf16) {
  EXPECT_EQ(Decoded("a\0\xac\x20\x3d\xd8\x00\xde"sv, "a/b; charset=utf-16le"),
            "a\xe2\x82\xac\xf0\x9f\x98\x80");
  EXPECT_EQ(Decoded("\xff\xfe\x61\0"sv, "a/b; charset=utf-16"), "a");
  EXPECT_EQ(Decoded("\xff\xfe\x61\0"sv, "a/b"), "a");
  EXPECT_EQ(Decoded("\xfe\xff\0\x61"sv, "a/b"), "a");
  EXPECT_EQ(Decoded("\0\x61"sv, "a/b; charset=utf-16be"), "a");
  // Surrogates without their other half, and half a unit.
  EXPECT_EQ(Decoded("\x3d\xd8\x61\0"sv, "a/b; charset=utf-16le"),
            "\xef\xbf\xbd"
            "a");
  EXPECT_EQ(Decoded("\x00\xde\x61"sv, "a/b; charset=utf-16le"), "\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(Charset, Legacy) {
  const std::string cyrillic = "\xd0\x9f\xd1\x80";  // П, р
  EXPECT_EQ(Decoded("\xcf\xf0", "a/b; charset=windows-1251"), cyrillic);
  EXPECT_EQ(Decoded("\xcf\xf0", "a/b; charset=\"CP1251\""), cyrillic);
  EXPECT_EQ(Decoded("\xf0\xd2", "a/b; charset=koi8-ru"), cyrillic);
  EXPECT_EQ(Decoded("\xbf\xe0", "a/b; charset=iso-8859-5"), cyrillic);
  EXPECT_EQ(Decoded("a\x93\xfa", "a/b; charset=sjis"), "a\xe6\x97\xa5");
  EXPECT_EQ(Decoded("\xc6\xfc", "a/b; charset=euc-jp"), "\xe6\x97\xa5");
  EXPECT_EQ(Decoded("\x1b$BF|\x1b(B", "a/b; charset=iso-2022-jp"), "\xe6\x97\xa5");
  EXPECT_EQ(Decoded("\xc8\xd5", "a/b; charset=gb2312"), "\xe6\x97\xa5");
  EXPECT_EQ(Decoded("\x94\x39\xfc\x36", "a/b; charset=gb18030"), "\xf0\x9f\x98\x80");
  EXPECT_EQ(Decoded("\xa4\xe9", "a/b; charset=big5"), "\xe6\x97\xa5");
  EXPECT_EQ(Decoded("\xc7\xd1", "a/b; charset=ks_c_5601-1987"), "\xed\x95\x9c");
  // What is malformed reads as U+FFFD, as in a text decoder that is not fatal.
  EXPECT_EQ(Decoded("\x93", "a/b; charset=shift_jis"), "\xef\xbf\xbd");
}

TEST(Charset, AnotherIsAnError) {
  for (const char* name : {"bogus", "utf-7", "replacement", "hz-gb-2312", "koi8-r koi8"}) {
    EXPECT_EQ(Decoded("a", std::string("text/javascript; charset=") + name),
              std::string("! Unsupported charset: ") + name);
  }
}

}  // namespace
}  // namespace rt
