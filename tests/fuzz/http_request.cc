// Fuzz target: bytes of an HTTP/1 client. However they are cut, the head ends at the same place and
// means the same, the body is the same bytes, and nothing beyond what was received is read.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "src/ext/http/engine/body_decoder.h"
#include "src/ext/http/engine/head_parser.h"
#include "src/ext/http/engine/head_scan.h"
#include "tests/fuzz/http_body.h"

namespace {

using rt::http::HeadScanner;

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const size_t step = 1 + data[0] % 32;
  const std::vector<char> bytes(data + 1, data + size);
  const size_t head = rt::fuzz::FindHead(bytes, bytes.size());
  Require(rt::fuzz::FindHead(bytes, step) == head);
  if (head == rt::fuzz::kNoHead) return 0;

  rt::http::Limits limits;
  limits.max_headers = 20;
  rt::http::HeadParser parser(limits);
  rt::http::Head parsed;
  // Memory of its own size: names are put in lower case in place.
  std::vector<char> own(bytes.begin(), bytes.begin() + static_cast<long>(head));
  if (parser.Parse(own.data(), own.size(), &parsed)) return 0;
  const auto inside = [&](rt::http::Slice slice) {
    Require(slice.offset <= own.size() && slice.size <= own.size() - slice.offset);
    return slice.In(own.data());
  };
  Require(!inside(parsed.method).empty() && !inside(parsed.target).empty());
  (void)inside(parsed.host);
  Require(parsed.headers.size() <= limits.max_headers);
  for (const auto& field : parsed.headers) {
    for (const char c : inside(field.name))
      Require(c > ' ' && !(c >= 'A' && c <= 'Z') && c != 0x7f);
    for (const char c : inside(field.value)) Require(c != '\0' && c != '\r' && c != '\n');
  }
  Require(!(parsed.chunked && parsed.content_length > 0));
  // What one request says changes nothing of how the next is read.
  std::vector<char> twice(bytes.begin(), bytes.begin() + static_cast<long>(head));
  rt::http::Head again;
  Require(!parser.Parse(twice.data(), twice.size(), &again));
  Require(twice == own && again.content_length == parsed.content_length &&
          again.chunked == parsed.chunked && again.headers.size() == parsed.headers.size());
  if (!parsed.has_body()) return 0;
  rt::fuzz::CheckBody(limits, parsed.chunked, parsed.content_length,
                      {bytes.begin() + static_cast<long>(head), bytes.end()}, step);
  return 0;
}
