// IP addresses in one canonical form, so that every spelling of an address compares equal. Parsing
// follows the WHATWG URL host parser for IPv4 numbers. Must never look anything up.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rt {

// 128 bits; IPv4 is held as ::ffff:a.b.c.d, so an IPv4-mapped IPv6 address is the IPv4 address.
class IpAddress {
 public:
  static IpAddress V4(uint32_t host_order);
  static IpAddress V6(const std::array<uint8_t, 16>& bytes);
  // AF_INET and AF_INET6; nothing for other families.
  static std::optional<IpAddress> FromSockaddr(const sockaddr* address);
  // Every numeric spelling: "127.0.0.1", "127.1", "0x7f.1", "017700000001", "2130706433", "::1",
  // "[::1]", "::ffff:127.0.0.1", "fe80::1%eth0" (the zone is dropped). Nothing for a name.
  static std::optional<IpAddress> Parse(std::string_view text);
  // Whether WHATWG would take the host for an IPv4 number (last label is numeric), even a bad one.
  static bool EndsInNumber(std::string_view host);

  bool is_v4() const;
  uint32_t v4() const;  // host order; only if is_v4()
  const std::array<uint8_t, 16>& bytes() const { return bytes_; }

  // 0.0.0.0 and ::, with which connect() reaches this machine.
  bool IsUnspecified() const;
  bool IsLoopback() const;  // 127.0.0.0/8, ::1
  // Loopback, unspecified, RFC 1918, 100.64.0.0/10, link local, ULA: not on the public internet.
  bool IsPrivate() const;
  // The IPv4 address that traffic to this IPv6 address ends up at: IPv4-compatible (::a.b.c.d),
  // NAT64 (64:ff9b::/96), 6to4 (2002::/16).
  std::optional<IpAddress> EmbeddedV4() const;

  // Canonical text: "127.0.0.1", "2001:db8::1" (RFC 5952), no brackets.
  std::string ToString() const;

  // The first `prefix` bits (0..128, of the 128-bit form) are equal.
  bool InPrefix(const IpAddress& network, int prefix) const;

  friend bool operator==(const IpAddress&, const IpAddress&) = default;

 private:
  std::array<uint8_t, 16> bytes_{};
};

}  // namespace rt
