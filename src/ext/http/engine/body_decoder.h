// BodyDecoder: takes the framing off a request body, by length or chunked (RFC 9112 6.2, 7.1).
// Strict where llhttp 8.1.0 is not: CRLF only, white space only before an extension, extensions and
// trailers counted and capped. Allocates nothing but for trailers; never reads past the end of the
// body.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "src/ext/http/engine/head_scan.h"
#include "src/ext/http/engine/limits.h"

namespace rt::http {

class BodyDecoder {
 public:
  enum class Step : uint8_t {
    kData,  // `piece` is a part of the body
    kMore,  // the input is used up and the body goes on
    kEnd,   // the body is complete; what is left of the input is the next request's
    kBad,   // 400: nothing after this can be trusted
  };

  explicit BodyDecoder(const Limits& limits) : limits_(limits) {}

  void StartLength(uint64_t length);
  void StartChunked();

  // Decodes from *input, which is advanced past what was used. `piece` points into it.
  Step Next(std::string_view* input, std::string_view* piece);

  bool chunked() const { return state_ != State::kLength; }
  // What is left of a body by length.
  uint64_t remaining() const { return remaining_; }

 private:
  enum class State : uint8_t {
    kLength,
    kSize,       // hex digits
    kExtension,  // after ';'
    kSizeLf,     // the LF after a size line's CR
    kData,
    kDataCr,
    kDataLf,
    kTrailers,
    kEnd,
  };

  Step Trailers(std::string_view* input);
  static bool AreTrailersValid(std::string_view lines);

  const Limits& limits_;
  State state_ = State::kEnd;
  uint64_t remaining_ = 0;
  uint32_t size_digits_ = 0;
  uint32_t extension_bytes_ = 0;  // of all chunks
  std::string extension_;         // of this one
  std::string trailers_;
  HeadScanner trailer_scanner_;
};

}  // namespace rt::http
