// Zstandard (RFC 8878), on its own library; see codec.h.
#include <zstd.h>

#include "src/ext/compression/codecs.h"

namespace rt {
namespace {

class Encoder final : public Codec {
 public:
  Encoder() : context_(ZSTD_createCCtx()) {}
  ~Encoder() override { ZSTD_freeCCtx(context_); }
  bool ok() const { return context_ != nullptr; }

  Result<Progress> Run(std::span<const uint8_t> in, std::span<uint8_t> out, bool finish) override {
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    while (!ended_ && output.pos < output.size) {
      const size_t left =
          ZSTD_compressStream2(context_, &output, &input, finish ? ZSTD_e_end : ZSTD_e_continue);
      if (ZSTD_isError(left)) return Error::Type("The data could not be compressed");
      ended_ = finish && left == 0;
      if (!finish && input.pos == input.size) break;
    }
    return Progress{input.pos, output.pos, ended_};
  }

 private:
  ZSTD_CCtx* context_;
  bool ended_ = false;
};

class Decoder final : public Codec {
 public:
  Decoder() : context_(ZSTD_createDCtx()) {}
  ~Decoder() override { ZSTD_freeDCtx(context_); }
  bool ok() const { return context_ != nullptr; }

  Result<Progress> Run(std::span<const uint8_t> in, std::span<uint8_t> out, bool) override {
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    while (!ended_ && output.pos < output.size) {
      const size_t before_in = input.pos;
      const size_t before_out = output.pos;
      const size_t hint = ZSTD_decompressStream(context_, &output, &input);
      if (ZSTD_isError(hint)) return Corrupt(ZSTD_getErrorName(hint));
      ended_ = hint == 0;
      if (input.pos == before_in && output.pos == before_out) break;
    }
    return Progress{input.pos, output.pos, ended_};
  }

 private:
  ZSTD_DCtx* context_;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Codec> MakeZstdEncoder() {
  return MakeCodec<Encoder>();
}
std::unique_ptr<Codec> MakeZstdDecoder() {
  return MakeCodec<Decoder>();
}

}  // namespace rt
