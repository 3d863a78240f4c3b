// See the header.
#include "src/ext/net/addresses.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstddef>
#include <cstring>

namespace rt {

InetName ToInetName(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = "";
  InetName name;
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    name.port = ntohs(v4.sin_port);
    name.hostname = text;
  } else if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    name.port = ntohs(v6.sin6_port);
    name.hostname = text;
  }
  return name;
}

std::optional<std::string> ToUnixName(const sockaddr_storage& address, socklen_t length) {
  constexpr socklen_t kHead = offsetof(sockaddr_un, sun_path);
  if (address.ss_family != AF_UNIX || length <= kHead) return std::nullopt;
  const char* path = reinterpret_cast<const sockaddr_un&>(address).sun_path;
  if (path[0] == '\0') return std::string(path, length - kHead);
  return std::string(path, strnlen(path, length - kHead));
}

SocketAddress ToSocketAddress(const IpAddress& ip, uint16_t port) {
  SocketAddress made;
  if (ip.is_v4()) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(made.storage);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    v4.sin_addr.s_addr = htonl(ip.v4());
    made.length = sizeof v4;
  } else {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(made.storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&v6.sin6_addr, ip.bytes().data(), ip.bytes().size());
    made.length = sizeof v6;
  }
  return made;
}

sockaddr_storage LocalAddressOf(int fd) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  (void)getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  return address;
}

sockaddr_storage PeerAddressOf(int fd) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  (void)getpeername(fd, reinterpret_cast<sockaddr*>(&address), &length);
  return address;
}

}  // namespace rt
