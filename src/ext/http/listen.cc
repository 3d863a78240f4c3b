// From what was granted to a bound socket. The only place of the http folder that decides an
// address.
#include <netdb.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "src/ext/http/http_server.h"
#include "src/permissions/activated_sockets.h"
#include "src/permissions/grant_access.h"
#include "src/permissions/wall_helper.h"

namespace rt {
namespace {

struct AddressList {
  ~AddressList() {
    if (first != nullptr) freeaddrinfo(first);
  }
  addrinfo* first = nullptr;
};

}  // namespace

Result<http::Server*> ListenTcp(http::Engine& engine, Permissions& permissions,
                                const Granted<Perm::kNet, HostPort>& host,
                                const http::ListenOptions& options,
                                http::ServerCallbacks callbacks) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV | (host->ip ? AI_NUMERICHOST : 0);
  const std::string port = std::to_string(host->port.value_or(0));
  AddressList found;
  if (const int status = getaddrinfo(host->host.c_str(), port.c_str(), &hints, &found.first);
      status != 0) {
    return Error::Make(ErrorClass::kError, "failed to lookup address information: " +
                                               std::string(gai_strerror(status)));
  }
  http::ListenOptions past_wall = options;
  past_wall.bind = BindPastWall;
  past_wall.activated = [](const sockaddr* where) {
    return ActivatedSocket(where, SOCK_STREAM).Release();
  };
  Result<http::Server*> last = Error::Make(ErrorClass::kError, "the host has no address");
  for (const addrinfo* each = found.first; each != nullptr; each = each->ai_next) {
    RT_TRY(auto address,
           GrantAccess::CheckResolved(permissions, host, each->ai_addr, each->ai_addrlen));
    last = engine.ListenSockaddr(address->get(), address->length, past_wall, callbacks);
    if (last.ok()) break;
  }
  return last;
}

Result<http::Server*> ListenUnix(http::Engine& engine, const GrantedReadWrite<EntryTarget>& path,
                                 const Granted<Perm::kNet, UnixPath>&,
                                 const http::ListenOptions& options,
                                 http::ServerCallbacks callbacks) {
  const EntryTarget& target = *path;
  std::string name;
  switch (target.how()) {
    case PathTarget::How::kDirect:
    case PathTarget::How::kGuarded:
      name = target.name();
      break;
    case PathTarget::How::kResolved:
      if (!target.rest().empty()) return Error::FromErrno(ENOENT, "listen", target.path());
      // bind(2) takes no directory descriptor; the kernel's link to ours stands in for one.
      name = "/proc/self/fd/" + std::to_string(target.dir()) + "/" + target.name();
      break;
    case PathTarget::How::kRefused:
      return Error::FromErrno(target.error_number(), "listen", target.path());
    case PathTarget::How::kNothing:
      return Error::FromErrno(EBADF, "listen", target.path());
  }
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.size() >= sizeof address.sun_path) {
    return Error::FromErrno(ENAMETOOLONG, "listen", target.path());
  }
  std::memcpy(address.sun_path, name.data(), name.size());
  http::ListenOptions past_wall = options;
  past_wall.activated = [&](const sockaddr*) {
    return ActivatedUnixSocket(target, SOCK_STREAM).Release();
  };
  past_wall.bind = [&](int fd, const sockaddr* where, socklen_t length) {
    if (bind(fd, where, length) == 0) return 0;
    const int error_number = errno;
    auto outside = WallHelper::MayBeTheWall(error_number)
                       ? WallHelper::Get()->BindUnix(fd, target.path())
                       : std::nullopt;
    if (outside && outside->ok()) return 0;
    errno = outside ? outside->error().sys_errno : error_number;
    return -1;
  };
  return engine.ListenSockaddr(reinterpret_cast<const sockaddr*>(&address), sizeof address,
                               past_wall, std::move(callbacks));
}

}  // namespace rt
