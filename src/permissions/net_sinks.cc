// TCP and UDP sinks; unix sockets are in net_sinks_unix.cc.
#include "src/permissions/net_sinks.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "src/permissions/activated_sockets.h"
#include "src/permissions/wall_helper.h"

namespace rt {
namespace {

Result<OwnedFd> NewSocket(const SocketAddress& address, int type) {
  OwnedFd fd(socket(address.storage.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return Error::FromErrno(errno);
  return fd;
}

bool SetFlag(int fd, int level, int option, bool on) {
  const int value = on ? 1 : 0;
  return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

}  // namespace

Result<Connecting> ConnectTcpSocket(const GrantedSocketAddress& address,
                                    const std::optional<IpAddress>& from) {
  RT_TRY(OwnedFd fd, NewSocket(*address, SOCK_STREAM));
  if (from) {
    const bool is_v4 = address->storage.ss_family == AF_INET;
    if (from->is_v4() != is_v4) return Error::FromErrno(EADDRNOTAVAIL);
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    v4.sin_family = AF_INET;
    v6.sin6_family = AF_INET6;
    if (is_v4) {
      v4.sin_addr.s_addr = htonl(from->v4());
    } else {
      std::memcpy(&v6.sin6_addr, from->bytes().data(), from->bytes().size());
    }
    const auto* local = is_v4 ? reinterpret_cast<sockaddr*>(&v4) : reinterpret_cast<sockaddr*>(&v6);
    if (BindPastWall(fd.get(), local, is_v4 ? sizeof v4 : sizeof v6) != 0) {
      return Error::FromErrno(errno);
    }
  }
  const bool done = ConnectPastWall(fd.get(), address->get(), address->length) == 0;
  if (!done && errno != EINPROGRESS) return Error::FromErrno(errno);
  return Connecting{std::move(fd), !done};
}

Result<bool> FinishConnect(int fd) {
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return Error::FromErrno(errno);
  if (error != 0) return Error::FromErrno(error);
  sockaddr_storage peer;
  socklen_t peer_length = sizeof peer;
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &peer_length) == 0) return true;
  if (errno == ENOTCONN) return false;
  return Error::FromErrno(errno);
}

Result<OwnedFd> ListenTcpSocket(const GrantedSocketAddress& address,
                                const ListenSocketOptions& options) {
  if (OwnedFd activated = ActivatedSocket(address->get(), SOCK_STREAM)) return activated;
  RT_TRY(OwnedFd fd, NewSocket(*address, SOCK_STREAM));
  if (!SetFlag(fd.get(), SOL_SOCKET, SO_REUSEADDR, true) ||
      (options.reuse_port && !SetFlag(fd.get(), SOL_SOCKET, SO_REUSEPORT, true)) ||
      BindPastWall(fd.get(), address->get(), address->length) != 0) {
    return Error::FromErrno(errno);
  }
  RT_TRY_VOID(ListenOn(fd, options.backlog));
  return fd;
}

Result<void> ListenOn(const OwnedFd& fd, int backlog) {
  if (listen(fd.get(), backlog) != 0) return Error::FromErrno(errno);
  return {};
}

Result<OwnedFd> BindUdpSocket(const GrantedSocketAddress& address,
                              const UdpSocketOptions& options) {
  if (OwnedFd activated = ActivatedSocket(address->get(), SOCK_DGRAM)) return activated;
  RT_TRY(OwnedFd fd, NewSocket(*address, SOCK_DGRAM));
  const bool v4 = address->storage.ss_family == AF_INET;
  // Broadcast is on by default, as in Deno.
  if ((options.reuse_address && !SetFlag(fd.get(), SOL_SOCKET, SO_REUSEADDR, true)) ||
      !SetFlag(fd.get(), SOL_SOCKET, SO_BROADCAST, true) ||
      !SetFlag(fd.get(), v4 ? IPPROTO_IP : IPPROTO_IPV6,
               v4 ? IP_MULTICAST_LOOP : IPV6_MULTICAST_LOOP, options.loopback) ||
      BindPastWall(fd.get(), address->get(), address->length) != 0) {
    return Error::FromErrno(errno);
  }
  return fd;
}

Result<std::optional<size_t>> SendUdp(int fd, std::span<const uint8_t> bytes,
                                      const GrantedSocketAddress& address) {
  for (;;) {
    const ssize_t sent =
        sendto(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL, address->get(), address->length);
    if (sent >= 0) return std::optional<size_t>(static_cast<size_t>(sent));
    if (errno == EAGAIN) return std::optional<size_t>();
    if (errno != EINTR) return Error::FromErrno(errno);
  }
}

}  // namespace rt
