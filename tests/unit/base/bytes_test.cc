// Bytes: what keeps the memory alive, and slices that never leave it.
#include "src/base/bytes.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace rt {
namespace {

TEST(Bytes, AllocatesZeroedMemory) {
  const Bytes bytes = Bytes::Allocate(1000);
  EXPECT_EQ(bytes.size(), 1000u);
  EXPECT_TRUE(std::all_of(bytes.data(), bytes.data() + 1000, [](uint8_t b) { return b == 0; }));
}

TEST(Bytes, CopiesText) {
  const char text[] = {'a', '\0', 'b'};
  const Bytes bytes = Bytes::Copy(std::string_view(text, 3));
  EXPECT_EQ(bytes.view(), std::string_view(text, 3));
  EXPECT_NE(static_cast<const void*>(bytes.data()), text);
  EXPECT_TRUE(Bytes::Copy("").empty());
}

TEST(Bytes, EmptyHasNoMemory) {
  const Bytes bytes;
  EXPECT_TRUE(bytes.empty());
  EXPECT_EQ(bytes.span().size(), 0u);
  EXPECT_TRUE(bytes.Slice(5).empty());
}

TEST(Bytes, SlicesShareTheMemoryAndKeepItAlive) {
  Bytes slice;
  {
    const Bytes whole = Bytes::Copy("hello world");
    slice = whole.Slice(6, 3);
    whole.data()[6] = 'W';
  }
  EXPECT_EQ(slice.view(), "Wor");
  EXPECT_EQ(slice.owner().use_count(), 1);
}

TEST(Bytes, SlicesAreCutToTheMemory) {
  const Bytes bytes = Bytes::Copy("abc");
  EXPECT_EQ(bytes.Slice(1).view(), "bc");
  EXPECT_EQ(bytes.Slice(1, 100).view(), "bc");
  EXPECT_EQ(bytes.Slice(1, SIZE_MAX).view(), "bc");
  EXPECT_EQ(bytes.Slice(3).size(), 0u);
  EXPECT_EQ(bytes.Slice(4, 1).size(), 0u);
  EXPECT_EQ(bytes.Slice(SIZE_MAX, SIZE_MAX).size(), 0u);
  EXPECT_EQ(bytes.Slice(0, 0).size(), 0u);
}

}  // namespace
}  // namespace rt
