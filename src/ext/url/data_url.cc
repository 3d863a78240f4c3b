#include "src/ext/url/data_url.h"

#include <array>
#include <cstdint>

#include "src/ext/url/percent.h"

namespace rt::url {
namespace {

constexpr uint8_t kBad = 0xff;

constexpr std::array<uint8_t, 256> MakeDigits() {
  std::array<uint8_t, 256> digits{};
  digits.fill(kBad);
  uint8_t next = 0;
  for (char c = 'A'; c <= 'Z'; ++c) digits[static_cast<uint8_t>(c)] = next++;
  for (char c = 'a'; c <= 'z'; ++c) digits[static_cast<uint8_t>(c)] = next++;
  for (char c = '0'; c <= '9'; ++c) digits[static_cast<uint8_t>(c)] = next++;
  digits['+'] = next++;
  digits['/'] = next;
  return digits;
}
constexpr std::array<uint8_t, 256> kDigits = MakeDigits();

bool IsAsciiSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && IsAsciiSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsAsciiSpace(text.back())) text.remove_suffix(1);
  return text;
}

// ";base64" with spaces before the word, in any case. Removes it.
bool TakeBase64(std::string_view& mime_type) {
  constexpr std::string_view kWord = "base64";
  if (mime_type.size() < kWord.size()) return false;
  const std::string_view end = mime_type.substr(mime_type.size() - kWord.size());
  for (size_t i = 0; i < kWord.size(); ++i) {
    if ((end[i] | 0x20) != kWord[i] && end[i] != kWord[i]) return false;
  }
  std::string_view before = mime_type.substr(0, mime_type.size() - kWord.size());
  while (before.ends_with(' ')) before.remove_suffix(1);
  if (!before.ends_with(';')) return false;
  mime_type = before.substr(0, before.size() - 1);
  return true;
}

}  // namespace

std::optional<std::string> DecodeForgivingBase64(std::string_view text) {
  std::string digits;
  digits.reserve(text.size());
  for (const char c : text) {
    if (!IsAsciiSpace(c)) digits += c;
  }
  if (digits.size() % 4 == 0) {
    if (digits.ends_with("==")) {
      digits.resize(digits.size() - 2);
    } else if (digits.ends_with('=')) {
      digits.pop_back();
    }
  }
  if (digits.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(digits.size() * 3 / 4);
  uint32_t bits = 0;
  int count = 0;
  for (const char c : digits) {
    const uint8_t digit = kDigits[static_cast<uint8_t>(c)];
    if (digit == kBad) return std::nullopt;
    bits = bits << 6 | digit;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> count & 0xff);
    }
  }
  return bytes;
}

std::optional<DataUrl> ParseDataUrl(std::string_view url) {
  if (!url.starts_with("data:")) return std::nullopt;
  url.remove_prefix(5);
  url = url.substr(0, url.find('#'));
  const size_t comma = url.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  std::string_view mime_type = Trim(url.substr(0, comma));
  DataUrl parsed;
  parsed.body = PercentDecode(url.substr(comma + 1));
  if (TakeBase64(mime_type)) {
    auto decoded = DecodeForgivingBase64(parsed.body);
    if (!decoded) return std::nullopt;
    parsed.body = std::move(*decoded);
  }
  if (mime_type.starts_with(';')) {
    parsed.mime_type = "text/plain" + std::string(mime_type);
  } else if (mime_type.find('/') == std::string_view::npos) {
    parsed.mime_type = "text/plain;charset=US-ASCII";
  } else {
    parsed.mime_type = mime_type;
  }
  return parsed;
}

}  // namespace rt::url
