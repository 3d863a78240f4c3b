// Fuzz target: texts as URLs. What parses is its own serialization, its offsets are in order, the
// fast scanner agrees with the parser, and whatever a setter does leaves a URL that parses to
// itself.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "src/ext/url/parser.h"
#include "src/ext/url/setters.h"

namespace rt::url {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void CheckRecord(const UrlRecord& url) {
  const UrlOffsets& at = url.at;
  Require(at.protocol_end <= at.username_end && at.username_end <= at.host_start);
  Require(at.host_start <= at.host_end && at.host_end <= at.pathname_start);
  Require(at.pathname_start <= at.search_start && at.search_start <= at.hash_start);
  Require(at.hash_start <= url.href.size());
  const std::optional<UrlRecord> again = ParseUrl(url.href);
  Require(again && again->href == url.href && again->at == at && again->scheme == url.scheme);
  UrlOffsets scanned;
  Scheme scheme;
  if (ScanSerialized(url.href, scanned, scheme)) Require(scanned == at && scheme == url.scheme);
  Require(Origin(*again) == Origin(url));
}

// What JavaScript hands over is UTF-8 without lone surrogates.
bool IsUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const size_t length = byte < 0x80 ? 1 : byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    if (length == 0 || byte > 0xf4 || i + length > text.size()) return false;
    uint32_t code = length == 1 ? byte : byte & (0x7f >> length);
    for (size_t j = 1; j < length; ++j) {
      if ((text[i + j] & 0xc0) != 0x80) return false;
      code = (code << 6) | (text[i + j] & 0x3f);
    }
    if ((length == 3 && code < 0x800) || (length == 4 && code < 0x10000) || code > 0x10ffff ||
        (code >= 0xd800 && code < 0xe000)) {
      return false;
    }
    i += length;
  }
  return true;
}

}  // namespace
}  // namespace rt::url

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rt::url;
  if (size < 1) return 0;
  const uint8_t choice = data[0];
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (!IsUtf8(text)) return 0;
  // One text is two: what is parsed, and what it is combined with.
  const size_t cut = text.find('\0');
  const std::string first = text.substr(0, cut);
  const std::string second = cut == std::string::npos ? "" : text.substr(cut + 1);
  std::optional<UrlRecord> url = ParseUrl(first);
  if (url) {
    CheckRecord(*url);
    if (const auto joined = ParseUrl(second, &*url)) CheckRecord(*joined);
    const auto setter = static_cast<Setter>(choice % kSetterCount);
    if (!SetComponent(*url, setter, second)) Require(setter == Setter::kHref);
    CheckRecord(*url);
  }
  return 0;
}
