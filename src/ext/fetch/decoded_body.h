// DecodedBody: a body without its Content-Encoding. Output is made as it is read, so what unpacks
// to much more than it was (a bomb) waits for its reader.
#pragma once

#include <memory>
#include <string_view>

#include "src/ext/compression/compression.h"
#include "src/ext/fetch/response_head.h"

namespace rt {

// Takes the encodings of a response off, and with them the fields that no longer are true
// (Content-Encoding, Content-Length), as Deno does. What is encoded in an unknown way stays as it
// is. RangeError without memory.
Result<void> DecodeContent(HttpResponse& response);

class DecodedBody final : public HttpBody {
 public:
  // `sniff`: "deflate" is zlib's format by specification, but not from every server.
  DecodedBody(std::unique_ptr<HttpBody> raw, std::unique_ptr<Codec> codec, bool sniff)
      : raw_(std::move(raw)), codec_(std::move(codec)), sniff_(sniff) {}

  Task<Result<size_t>> Read(Bytes into) override;
  void Cancel() override { raw_->Cancel(); }
  std::optional<Bytes> TakeArrived(size_t limit) override;

 private:
  // How much went into `into`; 0: more input is needed, or it is over (ended_).
  Result<size_t> Step(std::span<uint8_t> into);
  void TakeInput(Bytes input);

  std::unique_ptr<HttpBody> raw_;
  std::unique_ptr<Codec> codec_;
  bool sniff_;
  Bytes buffer_;
  Bytes input_;  // what the codec has not used
  bool began_ = false;
  bool raw_ended_ = false;
  bool ended_ = false;
  std::string ready_;  // decoded ahead
  size_t ready_at_ = 0;
};

}  // namespace rt
