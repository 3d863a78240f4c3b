// mkdir and remove, single and recursive, through directory descriptors and without following
// links.
#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "src/permissions/path_resolver.h"
#include "src/permissions/permissions.h"
#include "src/permissions/sink_paths.h"
#include "src/permissions/sinks.h"
#include "src/permissions/wall_helper.h"

namespace rt {
namespace {

// Opens or makes each component of `path` below `dir`; `follow`: links on the way are the caller's
// to use (unscoped grants). Returns 0 or an errno.
int MakeTree(int dir, std::string_view path, mode_t mode, bool follow, bool guarded) {
  OwnedFd current;
  int at = dir;
  if (path.starts_with('/')) {
    current = OwnedFd(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!current) return errno;
    at = current.get();
  }
  const int flags = O_PATH | O_DIRECTORY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW);
  const auto enter = [&](const char* name) {
    return OwnedFd(guarded
                       ? Openat2(at, name, static_cast<unsigned>(flags), 0, RESOLVE_NO_MAGICLINKS)
                       : openat(at, name, flags));
  };
  while (!path.empty()) {
    const size_t slash = path.find('/');
    const std::string part(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    const bool last = path.find_first_not_of('/') == std::string_view::npos;
    OwnedFd next = enter(part.c_str());
    if (!next && errno == ENOENT) {
      if (mkdirat(at, part.c_str(), mode) != 0 && errno != EEXIST) return errno;
      next = enter(part.c_str());
    }
    if (!next) {
      // What is in the way as the last component is "there already", as in Deno.
      const bool in_the_way = last && (errno == ENOTDIR || errno == ELOOP || errno == ENOENT);
      return in_the_way ? EEXIST : errno;
    }
    current = std::move(next);
    at = current.get();
  }
  return 0;
}

// Empties and removes the directory `name` in `dir`. One open directory per level; no recursion, so
// the depth of a tree costs descriptors (EMFILE), never the stack.
int RemoveTree(int dir, const std::string& name) {
  struct Level {
    DIR* stream;
    std::string name;
  };
  std::vector<Level> levels;
  int error_number = 0;
  const auto enter = [&](int parent, const std::string& child) {
    const int fd = openat(parent, child.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return errno;
    DIR* stream = fdopendir(fd);
    if (stream == nullptr) {
      close(fd);
      return ENOMEM;
    }
    levels.push_back({stream, child});
    return 0;
  };
  error_number = enter(dir, name);
  while (error_number == 0 && !levels.empty()) {
    DIR* const stream = levels.back().stream;
    errno = 0;
    const dirent* entry = readdir(stream);
    if (entry == nullptr) {
      if (errno != 0) {
        error_number = errno;
        break;
      }
      const std::string done = std::move(levels.back().name);
      closedir(stream);
      levels.pop_back();
      const int parent = levels.empty() ? dir : dirfd(levels.back().stream);
      if (unlinkat(parent, done.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT) {
        error_number = errno;
      }
      continue;
    }
    const std::string child = entry->d_name;
    if (child == "." || child == "..") continue;
    if (unlinkat(dirfd(stream), child.c_str(), 0) == 0 || errno == ENOENT) continue;
    if (errno != EISDIR && errno != EPERM) {
      error_number = errno;
      break;
    }
    // Linux says EISDIR for a directory; POSIX allows EPERM.
    const int unlink_error = errno;
    error_number = enter(dirfd(stream), child);
    if (error_number == ENOTDIR || error_number == ELOOP) error_number = unlink_error;
    if (error_number == ENOENT) error_number = 0;
  }
  for (const Level& level : levels) closedir(level.stream);
  return error_number;
}

// What the kernel's wall may have refused is tried on its other side.
template <class Act>
Result<void> OrOutside(int error_number, const PathTarget& path, std::string_view syscall,
                       const Act& act) {
  if (error_number == 0) return {};
  if (WallHelper::MayBeTheWall(error_number)) {
    const Outside<void> outside = act(*WallHelper::Get());
    if (outside && outside->ok()) return {};
    if (outside) return PathError(outside->error().sys_errno, syscall, path);
  }
  return PathError(error_number, syscall, path);
}

}  // namespace

Result<void> Mkdir(const Granted<Perm::kWrite, EntryTarget>& path, mode_t mode, bool recursive,
                   std::string_view syscall) {
  const EntryTarget& target = *path;
  const auto outside = [&](WallHelper& helper) {
    return helper.Mkdir(target.path(), mode, recursive);
  };
  if (!recursive) {
    RT_TRY(const Anchor anchor, AnchorOf(target, syscall));
    const bool made = mkdirat(anchor.dir, anchor.name.c_str(), mode) == 0;
    return OrOutside(made ? 0 : errno, target, syscall, outside);
  }
  int error_number = 0;
  switch (target.how()) {
    case PathTarget::How::kNothing:
      error_number = EBADF;
      break;
    case PathTarget::How::kRefused:
      error_number = target.error_number();
      break;
    case PathTarget::How::kDirect:
    case PathTarget::How::kGuarded:
      if (target.name().empty()) {
        error_number = ENOENT;
        break;
      }
      error_number =
          MakeTree(AT_FDCWD, target.name(), mode, true, target.how() == PathTarget::How::kGuarded);
      break;
    case PathTarget::How::kResolved: {
      const std::string below =
          target.rest().empty() ? target.name() : target.name() + "/" + target.rest();
      error_number = MakeTree(target.dir(), below, mode, false, false);
      break;
    }
  }
  return OrOutside(error_number, target, syscall, outside);
}

Result<void> Remove(const Granted<Perm::kWrite, EntryTarget>& path, bool recursive,
                    std::string_view syscall) {
  const auto outside = [&](WallHelper& helper) { return helper.Remove(path->path(), recursive); };
  RT_TRY(const Anchor anchor, AnchorOf(*path, syscall));
  struct stat info;
  if (fstatat(anchor.dir, anchor.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    return PathError(errno, syscall, *path);
  }
  if (!S_ISDIR(info.st_mode)) {
    if (anchor.trailing_slash) return PathError(ENOTDIR, syscall, *path);
    const bool removed = unlinkat(anchor.dir, anchor.name.c_str(), 0) == 0;
    return OrOutside(removed ? 0 : errno, *path, syscall, outside);
  }
  if (!recursive) {
    const bool removed = unlinkat(anchor.dir, anchor.name.c_str(), AT_REMOVEDIR) == 0;
    return OrOutside(removed ? 0 : errno, *path, syscall, outside);
  }
  if (path->denied_below()) return NotCapableError(Perm::kWrite, path->shown());
  if (anchor.name == ".") return PathError(EINVAL, syscall, *path);
  return OrOutside(RemoveTree(anchor.dir, anchor.name), *path, syscall, outside);
}

}  // namespace rt
