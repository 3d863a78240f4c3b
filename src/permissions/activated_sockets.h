// Sockets that a service manager opened for this process before it started (socket activation,
// sd_listen_fds(3)): LISTEN_FDS, LISTEN_PID, LISTEN_FDNAMES. They belong to the process. Whoever
// may listen on the address of one gets it instead of a new socket; nothing else leads to them.
// Filled once, before there is a second thread; then any thread.
#pragma once

#include <sys/socket.h>

#include <optional>
#include <string>
#include <string_view>

#include "src/permissions/owned_fd.h"
#include "src/permissions/path_target.h"

namespace rt {

// Reads the variables and takes them out of the environment: they are not for child programs.
void TakeActivatedSockets();

// A descriptor of the socket of that type (SOCK_STREAM: it listens) with this address; one that
// listens on all addresses of both families is also the one for 0.0.0.0. Not valid: there is none.
OwnedFd ActivatedSocket(const sockaddr* address, int type);
// The same for the unix socket that has this place as its name.
OwnedFd ActivatedUnixSocket(const PathTarget& path, int type);

// The address of the first socket of that name.
struct ActivatedAddress {
  sockaddr_storage address{};
  socklen_t length = 0;
  int type = 0;
};
std::optional<ActivatedAddress> FindActivatedSocket(std::string_view name);

}  // namespace rt
