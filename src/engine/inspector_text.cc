#include "src/engine/inspector_text.h"

#include <algorithm>

namespace rt {
namespace {

void AppendUtf8(std::string* out, uint32_t code) {
  if (code < 0x80) {
    *out += static_cast<char>(code);
  } else if (code < 0x800) {
    *out += static_cast<char>(0xc0 | code >> 6);
    *out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    *out += static_cast<char>(0xe0 | code >> 12);
    *out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    *out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    *out += static_cast<char>(0xf0 | code >> 18);
    *out += static_cast<char>(0x80 | (code >> 12 & 0x3f));
    *out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    *out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

// The code point at `at`, which moves past it; U+FFFD for a byte that begins none.
uint32_t NextCode(std::string_view text, size_t* at) {
  const auto byte = [&](size_t i) -> uint32_t {
    return i < text.size() ? static_cast<uint8_t>(text[i]) : 0;
  };
  const uint32_t lead = byte(*at);
  const size_t length = lead < 0x80   ? 1
                        : lead < 0xc2 ? 0
                        : lead < 0xe0 ? 2
                        : lead < 0xf0 ? 3
                        : lead < 0xf5 ? 4
                                      : 0;
  uint32_t code = length == 1 ? lead : length == 0 ? 0xfffd : lead & (0xff >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    const uint32_t next = byte(*at + i);
    if ((next & 0xc0) != 0x80) {
      ++*at;
      return 0xfffd;
    }
    code = code << 6 | (next & 0x3f);
  }
  *at += std::max<size_t>(length, 1);
  return code;
}

}  // namespace

InspectorText::InspectorText(std::string_view utf8) {
  const bool is_ascii =
      std::all_of(utf8.begin(), utf8.end(), [](char c) { return static_cast<uint8_t>(c) < 0x80; });
  if (is_ascii) {
    narrow_ = utf8;
    return;
  }
  for (size_t at = 0; at < utf8.size();) {
    const uint32_t code = NextCode(utf8, &at);
    if (code < 0x10000) {
      wide_ += static_cast<char16_t>(code);
    } else {
      wide_ += static_cast<char16_t>(0xd800 + ((code - 0x10000) >> 10));
      wide_ += static_cast<char16_t>(0xdc00 + ((code - 0x10000) & 0x3ff));
    }
  }
}

std::string InspectorToUtf8(const v8_inspector::StringView& view) {
  std::string text;
  text.reserve(view.length());
  if (view.is8Bit()) {
    for (size_t i = 0; i < view.length(); ++i) AppendUtf8(&text, view.characters8()[i]);
    return text;
  }
  for (size_t i = 0; i < view.length(); ++i) {
    uint32_t code = view.characters16()[i];
    if (code >= 0xd800 && code < 0xdc00 && i + 1 < view.length()) {
      const uint32_t low = view.characters16()[i + 1];
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        ++i;
      }
    }
    AppendUtf8(&text, code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
  }
  return text;
}

}  // namespace rt
