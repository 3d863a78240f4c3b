// Fuzz target: bytes of an HTTP/1 server. A head is refused or means one thing only, its body has
// one length, and neither depends on how the bytes were cut.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "src/ext/fetch/response_head.h"
#include "tests/fuzz/http_body.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1) return 0;
  const size_t step = 1 + data[0] % 32;
  const std::vector<char> bytes(data + 1, data + size);
  const size_t head = rt::fuzz::FindHead(bytes, bytes.size());
  if (rt::fuzz::FindHead(bytes, step) != head) std::abort();
  if (head == rt::fuzz::kNoHead) return 0;
  const std::vector<char> own(bytes.begin(), bytes.begin() + static_cast<long>(head));
  const auto parsed = rt::ParseResponseHead({own.data(), own.size()});
  if (!parsed.ok()) return 0;
  if (parsed->status < 100 || parsed->status > 999) std::abort();
  if (parsed->headers.size() > rt::kMaxResponseFields) std::abort();
  for (const auto& [name, value] : parsed->headers) {
    if (name.empty()) std::abort();
    for (const char c : name) {
      if (c <= ' ' || (c >= 'A' && c <= 'Z') || c == 0x7f) std::abort();
    }
    if (value.find_first_of(std::string_view("\0\r\n", 3)) != std::string::npos) std::abort();
  }
  using Framing = rt::ResponseHead::Framing;
  if (parsed->framing == Framing::kUntilClose) return 0;
  rt::fuzz::CheckBody(rt::ResponseLimits(), parsed->framing == Framing::kChunked, parsed->length,
                      {bytes.begin() + static_cast<long>(head), bytes.end()}, step);
  return 0;
}
