// Unix socket sinks. connect(2), bind(2) and sendto(2) take no directory descriptor; the kernel's
// link to one of ours (/proc/self/fd/N) stands in for it, so what was checked is what is used.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "src/permissions/activated_sockets.h"
#include "src/permissions/grant_access.h"
#include "src/permissions/net_sinks.h"
#include "src/permissions/path_resolver.h"
#include "src/permissions/path_scope.h"
#include "src/permissions/sink_paths.h"
#include "src/permissions/wall_helper.h"

namespace rt {
namespace {

struct UnixAddress {
  sockaddr_un address{};
  socklen_t length = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
};

Error TooLong() {
  return Error::Make(ErrorClass::kTypeError, "path must be shorter than SUN_LEN", "EINVAL");
}

Result<UnixAddress> ToAddress(std::string_view name) {
  UnixAddress made;
  made.address.sun_family = AF_UNIX;
  if (name.size() >= sizeof made.address.sun_path) return TooLong();
  std::memcpy(made.address.sun_path, name.data(), name.size());
  made.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size() + 1);
  return made;
}

// "@name" is the abstract name "name": a NUL instead of the "@", and no NUL at the end.
Result<UnixAddress> ToAbstract(const UnixPath& path) {
  if (!path.path.starts_with('@')) return Error::Type("not an abstract socket name");
  UnixAddress made;
  made.address.sun_family = AF_UNIX;
  if (path.path.size() > sizeof made.address.sun_path) return TooLong();
  std::memcpy(made.address.sun_path, path.path.data(), path.path.size());
  made.address.sun_path[0] = '\0';
  made.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.path.size());
  return made;
}

std::string LinkTo(int fd) {
  return "/proc/self/fd/" + std::to_string(fd);
}

Result<OwnedFd> NewSocket(UnixKind kind) {
  const int type = kind == UnixKind::kStream ? SOCK_STREAM : SOCK_DGRAM;
  OwnedFd fd(socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return Error::FromErrno(errno);
  return fd;
}

Result<Connecting> Connect(const UnixAddress& address) {
  RT_TRY(OwnedFd fd, NewSocket(UnixKind::kStream));
  // A full backlog is EAGAIN: libuv and tokio report it, and so do we.
  if (connect(fd.get(), address.get(), address.length) != 0) return Error::FromErrno(errno);
  return Connecting{std::move(fd), false};
}

Result<std::optional<size_t>> Send(int fd, std::span<const uint8_t> bytes,
                                   const UnixAddress& address) {
  for (;;) {
    const ssize_t sent =
        sendto(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL, address.get(), address.length);
    if (sent >= 0) return std::optional<size_t>(static_cast<size_t>(sent));
    if (errno == EAGAIN) return std::optional<size_t>();
    if (errno != EINTR) return Error::FromErrno(errno);
  }
}

Error WithoutPath(Error error) {
  return error.sys_errno != 0 ? Error::FromErrno(error.sys_errno) : error;
}

// The object itself, opened without using it.
Result<OwnedFd> OpenSocketFile(const PathTarget& path) {
  auto opened = OpenTarget(path, "connect", O_PATH);
  if (!opened.ok()) {
    if (opened.error().sys_errno == ENAMETOOLONG) return TooLong();
    return WithoutPath(opened.TakeError());
  }
  return std::move(opened).value();
}

}  // namespace

Result<void> CheckSocketPlace(Permissions& permissions, const PathTarget& found, NetUse use,
                              std::string_view api) {
  if (permissions.IsUnscoped(Perm::kNet) || found.how() != PathTarget::How::kResolved) return {};
  const std::string folder = PathOfFd(found.dir());
  if (folder.empty()) return Error::FromErrno(ENOENT);
  std::string place =
      found.name() == "." ? folder : NormalizeLexically(folder + "/" + found.name());
  if (place == found.path()) return {};
  RT_TRY_VOID(GrantAccess::CheckUnix(permissions, std::move(place), api, use));
  return {};
}

Result<Connecting> ConnectUnixSocket(const GrantedReadWrite<PathTarget>& path,
                                     const Granted<Perm::kNet, UnixPath>&) {
  RT_TRY(const OwnedFd file, OpenSocketFile(*path));
  RT_TRY(const UnixAddress address, ToAddress(LinkTo(file.get())));
  return Connect(address);
}

Result<BoundUnix> BindUnixSocket(const GrantedReadWrite<EntryTarget>& path,
                                 const Granted<Perm::kNet, UnixPath>&, UnixKind kind) {
  // The name a script sees in addr.path is the one it gave, so the limit is on that one.
  if (path->path().size() >= sizeof(sockaddr_un::sun_path)) return TooLong();
  const int type = kind == UnixKind::kStream ? SOCK_STREAM : SOCK_DGRAM;
  // Whoever made it takes it away.
  if (OwnedFd activated = ActivatedUnixSocket(*path, type)) {
    return BoundUnix{std::move(activated), {}};
  }
  auto anchored = AnchorOf(*path, "bind");
  if (!anchored.ok()) return WithoutPath(anchored.TakeError());
  const Anchor anchor = std::move(anchored).value();
  const std::string name =
      anchor.dir == AT_FDCWD ? anchor.name : LinkTo(anchor.dir) + "/" + anchor.name;
  RT_TRY(const UnixAddress address, ToAddress(name));
  RT_TRY(OwnedFd fd, NewSocket(kind));
  if (bind(fd.get(), address.get(), address.length) != 0) {
    const int error_number = errno;
    auto outside = WallHelper::MayBeTheWall(error_number)
                       ? WallHelper::Get()->BindUnix(fd.get(), path->path())
                       : std::nullopt;
    if (!outside) return Error::FromErrno(error_number);
    if (!outside->ok()) return outside->TakeError();
  }
  struct stat info {};
  UnixSocketFile file;
  if (fstatat(anchor.dir, anchor.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) {
    file = UnixSocketFile(*path, info.st_dev, info.st_ino);
  }
  return BoundUnix{std::move(fd), std::move(file)};
}

Result<void> BindUnixTo(const OwnedFd& fd, const GrantedReadWrite<EntryTarget>& path,
                        const Granted<Perm::kNet, UnixPath>&) {
  RT_TRY(const Anchor anchor, AnchorOf(*path, "bind"));
  RT_TRY(const UnixAddress address,
         ToAddress(anchor.dir == AT_FDCWD ? anchor.name : LinkTo(anchor.dir) + "/" + anchor.name));
  if (bind(fd.get(), address.get(), address.length) != 0) return Error::FromErrno(errno);
  return {};
}

void UnixSocketFile::Remove() {
  const uint64_t inode = std::exchange(inode_, 0);
  if (inode == 0) return;
  auto anchor = AnchorOf(target_, "remove");
  if (!anchor.ok()) return;
  struct stat info {};
  const bool same = fstatat(anchor->dir, anchor->name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 &&
                    S_ISSOCK(info.st_mode) && info.st_dev == device_ && info.st_ino == inode;
  if (!same || unlinkat(anchor->dir, anchor->name.c_str(), 0) == 0) return;
  if (WallHelper::MayBeTheWall(errno)) (void)WallHelper::Get()->Remove(target_.path(), false);
}

Result<std::optional<size_t>> SendUnix(int fd, std::span<const uint8_t> bytes,
                                       const Granted<Perm::kWrite, PathTarget>& path,
                                       const Granted<Perm::kNet, UnixPath>&) {
  RT_TRY(const OwnedFd file, OpenSocketFile(*path));
  RT_TRY(const UnixAddress address, ToAddress(LinkTo(file.get())));
  return Send(fd, bytes, address);
}

Result<Connecting> ConnectAbstractSocket(const Granted<Perm::kNet, UnixPath>& name) {
  RT_TRY(const UnixAddress address, ToAbstract(*name));
  return Connect(address);
}

Result<BoundUnix> BindAbstractSocket(const Granted<Perm::kNet, UnixPath>& name, UnixKind kind) {
  RT_TRY(const UnixAddress address, ToAbstract(*name));
  RT_TRY(OwnedFd fd, NewSocket(kind));
  if (bind(fd.get(), address.get(), address.length) != 0) return Error::FromErrno(errno);
  return BoundUnix{std::move(fd), {}};
}

Result<std::optional<size_t>> SendAbstract(int fd, std::span<const uint8_t> bytes,
                                           const Granted<Perm::kNet, UnixPath>& name) {
  RT_TRY(const UnixAddress address, ToAbstract(*name));
  return Send(fd, bytes, address);
}

Result<OwnedFd> UnboundUnixDatagram() {
  auto made = NewSocket(UnixKind::kDatagram);
  if (made.ok() || made.error().sys_errno != EPERM) return made;
  // Behind the kernel's wall where no unix socket is granted: one that nobody is at the end of.
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) return made;
  close(ends[1]);
  return OwnedFd(ends[0]);
}

}  // namespace rt
