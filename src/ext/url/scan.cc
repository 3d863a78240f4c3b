// ScanSerialized: recognises URLs that are already their own serialization, one table look-up a
// byte. It may refuse anything (ParseUrl decides then) but must never accept what ParseUrl would
// change.
#include <array>
#include <cstdint>

#include "src/ext/url/components.h"
#include "src/ext/url/parser.h"
#include "src/ext/url/percent.h"

namespace rt::url {
namespace {

enum ByteClass : uint8_t {
  kHost = 1,          // may be in a domain as it is
  kStopPath = 2,      // '?', '#', or a byte a path does not keep
  kStopQuery = 4,     // '#', or a byte a special URL's query does not keep
  kStopFragment = 8,  // a byte a fragment does not keep
};

constexpr std::array<uint8_t, 256> kBytes = [] {
  std::array<uint8_t, 256> table{};
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    uint8_t classes = 0;
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_') {
      classes |= kHost;
    }
    if (kPathSet.Contains(c) || c == '\\') classes |= kStopPath;
    if (kSpecialQuerySet.Contains(c)) classes |= kStopQuery;
    if (kFragmentSet.Contains(c)) classes |= kStopFragment;
    table[byte] = classes;
  }
  return table;
}();

uint8_t ClassOf(char c) {
  return kBytes[static_cast<uint8_t>(c)];
}

// The length of the "scheme:" of the special schemes worth scanning for, or 0.
size_t SpecialSchemeEnd(std::string_view input, Scheme& scheme) {
  const size_t colon = input.substr(0, 6).find(':');
  if (colon == std::string_view::npos) return 0;
  scheme = SchemeOf(input.substr(0, colon));
  return scheme == Scheme::kOther ? 0 : colon + 1;
}

// True if `host` is an IPv4 address in the form it is serialized in.
bool IsCanonicalIpv4(std::string_view host) {
  for (int part = 0; part < 4; ++part) {
    size_t digits = 0;
    const auto number = ParsePort(host.substr(0, 4), digits);
    if (!number || *number > 255 || (digits > 1 && host[0] == '0')) return false;
    host.remove_prefix(digits);
    if (part < 3) {
      if (!host.starts_with('.')) return false;
      host.remove_prefix(1);
    }
  }
  return host.empty();
}

// Scans a domain from `at`, leaving `at` behind it. Refuses names with Punycode and names that may
// be an IPv4 address in another form (their last label starts with a digit).
bool ScanDomain(std::string_view input, size_t& at) {
  const size_t start = at;
  size_t label = at;
  for (; at < input.size() && (ClassOf(input[at]) & kHost) != 0; ++at) {
    if (input[at] == '.') label = at + 1;
    if (input[at] == '-' && at - label == 3 && input.substr(label, 4) == "xn--") return false;
  }
  if (label == at) return false;
  return !IsAsciiDigit(input[label]) || IsCanonicalIpv4(input.substr(start, at - start));
}

// Scans ":port" if there is one.
bool ScanPort(std::string_view input, size_t& at, Scheme scheme, uint32_t& port) {
  if (at == input.size() || input[at] != ':') return true;
  size_t digits = 0;
  const auto number = ParsePort(input.substr(at + 1, 6), digits);
  if (!number || *number == DefaultPort(scheme)) return false;
  if (input[at + 1] == '0' && digits > 1) return false;
  port = *number;
  at += 1 + digits;
  return true;
}

// True if the segment after the '/' at `slash` may be a dot segment.
bool MayBeDots(std::string_view input, size_t slash) {
  if (slash + 1 == input.size()) return false;
  const char c = input[slash + 1];
  if (c == '%') return true;
  if (c != '.') return false;
  return slash + 2 == input.size() ||
         std::string_view("./?#%").find(input[slash + 2]) != std::string_view::npos;
}

}  // namespace

bool ScanSerialized(std::string_view input, UrlOffsets& offsets, Scheme& scheme) {
  if (input.size() > kMaxHrefLength) return false;
  const size_t protocol_end = SpecialSchemeEnd(input, scheme);
  if (protocol_end == 0 || !input.substr(protocol_end).starts_with("//")) return false;
  size_t at = protocol_end + 2;
  offsets.protocol_end = static_cast<uint32_t>(protocol_end);
  offsets.username_end = offsets.host_start = static_cast<uint32_t>(at);
  offsets.port = kNoPort;
  if (scheme != Scheme::kFile) {
    if (!ScanDomain(input, at)) return false;
    offsets.host_end = static_cast<uint32_t>(at);
    if (!ScanPort(input, at, scheme, offsets.port)) return false;
  } else {
    // Only with an empty host, and without what may be a drive letter.
    offsets.host_end = static_cast<uint32_t>(at);
    if (input.size() >= at + 3 && (input[at + 2] == '|' || input[at + 2] == ':')) return false;
  }
  if (at == input.size() || input[at] != '/') return false;
  offsets.pathname_start = static_cast<uint32_t>(at);
  for (; at < input.size() && (ClassOf(input[at]) & kStopPath) == 0; ++at) {
    if (input[at] == '/' && MayBeDots(input, at)) return false;
  }
  offsets.search_start = static_cast<uint32_t>(at);
  if (at < input.size() && input[at] == '?') {
    ++at;
    while (at < input.size() && (ClassOf(input[at]) & kStopQuery) == 0) ++at;
  }
  offsets.hash_start = static_cast<uint32_t>(at);
  if (at < input.size() && input[at] == '#') {
    ++at;
    while (at < input.size() && (ClassOf(input[at]) & kStopFragment) == 0) ++at;
  }
  return at == input.size();
}

}  // namespace rt::url
