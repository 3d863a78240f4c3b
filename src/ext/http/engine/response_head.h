// The head of a response: checks what the program asked for, and serialises it (RFC 9112 4, RFC
// 9110 8.6). A head that fails the check leaves no byte behind (S50: no CR, LF or NUL of a
// program's value reaches the wire). Framing fields are ours alone: what the program says about
// them cannot contradict the body.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "src/base/result.h"
#include "src/ext/http/engine/output.h"

namespace rt::http {

struct HeaderPair {
  std::string_view name;
  std::string_view value;
};

struct ResponseHead {
  int status = 200;
  std::string_view status_text;  // empty: the registered phrase
  std::span<const HeaderPair> headers;
};

// How the body of a response is delimited.
enum class Framing : uint8_t {
  kLength,   // content-length
  kChunked,  // transfer-encoding: chunked
  kClose,    // until the connection closes (HTTP/1.0)
  kNone,     // no body may follow: 204, 304
};

struct HeadOptions {
  Framing framing = Framing::kLength;
  uint64_t content_length = 0;
  bool keep_alive = true;
  bool http_1_0 = false;  // the request was HTTP/1.0: keeping the connection is said, not assumed
  bool is_head = false;   // HEAD without a body of its own may state the length a GET would have
  std::string_view date;  // 29 bytes
  std::string_view keep_alive_field;  // "keep-alive: timeout=60\r\n", or empty
};

// TypeError for a name that is no token or a value or status text with a control character;
// RangeError for a status outside 200 to 599. `close` is set if the program asks for `connection:
// close`.
Result<void> CheckResponseHead(const ResponseHead& head, bool* close);

// `head` has passed the check. Appends up to and including the empty line.
void AppendResponseHead(const ResponseHead& head, const HeadOptions& options, Output* out);

// "OK" for 200; "" for an unregistered status.
std::string_view ReasonPhrase(int status);

// Decimal digits of `value`, at most 20; gives their count.
size_t WriteDecimal(uint64_t value, char* out);

}  // namespace rt::http
