// Everything that connects, binds or sends for ops: it takes Granted values and nothing else, so
// the address that was checked is the address that is used. Synchronous and never blocking: sockets
// are made non-blocking and close-on-exec. Any thread. Errors are Error::FromErrno without a
// syscall's name, as Deno words them.
#pragma once

#include <sys/un.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "src/base/result.h"
#include "src/permissions/granted.h"
#include "src/permissions/owned_fd.h"
#include "src/permissions/path_target.h"
#include "src/permissions/targets.h"

namespace rt {

class Permissions;

using GrantedSocketAddress = Granted<Perm::kNet, SocketAddress>;

// A connect that has begun. `pending`: wait until the socket is writable, then ask FinishConnect().
struct Connecting {
  OwnedFd fd;
  bool pending = false;
};
// `from`: the address of this machine to connect from, of the same family; its port is any.
Result<Connecting> ConnectTcpSocket(const GrantedSocketAddress& address,
                                    const std::optional<IpAddress>& from = {});
// Done, or still pending (false), or why it failed.
Result<bool> FinishConnect(int fd);

struct ListenSocketOptions {
  int backlog = 511;
  // Several sockets share the port, the kernel spreads connections (SO_REUSEPORT).
  bool reuse_port = false;
};
Result<OwnedFd> ListenTcpSocket(const GrantedSocketAddress& address,
                                const ListenSocketOptions& options);

struct UdpSocketOptions {
  bool reuse_address = false;
  bool loopback = false;  // own multicast packets come back
};
Result<OwnedFd> BindUdpSocket(const GrantedSocketAddress& address, const UdpSocketOptions& options);
// Nothing: the socket's buffer is full, wait until it is writable.
Result<std::optional<size_t>> SendUdp(int fd, std::span<const uint8_t> bytes,
                                      const GrantedSocketAddress& address);

// --- unix sockets ---

enum class UnixKind : uint8_t { kStream, kDatagram };

// The entry a bound unix socket made in the file system. Remove() unlinks it, if it is still that
// very socket.
class UnixSocketFile {
 public:
  UnixSocketFile() = default;
  UnixSocketFile(PathTarget target, uint64_t device, uint64_t inode)
      : target_(std::move(target)), device_(device), inode_(inode) {}
  UnixSocketFile(UnixSocketFile&&) noexcept = default;
  UnixSocketFile& operator=(UnixSocketFile&&) noexcept = default;

  void Remove();

 private:
  PathTarget target_;
  uint64_t device_ = 0;
  uint64_t inode_ = 0;  // 0: nothing to remove
};

struct BoundUnix {
  OwnedFd fd;
  UnixSocketFile file;
};

// A path and what `net` says about it are two questions, and a link may have been changed in
// between: asks the second one again about the place that was found for the path, if that is not
// what the script spelt. NotCapable.
Result<void> CheckSocketPlace(Permissions& permissions, const PathTarget& found, NetUse use,
                              std::string_view api);

// `path` was resolved through its links; the very object that was checked is connected to.
Result<Connecting> ConnectUnixSocket(const GrantedReadWrite<PathTarget>& path,
                                     const Granted<Perm::kNet, UnixPath>& address);
Result<BoundUnix> BindUnixSocket(const GrantedReadWrite<EntryTarget>& path,
                                 const Granted<Perm::kNet, UnixPath>& address, UnixKind kind);
// A socket that is there already: how the helper outside the kernel's wall binds one for rt.
Result<void> BindUnixTo(const OwnedFd& fd, const GrantedReadWrite<EntryTarget>& path,
                        const Granted<Perm::kNet, UnixPath>& address);
// Nothing: the receiver's buffer is full, wait until the socket is writable.
Result<std::optional<size_t>> SendUnix(int fd, std::span<const uint8_t> bytes,
                                       const Granted<Perm::kWrite, PathTarget>& path,
                                       const Granted<Perm::kNet, UnixPath>& address);

// Abstract names ("@name" in the granted value) have no file.
Result<Connecting> ConnectAbstractSocket(const Granted<Perm::kNet, UnixPath>& address);
Result<BoundUnix> BindAbstractSocket(const Granted<Perm::kNet, UnixPath>& address, UnixKind kind);
Result<std::optional<size_t>> SendAbstract(int fd, std::span<const uint8_t> bytes,
                                           const Granted<Perm::kNet, UnixPath>& address);

// A datagram socket without a name: it can send, not receive.
Result<OwnedFd> UnboundUnixDatagram();

Result<void> ListenOn(const OwnedFd& fd, int backlog);

}  // namespace rt
