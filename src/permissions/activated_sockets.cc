#include "src/permissions/activated_sockets.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "src/permissions/path_resolver.h"

namespace rt {
namespace {

constexpr int kFirstFd = 3;  // SD_LISTEN_FDS_START

struct Activated {
  OwnedFd fd;
  std::string name;
  ActivatedAddress at;
};

std::vector<Activated>& Sockets() {
  static auto* const sockets = new std::vector<Activated>();
  return *sockets;
}

std::optional<int> Number(const char* text) {
  if (text == nullptr) return std::nullopt;
  int number = 0;
  const char* const end = text + std::strlen(text);
  const auto parsed = std::from_chars(text, end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number;
}

const sockaddr* AddressOf(const Activated& socket) {
  return reinterpret_cast<const sockaddr*>(&socket.at.address);
}

// sin_port and sin6_port are at the same place.
in_port_t PortOf(const sockaddr* address) {
  return reinterpret_cast<const sockaddr_in*>(address)->sin_port;
}

bool IsSame(const Activated& socket, const sockaddr* wanted) {
  const sockaddr* const own = AddressOf(socket);
  if (PortOf(own) != PortOf(wanted)) return false;
  const auto* own_v6 = reinterpret_cast<const sockaddr_in6*>(own);
  const auto* wanted_v4 = reinterpret_cast<const sockaddr_in*>(wanted);
  if (own->sa_family == AF_INET && wanted->sa_family == AF_INET) {
    const auto* own_v4 = reinterpret_cast<const sockaddr_in*>(own);
    return own_v4->sin_addr.s_addr == wanted_v4->sin_addr.s_addr;
  }
  if (own->sa_family != AF_INET6) return false;
  if (wanted->sa_family == AF_INET6) {
    const auto* wanted_v6 = reinterpret_cast<const sockaddr_in6*>(wanted);
    return own_v6->sin6_scope_id == wanted_v6->sin6_scope_id &&
           std::memcmp(&own_v6->sin6_addr, &wanted_v6->sin6_addr, sizeof own_v6->sin6_addr) == 0;
  }
  int only_v6 = 0;
  socklen_t size = sizeof only_v6;
  return wanted->sa_family == AF_INET && wanted_v4->sin_addr.s_addr == htonl(INADDR_ANY) &&
         IN6_IS_ADDR_UNSPECIFIED(&own_v6->sin6_addr) &&
         getsockopt(socket.fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, &size) == 0 &&
         only_v6 == 0;
}

// The manager keeps its own, and so do we: it can be listened on again after a close.
OwnedFd Copy(const Activated& socket) {
  return OwnedFd(fcntl(socket.fd.get(), F_DUPFD_CLOEXEC, kFirstFd));
}

}  // namespace

void TakeActivatedSockets() {
  if (getenv("LISTEN_FDS") == nullptr) return;
  const auto count = Number(getenv("LISTEN_FDS"));
  const auto pid = Number(getenv("LISTEN_PID"));
  const char* given_names = getenv("LISTEN_FDNAMES");
  std::string names = given_names == nullptr ? "" : given_names;
  for (const char* variable : {"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "LISTEN_PIDFDID"}) {
    unsetenv(variable);
  }
  // Those of a program that started this one are not for it.
  if (!count || !pid || *pid != getpid()) return;
  for (int fd = kFirstFd; fd - kFirstFd < *count; ++fd) {
    const size_t colon = names.find(':');
    std::string name = names.substr(0, colon);
    names.erase(0, colon == std::string::npos ? names.size() : colon + 1);
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) return;  // there are no more
    Activated socket{OwnedFd(fd), std::move(name), {}};
    socklen_t size = sizeof socket.at.type;
    socket.at.length = sizeof socket.at.address;
    // What is no socket (a FIFO, a device) stays closed to scripts.
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &socket.at.type, &size) != 0 ||
        getsockname(fd, reinterpret_cast<sockaddr*>(&socket.at.address), &socket.at.length) != 0) {
      socket.fd.Release();
      continue;
    }
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    Sockets().push_back(std::move(socket));
  }
}

OwnedFd ActivatedSocket(const sockaddr* address, int type) {
  for (const Activated& socket : Sockets()) {
    if (socket.at.type == type && IsSame(socket, address)) return Copy(socket);
  }
  return {};
}

OwnedFd ActivatedUnixSocket(const PathTarget& path, int type) {
  if (Sockets().empty()) return {};
  std::string wanted;
  if (path.how() == PathTarget::How::kResolved) {
    const std::string folder = PathOfFd(path.dir());
    wanted = folder + (folder.ends_with('/') ? "" : "/") + path.name();
  } else {
    wanted = PathResolver::Resolve(path.path(), {.follow = false}).resolved;
  }
  for (const Activated& socket : Sockets()) {
    const auto* own = reinterpret_cast<const sockaddr_un*>(&socket.at.address);
    if (socket.at.type != type || own->sun_family != AF_UNIX || own->sun_path[0] != '/') continue;
    const size_t room = socket.at.length - offsetof(sockaddr_un, sun_path);
    std::string name(own->sun_path, strnlen(own->sun_path, room));
    if (PathResolver::Resolve(std::move(name), {.follow = false}).resolved == wanted) {
      return Copy(socket);
    }
  }
  return {};
}

std::optional<ActivatedAddress> FindActivatedSocket(std::string_view name) {
  for (const Activated& socket : Sockets()) {
    if (socket.name == name) return socket.at;
  }
  return std::nullopt;
}

}  // namespace rt
