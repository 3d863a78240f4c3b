// Files of databases.
#include "src/permissions/database_sinks.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "src/permissions/path_resolver.h"
#include "src/permissions/sink_paths.h"
#include "src/permissions/wall_helper.h"

namespace rt {

Result<std::string> CanonicalPath(const Granted<Perm::kRead, PathTarget>& path) {
  const PathTarget& target = *path;
  switch (target.how()) {
    case PathTarget::How::kNothing:
      return PathError(EBADF, "open", target);
    case PathTarget::How::kRefused:
      return PathError(target.error_number(), "open", target);
    case PathTarget::How::kResolved: {
      if (!target.rest().empty()) return PathError(ENOENT, "open", target);
      std::string folder = PathOfFd(target.dir());
      if (folder.empty()) break;
      if (target.name() == ".") return folder;
      return folder + (folder.ends_with('/') ? "" : "/") + target.name();
    }
    case PathTarget::How::kDirect:
    case PathTarget::How::kGuarded:
      break;
  }
  PathResolver::Outcome outcome = PathResolver::Resolve(target.path(), {});
  if (outcome.resolved.empty()) return PathError(ENOENT, "open", target);
  return std::move(outcome.resolved);
}

Result<OwnedFd> OpenBeside(const GrantedFor<PathTarget>& main, std::string_view suffix, int flags,
                           mode_t mode) {
  const PathTarget target = PathResolver::Beside(*main, suffix);
  const int access = flags & O_ACCMODE;
  const bool writes = access != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
  if (access == O_ACCMODE || (access != O_WRONLY && !main.may_read()) ||
      (writes && !main.may_write())) {
    return PathError(EINVAL, "open", target);
  }
  return OpenTarget(target, "open", flags | O_NOFOLLOW, mode);
}

Result<bool> HoldsData(const GrantedFor<PathTarget>& main, std::string_view suffix) {
  const PathTarget target = PathResolver::Beside(*main, suffix);
  RT_TRY(const Anchor anchor, AnchorOf(target, "stat"));
  struct stat info;
  if (fstatat(anchor.dir, anchor.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return false;
    return PathError(errno, "stat", target);
  }
  // A link in the place of a journal is there, but can never be opened.
  return !S_ISREG(info.st_mode) || info.st_size > 0;
}

Result<void> RemoveBeside(const GrantedFor<PathTarget>& main, std::string_view suffix) {
  const PathTarget target = PathResolver::Beside(*main, suffix);
  if (!main.may_write()) return PathError(EACCES, "remove", target);
  RT_TRY(const Anchor anchor, AnchorOf(target, "remove"));
  if (unlinkat(anchor.dir, anchor.name.c_str(), 0) == 0) return {};
  const int error_number = errno;
  if (WallHelper::MayBeTheWall(error_number)) {
    const auto outside = WallHelper::Get()->Remove(target.path(), false);
    if (outside && outside->ok()) return {};
    if (outside) return PathError(outside->error().sys_errno, "remove", target);
  }
  return PathError(error_number, "remove", target);
}

Result<void> SyncFolderOf(const GrantedFor<PathTarget>& main) {
  RT_TRY(const Anchor anchor, AnchorOf(*main, "fsync"));
  OwnedFd folder;
  if (anchor.dir == AT_FDCWD) {
    const size_t slash = anchor.name.rfind('/');
    const std::string parent = slash == std::string::npos ? "."
                               : slash == 0               ? "/"
                                                          : anchor.name.substr(0, slash);
    folder = OwnedFd(open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  } else {
    folder = OwnedFd(openat(anchor.dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  // Some folders may be written but not read; SQLite itself goes on without this, too.
  if (folder) fsync(folder.get());
  return {};
}

Result<OwnedFd> OpenAnonymousFile() {
  OwnedFd fd(memfd_create("rt-sqlite", MFD_CLOEXEC));
  if (!fd) return Error::FromErrno(errno, "open");
  return fd;
}

}  // namespace rt
