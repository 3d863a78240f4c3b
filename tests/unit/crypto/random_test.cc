// Random bytes: sizes around the buffer's, no repetition, and the repeatable sequence of a seed.
#include "src/ext/crypto/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace rt {
namespace {

std::vector<uint8_t> Take(RandomSource& source, size_t size) {
  std::vector<uint8_t> bytes(size);
  EXPECT_TRUE(source.Fill(bytes).ok());
  return bytes;
}

TEST(RandomSourceTest, FillsEverySize) {
  RandomSource source(0);
  for (size_t size : {0, 1, 16, 255, 256, 257, 1023, 1024, 1025, 65536}) {
    const std::vector<uint8_t> bytes = Take(source, size);
    const auto is_set = [](uint8_t byte) { return byte != 0; };
    if (size >= 255) {
      EXPECT_TRUE(std::any_of(bytes.begin(), bytes.end(), is_set));
    }
  }
}

TEST(RandomSourceTest, NeverHandsOutBytesTwice) {
  RandomSource source(0);
  std::set<std::vector<uint8_t>> seen;
  for (int i = 0; i < 2000; ++i) EXPECT_TRUE(seen.insert(Take(source, 16)).second);
}

TEST(RandomSourceTest, ASeedRepeats) {
  RandomSource first(42);
  RandomSource second(42);
  RandomSource other(43);
  const std::vector<uint8_t> bytes = Take(first, 100);
  EXPECT_EQ(bytes, Take(second, 100));
  EXPECT_NE(bytes, Take(other, 100));
  EXPECT_NE(bytes, Take(first, 100));
}

}  // namespace
}  // namespace rt
