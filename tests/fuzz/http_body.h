// What the fuzz targets of both ends of HTTP/1 share: a head found and a body decoded, at once and
// a few bytes at a time, each piece in memory of its own so that nothing beyond it is read
// unnoticed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "src/ext/http/engine/body_decoder.h"
#include "src/ext/http/engine/head_scan.h"

namespace rt::fuzz {

constexpr size_t kNoHead = static_cast<size_t>(-1);

// The size of the head that `bytes` begin with, when `step` more of them come each time.
inline size_t FindHead(const std::vector<char>& bytes, size_t step) {
  http::HeadScanner scanner;
  for (size_t have = std::min(step, bytes.size());; have = std::min(have + step, bytes.size())) {
    const std::vector<char> received(bytes.begin(), bytes.begin() + static_cast<long>(have));
    switch (scanner.Scan(received.data(), received.size())) {
      case http::HeadScanner::State::kComplete:
        if (scanner.head_size() > received.size()) std::abort();
        return scanner.head_size();
      case http::HeadScanner::State::kBad:
        return kNoHead;
      case http::HeadScanner::State::kIncomplete:
        if (have == bytes.size()) return kNoHead;
        break;
    }
  }
}

struct Decoded {
  http::BodyDecoder::Step end = http::BodyDecoder::Step::kMore;
  std::string body;
  size_t used = 0;
  bool operator==(const Decoded&) const = default;
};

inline Decoded Decode(const http::Limits& limits, bool chunked, uint64_t length,
                      const std::vector<char>& bytes, size_t step) {
  http::BodyDecoder decoder(limits);
  if (chunked) {
    decoder.StartChunked();
  } else {
    decoder.StartLength(length);
  }
  Decoded decoded;
  for (size_t at = 0; at < bytes.size(); at += step) {
    const size_t size = std::min(step, bytes.size() - at);
    const std::vector<char> received(bytes.begin() + static_cast<long>(at),
                                     bytes.begin() + static_cast<long>(at + size));
    std::string_view input(received.data(), received.size());
    for (bool more = true; more;) {
      std::string_view piece;
      const auto result = decoder.Next(&input, &piece);
      decoded.used = at + size - input.size();
      switch (result) {
        case http::BodyDecoder::Step::kData:
          if (piece.empty()) std::abort();
          decoded.body += piece;
          break;
        case http::BodyDecoder::Step::kMore:
          if (!input.empty()) std::abort();
          more = false;
          break;
        case http::BodyDecoder::Step::kBad:
          decoded.used = 0;  // where it was noticed depends on how it came
          [[fallthrough]];
        case http::BodyDecoder::Step::kEnd:
          decoded.end = result;
          return decoded;
      }
    }
  }
  return decoded;
}

inline void CheckBody(const http::Limits& limits, bool chunked, uint64_t length,
                      const std::vector<char>& bytes, size_t step) {
  const Decoded whole = Decode(limits, chunked, length, bytes, std::max<size_t>(bytes.size(), 1));
  const Decoded pieces = Decode(limits, chunked, length, bytes, step);
  if (whole.end != pieces.end) std::abort();
  if (whole.end != http::BodyDecoder::Step::kBad && !(whole == pieces)) std::abort();
  if (!chunked && whole.body.size() > length) std::abort();
  if (whole.body.size() > bytes.size()) std::abort();
}

}  // namespace rt::fuzz
