// Parsing and classifying IP addresses. The IPv4 number parser is WHATWG URL's, so that "0x7f.1"
// means here what it means to every URL parser and to inet_aton.
#include "src/permissions/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace rt {
namespace {

constexpr uint8_t kMappedPrefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

// One part of an IPv4 address: decimal, 0-octal or 0x-hexadecimal. Nothing if it is not a number;
// too large saturates, which the caller refuses.
std::optional<uint64_t> ParseIpv4Part(std::string_view part) {
  if (part.empty()) return std::nullopt;
  int base = 10;
  if (part.size() >= 2 && part[0] == '0' && (part[1] == 'x' || part[1] == 'X')) {
    part.remove_prefix(2);
    base = 16;
  } else if (part.size() >= 2 && part[0] == '0') {
    part.remove_prefix(1);
    base = 8;
  }
  uint64_t value = 0;
  for (char c : part) {
    int digit = -1;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    if (digit < 0 || digit >= base) return std::nullopt;
    value = std::min<uint64_t>(value * base + digit, uint64_t{1} << 40);
  }
  return value;
}

// https://url.spec.whatwg.org/#concept-ipv4-parser
std::optional<uint32_t> ParseIpv4(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  std::array<uint64_t, 4> numbers;
  size_t count = 0;
  for (;;) {
    const size_t dot = text.find('.');
    const std::optional<uint64_t> number = ParseIpv4Part(text.substr(0, dot));
    if (!number || count == numbers.size()) return std::nullopt;
    numbers[count++] = *number;
    if (dot == std::string_view::npos) break;
    text.remove_prefix(dot + 1);
  }
  const uint64_t last = numbers[count - 1];
  if (last >= (uint64_t{1} << (8 * (5 - count)))) return std::nullopt;
  uint64_t result = last;
  for (size_t i = 0; i + 1 < count; ++i) {
    if (numbers[i] > 255) return std::nullopt;
    result |= numbers[i] << (8 * (3 - i));
  }
  return static_cast<uint32_t>(result);
}

bool InV4(uint32_t address, uint32_t network, int prefix) {
  return (address >> (32 - prefix)) == (network >> (32 - prefix));
}

}  // namespace

IpAddress IpAddress::V4(uint32_t host_order) {
  IpAddress address;
  std::copy(std::begin(kMappedPrefix), std::end(kMappedPrefix), address.bytes_.begin());
  for (int i = 0; i < 4; ++i) address.bytes_[12 + i] = (host_order >> (24 - 8 * i)) & 0xff;
  return address;
}

IpAddress IpAddress::V6(const std::array<uint8_t, 16>& bytes) {
  IpAddress address;
  address.bytes_ = bytes;
  return address;
}

std::optional<IpAddress> IpAddress::FromSockaddr(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in in;
    std::memcpy(&in, address, sizeof in);
    return V4(ntohl(in.sin_addr.s_addr));
  }
  if (address->sa_family == AF_INET6) {
    sockaddr_in6 in6;
    std::memcpy(&in6, address, sizeof in6);
    std::array<uint8_t, 16> bytes;
    std::memcpy(bytes.data(), &in6.sin6_addr, 16);
    return V6(bytes);
  }
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
    if (text.find(':') == std::string_view::npos) return std::nullopt;
  }
  if (text.find(':') == std::string_view::npos) {
    if (!EndsInNumber(text)) return std::nullopt;
    const std::optional<uint32_t> v4 = ParseIpv4(text);
    if (!v4) return std::nullopt;
    return V4(*v4);
  }
  text = text.substr(0, text.find('%'));
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  std::array<uint8_t, 16> bytes;
  if (inet_pton(AF_INET6, std::string(text).c_str(), bytes.data()) != 1) return std::nullopt;
  return V6(bytes);
}

bool IpAddress::EndsInNumber(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  const size_t dot = host.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? host : host.substr(dot + 1);
  if (last.empty()) return false;
  if (std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return true;
  }
  // "0x" alone counts as zero.
  return last.size() >= 2 && last[0] == '0' && (last[1] == 'x' || last[1] == 'X') &&
         ParseIpv4Part(last).has_value();
}

bool IpAddress::is_v4() const {
  return std::equal(std::begin(kMappedPrefix), std::end(kMappedPrefix), bytes_.begin());
}

uint32_t IpAddress::v4() const {
  uint32_t value = 0;
  for (int i = 12; i < 16; ++i) value = value << 8 | bytes_[i];
  return value;
}

bool IpAddress::IsUnspecified() const {
  return *this == V4(0) || *this == IpAddress();
}

bool IpAddress::IsLoopback() const {
  if (is_v4()) return InV4(v4(), 0x7f000000, 8);
  IpAddress one;
  one.bytes_[15] = 1;
  return *this == one;
}

bool IpAddress::IsPrivate() const {
  if (IsUnspecified() || IsLoopback()) return true;
  if (is_v4()) {
    const uint32_t address = v4();
    return InV4(address, 0x00000000, 8) ||   // "this network"
           InV4(address, 0x0a000000, 8) ||   // 10/8
           InV4(address, 0x64400000, 10) ||  // 100.64/10, carrier-grade NAT
           InV4(address, 0xa9fe0000, 16) ||  // 169.254/16, link local and cloud metadata
           InV4(address, 0xac100000, 12) ||  // 172.16/12
           InV4(address, 0xc0a80000, 16);    // 192.168/16
  }
  return (bytes_[0] & 0xfe) == 0xfc ||                         // fc00::/7 ULA
         (bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80) ||  // fe80::/10
         (bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0xc0);    // fec0::/10, old site local
}

std::optional<IpAddress> IpAddress::EmbeddedV4() const {
  if (is_v4() || IsUnspecified() || IsLoopback()) return std::nullopt;
  const auto at = [this](int offset) {
    uint32_t value = 0;
    for (int i = offset; i < offset + 4; ++i) value = value << 8 | bytes_[i];
    return V4(value);
  };
  const auto zero = [this](int from, int to) {
    return std::all_of(bytes_.begin() + from, bytes_.begin() + to,
                       [](uint8_t b) { return b == 0; });
  };
  if (zero(0, 12)) return at(12);
  // ::ffff:0:a.b.c.d, IPv4-translated (RFC 2765).
  if (zero(0, 8) && bytes_[8] == 0xff && bytes_[9] == 0xff && zero(10, 12)) return at(12);
  if (bytes_[0] == 0 && bytes_[1] == 0x64 && bytes_[2] == 0xff && bytes_[3] == 0x9b) return at(12);
  if (bytes_[0] == 0x20 && bytes_[1] == 0x02) return at(2);
  return std::nullopt;
}

std::string IpAddress::ToString() const {
  char text[INET6_ADDRSTRLEN] = "";
  if (is_v4()) {
    inet_ntop(AF_INET, bytes_.data() + 12, text, sizeof text);
  } else {
    inet_ntop(AF_INET6, bytes_.data(), text, sizeof text);
  }
  return text;
}

bool IpAddress::InPrefix(const IpAddress& network, int prefix) const {
  for (int i = 0; i < 16 && prefix > 0; ++i, prefix -= 8) {
    const int bits = std::min(prefix, 8);
    const uint8_t mask = static_cast<uint8_t>(0xff << (8 - bits));
    if ((bytes_[i] & mask) != (network.bytes_[i] & mask)) return false;
  }
  return true;
}

}  // namespace rt
