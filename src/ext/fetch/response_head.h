// Heads of HTTP/1 responses (RFC 9112): llhttp reads them between checks of our own, and what is
// ambiguous about where the body ends is refused rather than guessed (S46). Bytes in, values out;
// holds no state between heads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/ext/fetch/http_message.h"
#include "src/ext/http/http.h"

namespace rt {

// What a peer may make us hold of one head.
inline constexpr size_t kMaxResponseHead = 256 * 1024;
inline constexpr size_t kMaxResponseFields = 1000;

struct ResponseHead {
  int status = 0;
  std::string reason;
  HeaderFields headers;  // names in lower case
  bool http10 = false;
  // RFC 9112 section 6.3, for a response that may have a body.
  enum class Framing : uint8_t { kLength, kChunked, kUntilClose } framing = Framing::kUntilClose;
  uint64_t length = 0;
  bool keep_alive = false;
};

// What a chunked body may cost besides its data.
const http::Limits& ResponseLimits();

// `head`: a complete head up to and with its empty line, as HeadScanner found it. InvalidData for
// what is no response.
Result<ResponseHead> ParseResponseHead(std::string_view head);

}  // namespace rt
