// Metadata is changed through an O_PATH descriptor: what was opened and judged is what changes.
#include "src/permissions/meta_sinks.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "src/permissions/permissions.h"
#include "src/permissions/sink_paths.h"
#include "src/permissions/wall_helper.h"

namespace rt {
namespace {

#ifndef SYS_fchmodat2
constexpr long kFchmodat2 = 452;  // the same number on every architecture
#else
constexpr long kFchmodat2 = SYS_fchmodat2;
#endif

// Mode, owner and times of a device are the machine's, not a file's.
Result<OwnedFd> OpenForChange(const PathTarget& path, std::string_view syscall) {
  RT_TRY(OwnedFd fd, OpenTarget(path, syscall, O_PATH));
  if (path.how() == PathTarget::How::kDirect) return fd;
  struct stat info;
  if (fstat(fd.get(), &info) != 0) return PathError(errno, syscall, path);
  if (S_ISCHR(info.st_mode) || S_ISBLK(info.st_mode)) return AllAccessError(path.shown());
  return fd;
}

// fchmod(2) refuses O_PATH descriptors; kernels before 6.6 have no call that does not, so there the
// kernel's own link to the descriptor stands in for a path.
int ChmodOpened(int fd, mode_t mode) {
  if (syscall(kFchmodat2, fd, "", mode, AT_EMPTY_PATH) == 0) return 0;
  if (errno != ENOSYS && errno != EPERM && errno != EINVAL) return -1;
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  return fchmodat(AT_FDCWD, link.c_str(), mode, 0);
}

}  // namespace

Result<void> Chmod(const Granted<Perm::kWrite, PathTarget>& path, mode_t mode,
                   std::string_view syscall) {
  RT_TRY(const OwnedFd fd, OpenForChange(*path, syscall));
  if (ChmodOpened(fd.get(), mode) != 0) return PathError(errno, syscall, *path);
  return {};
}

Result<void> Chown(const Granted<Perm::kWrite, PathTarget>& path, std::optional<uid_t> user,
                   std::optional<gid_t> group, std::string_view syscall) {
  RT_TRY(const OwnedFd fd, OpenForChange(*path, syscall));
  const uid_t uid = user.value_or(static_cast<uid_t>(-1));
  const gid_t gid = group.value_or(static_cast<gid_t>(-1));
  if (fchownat(fd.get(), "", uid, gid, AT_EMPTY_PATH) != 0) return PathError(errno, syscall, *path);
  return {};
}

Result<void> SetTimes(const Granted<Perm::kWrite, PathTarget>& path, const FileTimes& times,
                      std::string_view syscall) {
  RT_TRY(const OwnedFd fd, OpenForChange(*path, syscall));
  const timespec both[] = {times.access, times.modification};
  if (utimensat(fd.get(), "", both, AT_EMPTY_PATH) == 0) return {};
  // Kernels before 5.8 do not take an empty path here.
  if (errno != EINVAL) return PathError(errno, syscall, *path);
  const std::string link = "/proc/self/fd/" + std::to_string(fd.get());
  if (utimensat(AT_FDCWD, link.c_str(), both, 0) != 0) return PathError(errno, syscall, *path);
  return {};
}

Result<void> SetTimesOpened(const OwnedFd& fd, const FileTimes& times) {
  const timespec both[] = {times.access, times.modification};
  if (futimens(fd.get(), both) != 0) return Error::FromErrno(errno);
  return {};
}

Result<void> Link(const GrantedReadWrite<EntryTarget>& from,
                  const GrantedReadWrite<EntryTarget>& to, std::string_view syscall) {
  RT_TRY(const auto both, AnchorsOf(*from, *to, syscall));
  const auto& [source, target] = both;
  // A socket that may not be connected to gets no second name.
  if (from->denied_below()) return NotCapableError(Perm::kWrite, from->shown());
  const auto fail = [&](int error_number) {
    return Error::FromErrno(error_number, syscall, from->path(), to->path());
  };
  // A slash behind a name asks for a folder, and folders have one name only.
  if (source.trailing_slash || target.trailing_slash) {
    struct stat info;
    const bool folder = fstatat(source.dir, source.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 &&
                        S_ISDIR(info.st_mode);
    return fail(folder ? EPERM : ENOTDIR);
  }
  if (from->how() != PathTarget::How::kDirect) {
    struct stat info;
    if (fstatat(source.dir, source.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
      return fail(errno);
    }
    if (S_ISCHR(info.st_mode) || S_ISBLK(info.st_mode)) return AllAccessError(from->shown());
  }
  if (linkat(source.dir, source.name.c_str(), target.dir, target.name.c_str(), 0) == 0) return {};
  const int error_number = errno;
  if (WallHelper::MayBeTheWall(error_number)) {
    const auto outside = WallHelper::Get()->Link(from->path(), to->path());
    if (outside) return outside->ok() ? Result<void>() : fail(outside->error().sys_errno);
  }
  return fail(error_number);
}

Result<void> Symlink(const Granted<Perm::kRead, Everything>&,
                     const Granted<Perm::kWrite, Everything>&, const std::string& target,
                     const GrantedReadWrite<EntryTarget>& path, std::string_view syscall) {
  const auto fail = [&](int error_number) {
    return Error::FromErrno(error_number, syscall, target, path->path());
  };
  if (target.find('\0') != std::string::npos) {
    return Error::Make(ErrorClass::kTypeError, "file name contained an unexpected NUL byte",
                       "EINVAL");
  }
  auto anchored = AnchorOf(*path, syscall);
  if (!anchored.ok()) {
    Error error = anchored.TakeError();
    return error.sys_errno != 0 ? fail(error.sys_errno) : std::move(error);
  }
  const Anchor anchor = std::move(anchored).value();
  if (anchor.trailing_slash) return fail(ENOENT);
  if (symlinkat(target.c_str(), anchor.dir, anchor.name.c_str()) == 0) return {};
  const int error_number = errno;
  if (WallHelper::MayBeTheWall(error_number)) {
    const auto outside = WallHelper::Get()->Symlink(target, path->path());
    if (outside) return outside->ok() ? Result<void>() : fail(outside->error().sys_errno);
  }
  return fail(error_number);
}

}  // namespace rt
