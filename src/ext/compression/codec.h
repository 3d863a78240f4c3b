// Codec: one direction of one compression format, fed and emptied in pieces. Output is made only as
// far as there is room for it, so that a small input which unpacks to a large output (a bomb) waits
// instead of filling memory. A codec may be used on any thread, by one at a time; it runs no
// JavaScript.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "src/base/result.h"

namespace rt {

// The numbers are those js/ext/compression/compression.js uses.
enum class CompressionFormat : uint8_t { kDeflate, kDeflateRaw, kGzip, kBrotli, kZstd };
inline constexpr uint32_t kCompressionFormatCount = 5;

class Codec {
 public:
  struct Progress {
    size_t consumed = 0;  // bytes of the input
    size_t produced = 0;  // bytes written to `out`
    bool ended = false;   // the compressed data is complete: nothing may follow
  };

  // Null: no memory.
  static std::unique_ptr<Codec> MakeCompressor(CompressionFormat format);
  static std::unique_ptr<Codec> MakeDecompressor(CompressionFormat format);

  virtual ~Codec() = default;

  // Goes on until the input is used up and all output is made, or `out` is full: with produced ==
  // out.size() there may be more. `finish`: the input ends here. TypeError for malformed compressed
  // data.
  virtual Result<Progress> Run(std::span<const uint8_t> in, std::span<uint8_t> out,
                               bool finish) = 0;
};

}  // namespace rt
