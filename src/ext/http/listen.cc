// From what was granted to a bound socket. The only place of the http folder that decides an
// address.
#include <netdb.h>

#include <memory>

#include "src/ext/http/http_server.h"
#include "src/permissions/activated_sockets.h"
#include "src/permissions/grant_access.h"
#include "src/permissions/net_sinks.h"
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
                                 const Granted<Perm::kNet, UnixPath>& address,
                                 const http::ListenOptions& options,
                                 http::ServerCallbacks callbacks) {
  RT_TRY(BoundUnix bound, BindUnixSocket(path, address, UnixKind::kStream));
  // Shared, since a std::function must be copied.
  const auto file = std::make_shared<UnixSocketFile>(std::move(bound.file));
  callbacks.on_deaf = [file] { file->Remove(); };
  http::ListenOptions with_socket = options;
  with_socket.activated = [&](const sockaddr*) { return bound.fd.Release(); };
  sockaddr unused{};
  unused.sa_family = AF_UNIX;
  auto server = engine.ListenSockaddr(&unused, sizeof unused, with_socket, std::move(callbacks));
  if (!server.ok()) file->Remove();
  return server;
}

}  // namespace rt
