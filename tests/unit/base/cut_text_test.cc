// Messages that quote what is long.
#include "src/base/cut_text.h"

#include <gtest/gtest.h>

namespace rt {
namespace {

TEST(CutLongMessage, LeavesWhatAPersonReads) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{2048}}) {
    EXPECT_EQ(CutLongMessage(std::string(size, 'x')), std::string(size, 'x'));
  }
}

TEST(CutLongMessage, KeepsBothEndsAndSaysHowMuchIsGone) {
  const std::string message =
      "Could not find \"" + std::string(100'000, '1') + "\"\n    at a.js:1:8";
  const std::string cut = CutLongMessage(message);
  EXPECT_LT(cut.size(), 1700u);
  EXPECT_TRUE(cut.starts_with("Could not find \"111"));
  EXPECT_TRUE(cut.ends_with("111\"\n    at a.js:1:8"));
  EXPECT_NE(cut.find("1 [... 98497 bytes left out ...] 1"), std::string::npos) << cut;
}

TEST(CutLongMessage, CutsBetweenCharacters) {
  for (int shift = 0; shift < 4; ++shift) {
    std::string message(static_cast<size_t>(shift), 'x');
    while (message.size() < 5000) message += "\xF0\x9F\x98\x80";
    const std::string cut = CutLongMessage(message);
    const size_t gap = cut.find(" [... ");
    ASSERT_NE(gap, std::string::npos);
    EXPECT_EQ((gap - static_cast<size_t>(shift)) % 4, 0u);
    EXPECT_EQ(cut[cut.find("...] ") + 5], '\xF0');
  }
}

TEST(CutLongMessage, TakesBytesThatAreNoText) {
  EXPECT_LT(CutLongMessage(std::string(5000, '\x80')).size(), 1700u);
}

}  // namespace
}  // namespace rt
