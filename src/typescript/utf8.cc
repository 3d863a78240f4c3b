#include "src/typescript/utf8.h"

#include <cstdint>
#include <cstring>

namespace rt::typescript {
namespace {

// The bytes of the well-formed character at `at`, or minus the bytes of the broken one (Unicode
// table 3-7).
int SizeAt(std::string_view text, size_t at) {
  auto byte = [&](size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return -1;
  const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < low || byte(1) > high) return -1;
  const int size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  for (int i = 2; i < size; ++i) {
    if ((byte(static_cast<size_t>(i)) & 0xC0) != 0x80) return -i;
  }
  return size;
}

// The first place that is not well-formed; the size of the text if all is.
size_t FindInvalid(std::string_view text, size_t at) {
  while (at < text.size()) {
    uint64_t eight;
    if (at + sizeof eight <= text.size()) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & 0x8080808080808080u) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    const int size = SizeAt(text, at);
    if (size < 0) return at;
    at += static_cast<size_t>(size);
  }
  return text.size();
}

}  // namespace

bool IsUtf8(std::string_view text) {
  return FindInvalid(text, 0) == text.size();
}

std::string ReplaceInvalidUtf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0;;) {
    const size_t bad = FindInvalid(text, at);
    out.append(text, at, bad - at);
    if (bad == text.size()) return out;
    out += "\xEF\xBF\xBD";
    at = bad + static_cast<size_t>(-SizeAt(text, bad));
  }
}

}  // namespace rt::typescript
