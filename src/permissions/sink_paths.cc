// Opening granted paths. The guard runs on the opened object, never on the spelling of the path.
#include "src/permissions/sink_paths.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "src/permissions/path_resolver.h"
#include "src/permissions/permissions.h"
#include "src/permissions/wall_helper.h"

namespace rt {
namespace {

// null, zero, full, random, urandom
bool IsHarmlessDevice(dev_t device) {
  const unsigned minor_number = minor(device);
  return major(device) == 1 && (minor_number == 3 || minor_number == 5 || minor_number == 7 ||
                                minor_number == 8 || minor_number == 9);
}

// N of /proc/<this process>/fd/N or .../task/<id>/fd/N, else -1.
int OwnFdNumber(std::string_view resolved) {
  const std::string own = "/proc/" + std::to_string(getpid()) + "/";
  if (!resolved.starts_with(own)) return -1;
  resolved.remove_prefix(own.size());
  if (resolved.starts_with("task/")) {
    const size_t slash = resolved.find('/', 5);
    if (slash == std::string_view::npos) return -1;
    resolved.remove_prefix(slash + 1);
  }
  if (!resolved.starts_with("fd/")) return -1;
  resolved.remove_prefix(3);
  int number = -1;
  const auto [end, error] =
      std::from_chars(resolved.data(), resolved.data() + resolved.size(), number);
  return error == std::errc() && end == resolved.data() + resolved.size() ? number : -1;
}

// /dev/fd/63 and /dev/stdin lead through a link that only procfs can follow. Descriptors the
// process was started with may be opened so; rt's own are all close-on-exec, which tells them
// apart.
OwnedFd OpenInherited(const PathTarget& path, int flags) {
  const PathResolver::Outcome outcome = PathResolver::Resolve(path.name(), {});
  const int number = outcome.special ? OwnFdNumber(outcome.resolved) : -1;
  if (number < 0) return {};
  const int fd_flags = fcntl(number, F_GETFD);
  struct stat info;
  if (fd_flags < 0 || (fd_flags & FD_CLOEXEC) != 0 || fstat(number, &info) != 0) return {};
  if (!S_ISFIFO(info.st_mode) && !S_ISREG(info.st_mode) && !S_ISCHR(info.st_mode)) return {};
  const std::string magic = "/proc/self/fd/" + std::to_string(number);
  return OwnedFd(open(magic.c_str(), (flags & ~(O_CREAT | O_EXCL | O_NOFOLLOW)) | O_CLOEXEC));
}

// Refuses kernel state that looks like files, and devices; an O_PATH descriptor gives no access to
// a device, only its metadata.
Result<void> CheckOpened(int fd, const PathTarget& path, bool only_path) {
  if (path.how() == PathTarget::How::kDirect) return {};
  if (IsSpecialFileSystem(fd)) return AllAccessError(path.shown());
  if (only_path) return {};
  struct stat info;
  if (fstat(fd, &info) != 0 || S_ISBLK(info.st_mode) ||
      (S_ISCHR(info.st_mode) && !IsHarmlessDevice(info.st_rdev))) {
    return AllAccessError(path.shown());
  }
  return {};
}

// Behind a trailing slash the kernel follows a last link: `remove("link/")` would empty what the
// link points to. Entry calls get the name without it and look for a directory themselves.
bool StripTrailingSlashes(std::string& path) {
  const size_t before = path.size();
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path.size() != before;
}

// openat, again when a signal comes in between (opening a FIFO waits).
int OpenAt(int dir, const std::string& name, int flags, mode_t mode) {
  for (;;) {
    const int fd = openat(dir, name.c_str(), flags, mode);
    if (fd >= 0 || errno != EINTR) return fd;
  }
}

}  // namespace

Error PathError(int error_number, std::string_view syscall, const PathTarget& path) {
  Error error = Error::FromErrno(error_number, syscall, path.path());
  // An empty path is one that was given.
  if (path.path().empty()) error.message.append(": ").append(syscall).append(" ''");
  return error;
}

Error TwoPathError(int error_number, std::string_view syscall, const PathTarget& from,
                   const PathTarget& to) {
  if (!from.path().empty()) {
    return Error::FromErrno(error_number, syscall, from.path(), to.path());
  }
  Error error = PathError(error_number, syscall, from);
  error.message.append(" -> '").append(to.path()).append("'");
  return error;
}

Result<OwnedFd> OpenTarget(const PathTarget& path, std::string_view syscall, int flags,
                           mode_t mode) {
  flags |= O_CLOEXEC;
  if ((flags & O_PATH) == 0) flags |= O_NOCTTY;
  // A trailing slash asks for a directory; creating a file under such a name is EISDIR.
  if (path.must_be_directory()) {
    if ((flags & O_CREAT) != 0) return PathError(EISDIR, syscall, path);
    flags |= O_DIRECTORY;
  }
  OwnedFd fd;
  switch (path.how()) {
    case PathTarget::How::kNothing:
      return PathError(EBADF, syscall, path);
    case PathTarget::How::kRefused:
      return PathError(path.error_number(), syscall, path);
    case PathTarget::How::kDirect:
      fd = OwnedFd(OpenAt(AT_FDCWD, path.name(), flags, mode));
      break;
    case PathTarget::How::kGuarded: {
      const bool creates = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
      const mode_t create_mode = creates ? mode & 07777 : 0;
      fd = OwnedFd(Openat2(AT_FDCWD, path.name().c_str(), static_cast<unsigned>(flags), create_mode,
                           RESOLVE_NO_MAGICLINKS));
      if (!fd && errno == ELOOP) {
        fd = OpenInherited(path, flags);
        if (fd) return fd;
        // Either too many ordinary links, or a magic one.
        const PathResolver::Outcome outcome = PathResolver::Resolve(path.name(), {});
        if (outcome.special) return AllAccessError(path.shown());
        return PathError(ELOOP, syscall, path);
      }
      break;
    }
    case PathTarget::How::kResolved:
      if (!path.rest().empty()) return PathError(ENOENT, syscall, path);
      fd = OwnedFd(OpenAt(path.dir(), path.name(), flags | O_NOFOLLOW, mode));
      break;
  }
  if (!fd) {
    const int error_number = errno;
    if (WallHelper::MayBeTheWall(error_number) && (flags & O_PATH) == 0) {
      // It follows links by itself; what is opened has been judged there.
      auto outside = WallHelper::Get()->Open(path.path(), flags & ~O_CLOEXEC, mode);
      if (outside && outside->ok()) return std::move(*outside);
      if (outside) return PathError(outside->error().sys_errno, syscall, path);
    }
    return PathError(error_number, syscall, path);
  }
  RT_TRY_VOID(CheckOpened(fd.get(), path, (flags & O_PATH) != 0));
  return fd;
}

Result<Anchor> AnchorOf(const PathTarget& path, std::string_view syscall) {
  Anchor anchor;
  switch (path.how()) {
    case PathTarget::How::kNothing:
      return PathError(EBADF, syscall, path);
    case PathTarget::How::kRefused:
      return PathError(path.error_number(), syscall, path);
    case PathTarget::How::kDirect:
      anchor.dir = AT_FDCWD;
      anchor.name = path.name();
      anchor.trailing_slash = StripTrailingSlashes(anchor.name);
      return anchor;
    case PathTarget::How::kResolved:
      if (!path.rest().empty()) return PathError(ENOENT, syscall, path);
      anchor.dir = path.dir();
      anchor.name = path.name();
      anchor.trailing_slash = path.must_be_directory();
      return anchor;
    case PathTarget::How::kGuarded:
      break;
  }
  std::string whole = path.name();
  if (whole.empty()) return PathError(ENOENT, syscall, path);
  anchor.trailing_slash = StripTrailingSlashes(whole);
  const size_t slash = whole.rfind('/');
  std::string parent = slash == std::string::npos ? "." : whole.substr(0, slash + 1);
  anchor.name = slash == std::string::npos ? whole : whole.substr(slash + 1);
  if (anchor.name.empty() || anchor.name == "." || anchor.name == "..") {
    parent = whole;
    anchor.name = ".";
  }
  anchor.owned = OwnedFd(Openat2(AT_FDCWD, parent.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC, 0,
                                 RESOLVE_NO_MAGICLINKS));
  if (!anchor.owned) {
    if (errno == ELOOP) {
      const PathResolver::Outcome outcome = PathResolver::Resolve(whole, {});
      if (outcome.special) return AllAccessError(path.shown());
      return PathError(ELOOP, syscall, path);
    }
    return PathError(errno, syscall, path);
  }
  if (IsSpecialFileSystem(anchor.owned.get())) return AllAccessError(path.shown());
  anchor.dir = anchor.owned.get();
  return anchor;
}

Result<std::pair<Anchor, Anchor>> AnchorsOf(const PathTarget& from, const PathTarget& to,
                                            std::string_view syscall) {
  const auto naming_both = [&](Error error) {
    return error.sys_errno != 0 ? TwoPathError(error.sys_errno, syscall, from, to) : error;
  };
  auto source = AnchorOf(from, syscall);
  if (!source.ok()) return naming_both(source.TakeError());
  auto target = AnchorOf(to, syscall);
  if (!target.ok()) return naming_both(target.TakeError());
  return std::pair(std::move(source).value(), std::move(target).value());
}

}  // namespace rt
