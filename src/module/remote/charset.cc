#include "src/module/remote/charset.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "src/ext/encoding/labels.h"
#include "src/ext/encoding/legacy_decoder.h"

namespace rt {
namespace {

constexpr uint32_t kReplacement = 0xfffd;

// https://encoding.spec.whatwg.org/index-windows-1252.txt, from 0x80; the rest is Latin-1.
constexpr auto kHigh = std::to_array<uint16_t>(
    {0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
     0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
     0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178});

void Append(std::string& out, uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
  } else {
    if (code < 0x10000) {
      out += static_cast<char>(0xe0 | (code >> 12));
    } else {
      out += static_cast<char>(0xf0 | (code >> 18));
      out += static_cast<char>(0x80 | ((code >> 12) & 0x3f));
    }
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
  }
  out += static_cast<char>(0x80 | (code & 0x3f));
}

std::string DecodeWindows1252(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    Append(text, byte >= 0x80 && byte < 0xa0 ? kHigh[byte - 0x80] : byte);
  }
  return text;
}

std::string DecodeUtf16(std::string_view bytes, bool big) {
  std::string text;
  text.reserve(bytes.size());
  const auto unit = [&](size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<uint32_t>(big ? first << 8 | second : second << 8 | first);
  };
  size_t at = bytes.size() >= 2 && unit(0) == 0xfeff ? 2 : 0;
  for (; at + 1 < bytes.size(); at += 2) {
    const uint32_t code = unit(at);
    if ((code & 0xf800) != 0xd800) {
      Append(text, code);
    } else if (code < 0xdc00 && at + 3 < bytes.size() && (unit(at + 2) & 0xfc00) == 0xdc00) {
      Append(text, 0x10000 + ((code - 0xd800) << 10) + (unit(at + 2) - 0xdc00));
      at += 2;
    } else {
      Append(text, kReplacement);
    }
  }
  if (at < bytes.size()) Append(text, kReplacement);
  return text;
}

char Lower(char c) {
  return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t start = text.find_first_not_of(kSpace);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(kSpace) + 1 - start);
}

// In lower case, without quotes; empty: there is none.
std::string CharsetOf(std::string_view content_type) {
  for (size_t at = content_type.find(';'); at != std::string_view::npos;) {
    const size_t end = content_type.find(';', at + 1);
    const std::string_view parameter =
        Trimmed(content_type.substr(at + 1, end == std::string_view::npos ? end : end - at - 1));
    at = end;
    const size_t equals = parameter.find('=');
    if (equals == std::string_view::npos) continue;
    std::string name(Trimmed(parameter.substr(0, equals)));
    std::string value(Trimmed(parameter.substr(equals + 1)));
    std::transform(name.begin(), name.end(), name.begin(), Lower);
    if (name != "charset") continue;
    std::erase(value, '"');
    std::transform(value.begin(), value.end(), value.begin(), Lower);
    return std::string(Trimmed(value));
  }
  return {};
}

Result<std::string> DecodeOther(std::string_view bytes, LegacyEncoding encoding) {
  LegacyIndexes indexes;
  LegacyState state;
  std::u16string units;
  RT_TRY_VOID(DecodeLegacy(indexes, encoding,
                           {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()},
                           /*fatal=*/false, /*last=*/true, state, units));
  std::string text;
  text.reserve(bytes.size());
  for (size_t at = 0; at < units.size(); ++at) {
    uint32_t code = units[at];
    if ((code & 0xfc00) == 0xd800) {  // decoders make whole characters
      code = 0x10000 + ((code - 0xd800) << 10) + (units[++at] - 0xdc00u);
    }
    Append(text, code);
  }
  return text;
}

}  // namespace

Result<std::string> DecodeBody(std::string_view bytes, std::string_view content_type) {
  const std::string charset = CharsetOf(content_type);
  if (charset.empty()) {
    if (bytes.starts_with("\xff\xfe")) return DecodeUtf16(bytes, /*big=*/false);
    if (bytes.starts_with("\xfe\xff")) return DecodeUtf16(bytes, /*big=*/true);
    return std::string(bytes);
  }
  const std::string_view name = EncodingOfLabel(charset);
  if (name == "utf-8") return std::string(bytes);
  if (name == "windows-1252") return DecodeWindows1252(bytes);
  if (name == "utf-16le") return DecodeUtf16(bytes, /*big=*/false);
  if (name == "utf-16be") return DecodeUtf16(bytes, /*big=*/true);
  // Not "replacement": what is not to be decoded is no module.
  auto encoding = LegacyEncodingFromName(name);
  if (encoding.ok()) return DecodeOther(bytes, *encoding);
  return Error::Type("Unsupported charset: " + charset);
}

}  // namespace rt
