// Codecs: round trips through small windows of output, and data that is none.
#include "src/ext/compression/codec.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace rt {
namespace {

// All output for `in`, through rooms of `room` bytes and inputs of `piece`; nothing: refused, or
// not complete.
std::optional<std::string> RunAll(Codec& codec, std::string_view in, size_t piece, size_t room,
                                  size_t limit = 1 << 24) {
  std::string out;
  std::string window(room, '\0');
  for (size_t at = 0;;) {
    const std::string_view part = in.substr(at, piece);
    const bool last = at + part.size() == in.size();
    auto progress = codec.Run({reinterpret_cast<const uint8_t*>(part.data()), part.size()},
                              {reinterpret_cast<uint8_t*>(window.data()), room}, last);
    if (!progress.ok()) return std::nullopt;
    EXPECT_LE(progress->produced, room);
    EXPECT_LE(progress->consumed, part.size());
    at += progress->consumed;
    out.append(window, 0, progress->produced);
    if (out.size() > limit) return std::nullopt;
    if (progress->ended) return out;
    if (progress->produced == 0 && progress->consumed == 0) return std::nullopt;
  }
}

class EachFormat : public testing::TestWithParam<CompressionFormat> {};

TEST_P(EachFormat, RoundTrips) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i * 7919 % 1000);
  for (const std::string_view data :
       {std::string_view(), std::string_view("x"), std::string_view(text)}) {
    const auto packed = RunAll(*Codec::MakeCompressor(GetParam()), data, 1000, 77);
    ASSERT_TRUE(packed);
    const auto back = RunAll(*Codec::MakeDecompressor(GetParam()), *packed, 13, 500);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, data);
  }
}

TEST_P(EachFormat, SurvivesChangedData) {
  std::string data(5000, 'a');
  data.append("bcd");
  const auto packed = RunAll(*Codec::MakeCompressor(GetParam()), data, 5003, 900);
  ASSERT_TRUE(packed);
  std::mt19937 random(3);
  for (int round = 0; round < 2000; ++round) {
    std::string changed = *packed;
    for (uint32_t i = random() % 4 + 1; i > 0; --i) {
      changed[random() % changed.size()] = static_cast<char>(random());
    }
    (void)RunAll(*Codec::MakeDecompressor(GetParam()), changed, 64, 4096);
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, EachFormat,
                         testing::Values(CompressionFormat::kDeflate,
                                         CompressionFormat::kDeflateRaw, CompressionFormat::kGzip,
                                         CompressionFormat::kBrotli, CompressionFormat::kZstd));

}  // namespace
}  // namespace rt
