// Percent-encoding and decoding of bytes; see percent.h.
#include "src/ext/url/percent.h"

#include <algorithm>

namespace rt::url {

bool NeedsEncoding(std::string_view text, const EncodeSet& set) {
  return std::any_of(text.begin(), text.end(), [&set](char c) { return set.Contains(c); });
}

void AppendEncoded(std::string& out, std::string_view text, const EncodeSet& set) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  size_t copied = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!set.Contains(text[i])) continue;
    out.append(text, copied, i - copied);
    copied = i + 1;
    const auto byte = static_cast<uint8_t>(text[i]);
    const char encoded[3] = {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    out.append(encoded, sizeof encoded);
  }
  out.append(text, copied, text.size() - copied);
}

std::string PercentDecode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = HexValue(text[i + 1]);
      const int low = HexValue(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out.push_back(static_cast<char>(high * 16 + low));
        i += 2;
        continue;
      }
    }
    out.push_back(text[i]);
  }
  return out;
}

}  // namespace rt::url
