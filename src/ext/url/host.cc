// The host parser; see host.h. Names of plain ASCII letters never leave the first loop of
// AppendDomain.
#include "src/ext/url/host.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "src/ext/url/idna.h"
#include "src/ext/url/ip_address.h"
#include "src/ext/url/percent.h"

namespace rt::url {
namespace {

constexpr std::string_view kForbiddenHost{"\0\t\n\r #/:<>?@[\\]^|", 17};

// What a byte does in a domain; a name whose bytes have no bit set is already serialized.
enum ByteClass : uint8_t {
  kUpper = 1,      // lower-cased
  kForbidden = 2,  // https://url.spec.whatwg.org/#forbidden-domain-code-point, except %
  kSlow = 4,       // %, non-ASCII: decoding and UTS #46 decide
};

constexpr std::array<uint8_t, 256> kDomainBytes = [] {
  std::array<uint8_t, 256> table{};
  for (const char c : kForbiddenHost) table[static_cast<uint8_t>(c)] = kForbidden;
  for (int byte = 0; byte < 0x20; ++byte) table[byte] = kForbidden;
  for (int byte = 'A'; byte <= 'Z'; ++byte) table[byte] = kUpper;
  table[0x7f] = kForbidden;
  table['%'] = kSlow;
  for (int byte = 0x80; byte < 0x100; ++byte) table[byte] = kSlow;
  return table;
}();

uint8_t ClassesOf(std::string_view text) {
  uint8_t classes = 0;
  for (const char c : text) classes |= kDomainBytes[static_cast<uint8_t>(c)];
  return classes;
}

bool IsOpaqueForbidden(char c) {
  return kForbiddenHost.find(c) != std::string_view::npos;
}

// True if a label of the lower-case name starts with "xn--".
bool HasPunycodeLabel(std::string_view name) {
  for (size_t at = name.find("xn--"); at != std::string_view::npos;
       at = name.find("xn--", at + 1)) {
    if (at == 0 || name[at - 1] == '.') return true;
  }
  return false;
}

// The tail of `out` from `start` is an ASCII domain; makes it an IPv4 address if it ends in a
// number.
bool FinishDomain(std::string& out, size_t start) {
  const std::string_view name = std::string_view(out).substr(start);
  if (name.empty()) return false;
  if (!EndsInNumber(name)) return true;
  const auto address = ParseIpv4(name);
  if (!address) return false;
  out.resize(start);
  AppendIpv4(out, *address);
  return true;
}

// Through UTS #46. Also for ASCII names with xn-- labels: since June 2026 the standard lets an
// ASCII name pass even when its Punycode is invalid; rt refuses it, as Deno, Node and Bun do,
// because such a name cannot be shown or compared safely.
bool AppendIdnaDomain(std::string& out, std::string_view name) {
  const size_t start = out.size();
  const auto ascii = DomainToAscii(name);
  if (!ascii || (ClassesOf(*ascii) & (kForbidden | kSlow)) != 0) return false;
  out.append(*ascii);
  return FinishDomain(out, start);
}

bool AppendDomain(std::string& out, std::string_view input) {
  const uint8_t classes = ClassesOf(input);
  if ((classes & kSlow) != 0) {
    const std::string decoded = PercentDecode(input);
    // A forbidden character may still compose away ("<" and U+0338 become U+226E), so only pure
    // ASCII is decided here.
    if ((ClassesOf(decoded) & kSlow) == 0) return AppendDomain(out, decoded);
    return AppendIdnaDomain(out, decoded);
  }
  if ((classes & kForbidden) != 0) return false;
  const size_t start = out.size();
  out.append(input);
  if ((classes & kUpper) != 0) {
    for (size_t i = start; i < out.size(); ++i) {
      if (out[i] >= 'A' && out[i] <= 'Z') out[i] = static_cast<char>(out[i] | 0x20);
    }
  }
  if (HasPunycodeLabel(std::string_view(out).substr(start))) {
    const std::string name = out.substr(start);
    out.resize(start);
    return AppendIdnaDomain(out, name);
  }
  return FinishDomain(out, start);
}

}  // namespace

bool AppendHost(std::string& out, std::string_view input, HostKind kind) {
  if (input.starts_with('[')) {
    if (!input.ends_with(']')) return false;
    const auto pieces = ParseIpv6(input.substr(1, input.size() - 2));
    if (!pieces) return false;
    out.push_back('[');
    AppendIpv6(out, *pieces);
    out.push_back(']');
    return true;
  }
  if (kind == HostKind::kDomain) return AppendDomain(out, input);
  if (std::any_of(input.begin(), input.end(), IsOpaqueForbidden)) return false;
  AppendEncoded(out, input, kC0ControlSet);
  return true;
}

}  // namespace rt::url
