// Socket addresses as scripts see them, and back. Pure; must never look a name up.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <cstdint>
#include <optional>
#include <string>

#include "src/permissions/ip_address.h"
#include "src/permissions/targets.h"

namespace rt {

struct InetName {
  std::string hostname;  // "127.0.0.1", "::1"; with a zone, "fe80::1%2"
  uint32_t port = 0;
};
InetName ToInetName(const sockaddr_storage& address);

// Nothing for a socket without a name; an abstract name begins with a NUL, as in Deno.
std::optional<std::string> ToUnixName(const sockaddr_storage& address, socklen_t length);

SocketAddress ToSocketAddress(const IpAddress& ip, uint16_t port);

// getsockname and getpeername; an unspecified address if the socket has none (any more).
sockaddr_storage LocalAddressOf(int fd);
sockaddr_storage PeerAddressOf(int fd);

}  // namespace rt
