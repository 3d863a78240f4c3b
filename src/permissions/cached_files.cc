#include "src/permissions/cached_files.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/uio.h>
#include <sys/vfs.h>

#include "src/permissions/path_resolver.h"
#include "src/permissions/sinks.h"

namespace rt {
namespace {

// Absent from older headers.
constexpr unsigned long kZfs = 0x2fc12fc1;
constexpr unsigned long kBcachefs = 0xca451a4e;

// File systems whose open() asks nobody: no network, no program. None of them is special in the
// sense of IsSpecialFileSystem.
bool IsLocal(int fd) {
  struct statfs info;
  if (fstatfs(fd, &info) != 0) return false;
  switch (static_cast<unsigned long>(info.f_type)) {
    case EXT4_SUPER_MAGIC:
    case BTRFS_SUPER_MAGIC:
    case F2FS_SUPER_MAGIC:
    case TMPFS_MAGIC:
    case OVERLAYFS_SUPER_MAGIC:
    case XFS_SUPER_MAGIC:
    case kZfs:
    case kBcachefs:
      return true;
    default:
      return false;
  }
}

// RESOLVE_CACHED: the way there is known, or EAGAIN.
OwnedFd Open(const PathTarget& path, int flags) {
  if (!PathResolver::HaveOpenat2()) return {};
  const auto below = [&](int dir, int more, uint64_t resolve) {
    return OwnedFd(Openat2(dir, path.name().c_str(),
                           static_cast<unsigned>(flags | more | O_CLOEXEC), 0,
                           resolve | RESOLVE_CACHED));
  };
  switch (path.how()) {
    case PathTarget::How::kDirect:
      return below(AT_FDCWD, 0, 0);
    case PathTarget::How::kGuarded:
      return below(AT_FDCWD, 0, RESOLVE_NO_MAGICLINKS);
    case PathTarget::How::kResolved:
      if (!path.rest().empty()) return {};
      return below(path.dir(), O_NOFOLLOW, 0);
    case PathTarget::How::kNothing:
    case PathTarget::How::kRefused:
      return {};
  }
  return {};
}

// A descriptor that gives access to nothing but metadata: opening it has no effect on a FIFO or a
// device.
OwnedFd Look(const PathTarget& path, struct stat* info) {
  OwnedFd fd = Open(path, O_PATH | (path.must_be_directory() ? O_DIRECTORY : 0));
  if (!fd || fstat(fd.get(), info) != 0 || !IsLocal(fd.get())) return {};
  return fd;
}

}  // namespace

std::optional<CachedFile> OpenCached(const Granted<Perm::kRead, PathTarget>& path,
                                     size_t max_size) {
  struct stat seen;
  if (!Look(*path, &seen) || !S_ISREG(seen.st_mode)) return std::nullopt;
  if (seen.st_size <= 0 || static_cast<uint64_t>(seen.st_size) > max_size) return std::nullopt;
  // O_NONBLOCK: a lease that somebody holds is not waited for.
  CachedFile file{.fd = Open(*path, O_RDONLY | O_NONBLOCK | O_NOCTTY)};
  struct stat opened;
  if (!file.fd || fstat(file.fd.get(), &opened) != 0) return std::nullopt;
  // Another object by now: all of the above would have to be asked again.
  if (opened.st_dev != seen.st_dev || opened.st_ino != seen.st_ino) return std::nullopt;
  if (opened.st_size <= 0 || static_cast<uint64_t>(opened.st_size) > max_size) return std::nullopt;
  file.size = static_cast<size_t>(opened.st_size);
  return file;
}

bool ReadCached(const CachedFile& file, std::span<uint8_t> data) {
  // A byte more than expected would be there if the file had grown.
  uint8_t beyond = 0;
  const iovec parts[] = {{.iov_base = data.data(), .iov_len = data.size()},
                         {.iov_base = &beyond, .iov_len = 1}};
  return preadv2(file.fd.get(), parts, 2, 0, RWF_NOWAIT) == static_cast<ssize_t>(data.size());
}

std::optional<struct statx> StatCached(const Granted<Perm::kRead, PathTarget>& path) {
  struct stat seen;
  const OwnedFd fd = Look(*path, &seen);
  if (!fd || (!S_ISREG(seen.st_mode) && !S_ISDIR(seen.st_mode))) return std::nullopt;
  Result<struct statx> info = StatOpened(fd);
  if (!info.ok()) return std::nullopt;
  return std::move(info).value();
}

}  // namespace rt
