// The codecs behind codec.h, one family a file. Include only in this folder.
#pragma once

#include "src/ext/compression/codec.h"

namespace rt {

std::unique_ptr<Codec> MakeDeflater(CompressionFormat format);
std::unique_ptr<Codec> MakeInflater(CompressionFormat format);
std::unique_ptr<Codec> MakeBrotliEncoder();
std::unique_ptr<Codec> MakeBrotliDecoder();
std::unique_ptr<Codec> MakeZstdEncoder();
std::unique_ptr<Codec> MakeZstdDecoder();

// The error for malformed data; `detail` may be null.
Error Corrupt(const char* detail);

// Null if the library had no memory for it.
template <class T, class... Args>
std::unique_ptr<Codec> MakeCodec(Args... args) {
  auto codec = std::make_unique<T>(args...);
  if (!codec->ok()) return nullptr;
  return codec;
}

}  // namespace rt
