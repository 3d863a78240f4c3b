// Percent-encode sets, encoding, decoding, and form encoding.
#include "src/ext/url/percent.h"

#include <gtest/gtest.h>

#include "src/ext/url/search_params.h"

namespace rt::url {
namespace {

std::string Encode(std::string_view text, const EncodeSet& set) {
  std::string out;
  AppendEncoded(out, text, set);
  return out;
}

std::string Members(const EncodeSet& set) {
  std::string members;
  for (char c = 0x20; c < 0x7f; ++c) {
    if (set.Contains(c)) members.push_back(c);
  }
  return members;
}

TEST(Percent, SetsHoldWhatTheStandardLists) {
  EXPECT_EQ(Members(kC0ControlSet), "");
  EXPECT_EQ(Members(kFragmentSet), " \"<>`");
  EXPECT_EQ(Members(kQuerySet), " \"#<>");
  EXPECT_EQ(Members(kSpecialQuerySet), " \"#'<>");
  EXPECT_EQ(Members(kPathSet), " \"#<>?^`{}");
  EXPECT_EQ(Members(kUserinfoSet), " \"#/:;<=>?@[\\]^`{|}");
  EXPECT_EQ(Members(kComponentSet), " \"#$%&+,/:;<=>?@[\\]^`{|}");
  EXPECT_EQ(Members(kFormSet), " !\"#$%&'()+,/:;<=>?@[\\]^`{|}~");
}

TEST(Percent, EverySetHoldsControlsAndNonAscii) {
  for (const EncodeSet* set : {&kC0ControlSet, &kFragmentSet, &kQuerySet, &kSpecialQuerySet,
                               &kPathSet, &kUserinfoSet, &kComponentSet, &kFormSet}) {
    for (const int byte : {0x00, 0x1f, 0x7f, 0x80, 0xff}) {
      EXPECT_TRUE(set->Contains(static_cast<char>(byte))) << byte;
    }
    EXPECT_FALSE(set->Contains('a'));
  }
}

TEST(Percent, EncodesBytesInUpperCase) {
  EXPECT_EQ(Encode("a\xc3\xa9z", kC0ControlSet), "a%C3%A9z");
  EXPECT_EQ(Encode(std::string_view("\0\x7f", 2), kC0ControlSet), "%00%7F");
  EXPECT_EQ(Encode("100%", kPathSet), "100%");
  EXPECT_EQ(Encode("", kPathSet), "");
}

TEST(Percent, DecodesOnlyCompleteSequences) {
  EXPECT_EQ(PercentDecode("%41%7a%7A"), "Azz");
  EXPECT_EQ(PercentDecode("%25%s%1G%"), "%%s%1G%");
  EXPECT_EQ(PercentDecode("%4"), "%4");
  EXPECT_EQ(PercentDecode("%%41"), "%A");
}

TEST(Form, ParsesPairs) {
  using List = std::vector<std::string>;
  EXPECT_EQ(ParseForm("a=1&b=2"), (List{"a", "1", "b", "2"}));
  EXPECT_EQ(ParseForm("&&a&=x&b=&c=d=e&"), (List{"a", "", "", "x", "b", "", "c", "d=e"}));
  EXPECT_EQ(ParseForm("a+b=%2B+%zz"), (List{"a b", "+ %zz"}));
  EXPECT_EQ(ParseForm("%C3%A9=%FF"), (List{"\xc3\xa9", "\xff"}));
  EXPECT_EQ(ParseForm(""), List{});
}

TEST(Form, Serializes) {
  EXPECT_EQ(SerializeForm({"a b", "~*-._", "\xc3\xa9", "&=+"}), "a+b=%7E*-._&%C3%A9=%26%3D%2B");
  EXPECT_EQ(SerializeForm({"", ""}), "=");
  EXPECT_EQ(SerializeForm({}), "");
}

TEST(Form, RoundTripsEveryByte) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  const std::vector<std::string> list{all, "", "", all};
  EXPECT_EQ(ParseForm(SerializeForm(list)), list);
}

}  // namespace
}  // namespace rt::url
