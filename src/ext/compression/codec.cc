// Which codec is whose; see codec.h. Holds no state.
#include "src/ext/compression/codec.h"

#include "src/ext/compression/codecs.h"

namespace rt {

Error Corrupt(const char* detail) {
  std::string message = "The compressed data is not valid";
  if (detail && *detail) message.append(": ").append(detail);
  return Error::Type(std::move(message));
}

std::unique_ptr<Codec> Codec::MakeCompressor(CompressionFormat format) {
  switch (format) {
    case CompressionFormat::kBrotli:
      return MakeBrotliEncoder();
    case CompressionFormat::kZstd:
      return MakeZstdEncoder();
    default:
      return MakeDeflater(format);
  }
}

std::unique_ptr<Codec> Codec::MakeDecompressor(CompressionFormat format) {
  switch (format) {
    case CompressionFormat::kBrotli:
      return MakeBrotliDecoder();
    case CompressionFormat::kZstd:
      return MakeZstdDecoder();
    default:
      return MakeInflater(format);
  }
}

}  // namespace rt
