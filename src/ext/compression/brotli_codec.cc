// Brotli (RFC 7932), on Google's library; see codec.h.
#include <brotli/decode.h>
#include <brotli/encode.h>

#include "src/ext/compression/codecs.h"

namespace rt {
namespace {

// Better than gzip's default at about its speed; the library's own default (11) is for files packed
// once.
constexpr uint32_t kQuality = 5;

class Encoder final : public Codec {
 public:
  Encoder() : state_(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr)) {
    if (state_) BrotliEncoderSetParameter(state_, BROTLI_PARAM_QUALITY, kQuality);
  }
  ~Encoder() override { BrotliEncoderDestroyInstance(state_); }
  bool ok() const { return state_ != nullptr; }

  Result<Progress> Run(std::span<const uint8_t> in, std::span<uint8_t> out, bool finish) override {
    size_t input = in.size();
    size_t room = out.size();
    const uint8_t* next_in = in.data();
    uint8_t* next_out = out.data();
    const auto operation = finish ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_PROCESS;
    do {
      if (!BrotliEncoderCompressStream(state_, operation, &input, &next_in, &room, &next_out,
                                       nullptr)) {
        return Error::Type("The data could not be compressed");
      }
    } while (room > 0 && (input > 0 || BrotliEncoderHasMoreOutput(state_)));
    return Progress{in.size() - input, out.size() - room, BrotliEncoderIsFinished(state_) != 0};
  }

 private:
  BrotliEncoderState* state_;
};

class Decoder final : public Codec {
 public:
  Decoder() : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {}
  ~Decoder() override { BrotliDecoderDestroyInstance(state_); }
  bool ok() const { return state_ != nullptr; }

  Result<Progress> Run(std::span<const uint8_t> in, std::span<uint8_t> out, bool) override {
    size_t input = in.size();
    size_t room = out.size();
    const uint8_t* next_in = in.data();
    uint8_t* next_out = out.data();
    if (!ended_) {
      const BrotliDecoderResult result =
          BrotliDecoderDecompressStream(state_, &input, &next_in, &room, &next_out, nullptr);
      if (result == BROTLI_DECODER_RESULT_ERROR) {
        return Corrupt(BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state_)));
      }
      ended_ = result == BROTLI_DECODER_RESULT_SUCCESS;
    }
    return Progress{in.size() - input, out.size() - room, ended_};
  }

 private:
  BrotliDecoderState* state_;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Codec> MakeBrotliEncoder() {
  return MakeCodec<Encoder>();
}
std::unique_ptr<Codec> MakeBrotliDecoder() {
  return MakeCodec<Decoder>();
}

}  // namespace rt
