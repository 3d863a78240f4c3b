// IP addresses in URL hosts; see ip_address.h.
#include "src/ext/url/ip_address.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "src/ext/url/percent.h"

namespace rt::url {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// https://url.spec.whatwg.org/#ipv4-number-parser. Numbers past 2^32 stop counting there: any such
// value is out of range for every position.
std::optional<uint64_t> ParseIpv4Number(std::string_view text) {
  if (text.empty()) return std::nullopt;
  int radix = 10;
  if (text.size() >= 2 && text[0] == '0' && (text[1] | 0x20) == 'x') {
    radix = 16;
    text.remove_prefix(2);
  } else if (text.size() >= 2 && text[0] == '0') {
    radix = 8;
    text.remove_prefix(1);
  }
  constexpr uint64_t kTooLarge = uint64_t{1} << 32;
  uint64_t value = 0;
  for (const char c : text) {
    const int digit = HexValue(c);
    if (digit < 0 || digit >= radix) return std::nullopt;
    value = std::min(value * radix + digit, kTooLarge);
  }
  return value;
}

void AppendNumber(std::string& out, unsigned value, int radix) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, radix).ptr;
  out.append(digits, end);
}

// The dotted tail of an IPv6 address: four decimal numbers without leading zeros.
std::optional<uint32_t> ParseIpv4Tail(std::string_view text) {
  uint32_t address = 0;
  size_t at = 0;
  for (int seen = 0; seen < 4; ++seen) {
    if (seen > 0) {
      if (at == text.size() || text[at] != '.') return std::nullopt;
      ++at;
    }
    const size_t start = at;
    uint32_t number = 0;
    while (at < text.size() && IsDigit(text[at])) {
      if (at > start && number == 0) return std::nullopt;
      number = number * 10 + static_cast<uint32_t>(text[at++] - '0');
      if (number > 255) return std::nullopt;
    }
    if (at == start) return std::nullopt;
    address = address << 8 | number;
  }
  if (at != text.size()) return std::nullopt;
  return address;
}

}  // namespace

bool EndsInNumber(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  const size_t dot = host.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? host : host.substr(dot + 1);
  if (last.empty() || !IsDigit(last[0])) return false;
  return std::all_of(last.begin(), last.end(), IsDigit) || ParseIpv4Number(last).has_value();
}

std::optional<uint32_t> ParseIpv4(std::string_view text) {
  if (text.size() > 1 && text.ends_with('.')) text.remove_suffix(1);
  uint32_t address = 0;
  for (int index = 0; index < 4; ++index) {
    const size_t dot = text.find('.');
    const auto number = ParseIpv4Number(text.substr(0, dot));
    if (!number) return std::nullopt;
    if (dot == std::string_view::npos) {
      // The last number fills all bytes that are left.
      if (*number >= uint64_t{1} << (8 * (4 - index))) return std::nullopt;
      return static_cast<uint32_t>(address | *number);
    }
    if (*number > 255) return std::nullopt;
    address |= static_cast<uint32_t>(*number) << (8 * (3 - index));
    text.remove_prefix(dot + 1);
  }
  return std::nullopt;
}

std::optional<Ipv6Pieces> ParseIpv6(std::string_view text) {
  Ipv6Pieces pieces{};
  size_t count = 0;
  std::optional<size_t> compress;
  size_t at = 0;
  if (text.starts_with(':')) {
    if (!text.starts_with("::")) return std::nullopt;
    at = 2;
    compress = ++count;
  }
  while (at < text.size()) {
    if (count == pieces.size()) return std::nullopt;
    if (text[at] == ':') {
      if (compress) return std::nullopt;
      ++at;
      compress = ++count;
      continue;
    }
    const size_t start = at;
    unsigned value = 0;
    while (at < text.size() && at - start < 4 && HexValue(text[at]) >= 0) {
      value = value * 16 + static_cast<unsigned>(HexValue(text[at++]));
    }
    if (at < text.size() && text[at] == '.') {
      if (at == start || count > 6) return std::nullopt;
      const auto tail = ParseIpv4Tail(text.substr(start));
      if (!tail) return std::nullopt;
      pieces[count++] = static_cast<uint16_t>(*tail >> 16);
      pieces[count++] = static_cast<uint16_t>(*tail);
      break;
    }
    if (at < text.size()) {
      if (text[at] != ':') return std::nullopt;
      if (++at == text.size()) return std::nullopt;
    }
    pieces[count++] = static_cast<uint16_t>(value);
  }
  if (!compress) {
    if (count != pieces.size()) return std::nullopt;
    return pieces;
  }
  // What follows the :: moves to the end; the gap it leaves is zero.
  std::rotate(pieces.begin() + static_cast<std::ptrdiff_t>(*compress),
              pieces.begin() + static_cast<std::ptrdiff_t>(count), pieces.end());
  return pieces;
}

void AppendIpv4(std::string& out, uint32_t address) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    AppendNumber(out, address >> shift & 255, 10);
    if (shift != 0) out.push_back('.');
  }
}

void AppendIpv6(std::string& out, const Ipv6Pieces& pieces) {
  // The first longest run of at least two zero pieces becomes "::".
  size_t run_start = pieces.size();
  size_t run_length = 1;
  for (size_t i = 0; i < pieces.size();) {
    size_t end = i;
    while (end < pieces.size() && pieces[end] == 0) ++end;
    if (end - i > run_length) {
      run_start = i;
      run_length = end - i;
    }
    i = std::max(end, i + 1);
  }
  for (size_t i = 0; i < pieces.size();) {
    if (i == run_start) {
      out.append(i == 0 ? "::" : ":");
      i += run_length;
      continue;
    }
    AppendNumber(out, pieces[i], 16);
    if (++i != pieces.size()) out.push_back(':');
  }
}

}  // namespace rt::url
