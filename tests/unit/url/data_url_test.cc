// data: URLs: media types, base64, percent-encoding, what is none.
#include "src/ext/url/data_url.h"

#include <gtest/gtest.h>

namespace rt::url {
namespace {

std::string Show(std::string_view url) {
  const auto parsed = ParseDataUrl(url);
  return parsed ? parsed->mime_type + "|" + parsed->body : "none";
}

TEST(ParseDataUrl, PlainAndEncoded) {
  EXPECT_EQ(Show("data:,a%20b"), "text/plain;charset=US-ASCII|a b");
  EXPECT_EQ(Show("data:text/javascript,export%20default%201"), "text/javascript|export default 1");
  EXPECT_EQ(Show("data:;charset=utf-8,x"), "text/plain;charset=utf-8|x");
  EXPECT_EQ(Show("data: text/html ,x,y"), "text/html|x,y");
  EXPECT_EQ(Show("data:text/html,x#frag"), "text/html|x");
  EXPECT_EQ(Show("data:nonsense,x"), "text/plain;charset=US-ASCII|x");
}

TEST(ParseDataUrl, Base64) {
  EXPECT_EQ(Show("data:text/plain;base64,aGk="), "text/plain|hi");
  EXPECT_EQ(Show("data:text/plain; BASE64,aG%6b"), "text/plain|hi");
  EXPECT_EQ(Show("data:text/plain;base64,a GVs bG8"), "text/plain|hello");
  EXPECT_EQ(Show("data:text/plain;base64,a"), "none");
  EXPECT_EQ(Show("data:text/plain;base64,a*=="), "none");
}

TEST(ParseDataUrl, None) {
  EXPECT_EQ(Show("data:text/plain"), "none");
  EXPECT_EQ(Show("https://a.test/,x"), "none");
}

TEST(DecodeForgivingBase64, PaddingAndErrors) {
  EXPECT_EQ(DecodeForgivingBase64(""), "");
  EXPECT_EQ(DecodeForgivingBase64("YQ=="), "a");
  EXPECT_EQ(DecodeForgivingBase64("YQ"), "a");
  EXPECT_FALSE(DecodeForgivingBase64("YQ="));
  EXPECT_FALSE(DecodeForgivingBase64("Y==="));
}

}  // namespace
}  // namespace rt::url
