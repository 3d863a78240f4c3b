// Keys, tokens and extension lists of the opening handshake; masking.
#include "src/websocket/handshake.h"

#include <gtest/gtest.h>

#include <chrono>

#include "src/websocket/frame.h"

namespace rt::ws {
namespace {

TEST(Handshake, AcceptKey) {
  // RFC 6455 section 1.3.
  EXPECT_EQ(AcceptKey("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(Handshake, Keys) {
  EXPECT_TRUE(IsKey(MakeKey()));
  EXPECT_NE(MakeKey(), MakeKey());
  EXPECT_TRUE(IsKey("dGhlIHNhbXBsZSBub25jZQ=="));
  EXPECT_FALSE(IsKey(""));
  EXPECT_FALSE(IsKey("dGhlIHNhbXBsZSBub25jZQ"));
  EXPECT_FALSE(IsKey("dGhlIHNhbXBsZSBub25j!Q=="));
}

TEST(Handshake, Tokens) {
  EXPECT_TRUE(HasToken("websocket", "websocket"));
  EXPECT_TRUE(HasToken("keep-alive, Upgrade", "upgrade"));
  EXPECT_TRUE(HasToken(" ,, upgrade ,x", "upgrade"));
  EXPECT_FALSE(HasToken("upgrade x", "upgrade"));
  EXPECT_FALSE(HasToken("upgraded", "upgrade"));
  EXPECT_FALSE(HasToken("\xff(upgrade)", "upgrade"));
  EXPECT_FALSE(HasToken("", "upgrade"));
  EXPECT_TRUE(IsToken("chat.v1"));
  EXPECT_FALSE(IsToken("a b"));
  EXPECT_FALSE(IsToken(""));
}

TEST(Handshake, Extensions) {
  const auto parsed = ParseExtensions("a; b; c=1 ; d=\"2\\3\", ,e");
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->size(), 2u);
  EXPECT_EQ((*parsed)[0].params.size(), 3u);
  EXPECT_FALSE((*parsed)[0].params[0].value);
  EXPECT_EQ((*parsed)[0].params[2].value, "23");
  EXPECT_EQ((*parsed)[1].name, "e");
  for (const char* bad : {";", "a;", "a b", "a; b=", "a; b=\"x", "a; b=\"\"", "a; b=\" \"", "=a"}) {
    EXPECT_FALSE(ParseExtensions(bad)) << bad;
  }
}

// CVE-2023-26103: a long field must take time in proportion to its length.
TEST(Handshake, LongFieldsAreLinear) {
  const std::string spaces = "a" + std::string(1'000'000, ' ') + "b";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(HasToken(spaces, "b"));
  EXPECT_FALSE(ParseExtensions(spaces));
  EXPECT_FALSE(HasToken(std::string(1'000'000, ','), "b"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

TEST(Masking, TwiceIsNothingAtAnyOffsetAndLength) {
  const uint8_t mask[4] = {0xa1, 0xb2, 0xc3, 0xd4};
  for (size_t size = 0; size < 80; ++size) {
    std::string plain;
    for (size_t i = 0; i < size; ++i) plain.push_back(static_cast<char>(i * 7));
    std::string masked = plain;
    ApplyMask(reinterpret_cast<uint8_t*>(masked.data()), size, mask);
    for (size_t i = 0; i < size; ++i) {
      ASSERT_EQ(static_cast<uint8_t>(masked[i]), static_cast<uint8_t>(plain[i]) ^ mask[i % 4]);
    }
    // In two pieces.
    for (size_t cut = 0; cut <= size; ++cut) {
      std::string again = masked;
      auto* data = reinterpret_cast<uint8_t*>(again.data());
      ApplyMask(data, cut, mask);
      ApplyMask(data + cut, size - cut, mask, cut);
      ASSERT_EQ(again, plain);
    }
  }
}

}  // namespace
}  // namespace rt::ws
