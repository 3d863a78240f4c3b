// File sinks that act on one object. Trees are in sinks_tree.cc.
#include "src/permissions/sinks.h"

#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>

#include "src/permissions/dir_stream.h"
#include "src/permissions/path_resolver.h"
#include "src/permissions/permissions.h"
#include "src/permissions/sink_paths.h"
#include "src/permissions/wall_helper.h"

namespace rt {
namespace {

constexpr unsigned kStatMask = STATX_BASIC_STATS | STATX_BTIME;

Result<struct statx> StatFd(int fd, const PathTarget& path, std::string_view syscall) {
  struct statx info {};
  if (statx(fd, "", AT_EMPTY_PATH, kStatMask, &info) != 0) return PathError(errno, syscall, path);
  return info;
}

// A name for a temporary: 16 hexadecimal digits.
std::string RandomName() {
  uint8_t bytes[8];
  while (getrandom(bytes, sizeof bytes, 0) != static_cast<ssize_t>(sizeof bytes)) {
  }
  char text[17];
  for (int i = 0; i < 8; ++i) std::snprintf(text + 2 * i, 3, "%02x", bytes[i]);
  return text;
}

Result<void> CheckAffix(std::string_view affix) {
  for (const char c : {'/', '\\', '\0'}) {
    if (affix.find(c) == std::string_view::npos) continue;
    const std::string shown = c == '\0' ? "\\0" : c == '\\' ? "\\\\" : "/";
    return Error::Make(ErrorClass::kError,
                       "Invalid character in prefix or suffix: \"" + shown + "\"");
  }
  return {};
}

// Makes names until `create(dir, name)` succeeds or fails for another reason than EEXIST.
template <class Create>
Result<std::string> MakeTemporary(const PathTarget& folder, std::string_view prefix,
                                  std::string_view suffix, std::string_view syscall,
                                  bool makes_folder, const Create& create) {
  RT_TRY_VOID(CheckAffix(prefix));
  RT_TRY_VOID(CheckAffix(suffix));
  RT_TRY(const OwnedFd dir, OpenTarget(folder, syscall, O_PATH | O_DIRECTORY));
  for (int attempt = 0; attempt < 100; ++attempt) {
    const std::string name = std::string(prefix) + RandomName() + std::string(suffix);
    if (create(dir.get(), name.c_str())) {
      return folder.path() + (folder.path().ends_with('/') ? "" : "/") + name;
    }
    if (errno == EEXIST) continue;
    const int error_number = errno;
    if (WallHelper::MayBeTheWall(error_number)) {
      auto outside = WallHelper::Get()->MakeTemporary(folder.path(), prefix, suffix, makes_folder);
      if (outside && outside->ok()) return std::move(*outside);
      if (outside) return PathError(outside->error().sys_errno, syscall, folder);
    }
    return PathError(error_number, syscall, folder);
  }
  return PathError(EEXIST, syscall, folder);
}

}  // namespace

Result<OwnedFd> OpenForRead(const Granted<Perm::kRead, PathTarget>& path, std::string_view syscall,
                            int flags) {
  constexpr int kWrites = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);
  if ((flags & kWrites) != 0) return PathError(EINVAL, syscall, *path);
  return OpenTarget(*path, syscall, flags | O_RDONLY);
}

Result<OwnedFd> OpenForWrite(const Granted<Perm::kWrite, PathTarget>& path,
                             std::string_view syscall, int flags, mode_t mode) {
  if ((flags & O_ACCMODE) != 0) return PathError(EINVAL, syscall, *path);
  return OpenTarget(*path, syscall, flags | O_WRONLY, mode);
}

Result<OwnedFd> OpenGranted(const GrantedFor<PathTarget>& path, std::string_view syscall, int flags,
                            mode_t mode) {
  const int access = flags & O_ACCMODE;
  const bool reads = access == O_RDONLY || access == O_RDWR;
  const bool writes = access == O_WRONLY || access == O_RDWR ||
                      (flags & (O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY))) != 0;
  // O_ACCMODE itself (3) is neither.
  if (access == O_ACCMODE || (reads && !path.may_read()) || (writes && !path.may_write())) {
    return PathError(EINVAL, syscall, *path);
  }
  return OpenTarget(*path, syscall, flags, mode);
}

Result<struct statx> Stat(const Granted<Perm::kRead, PathTarget>& path, std::string_view syscall) {
  const PathTarget& target = *path;
  if (target.how() == PathTarget::How::kDirect) {
    struct statx info {};
    if (statx(AT_FDCWD, target.name().c_str(), 0, kStatMask, &info) != 0) {
      return PathError(errno, syscall, target);
    }
    return info;
  }
  RT_TRY(const OwnedFd fd, OpenTarget(target, syscall, O_PATH));
  return StatFd(fd.get(), target, syscall);
}

Result<struct statx> Lstat(const Granted<Perm::kRead, EntryTarget>& path,
                           std::string_view syscall) {
  RT_TRY(const Anchor anchor, AnchorOf(*path, syscall));
  struct statx info {};
  if (statx(anchor.dir, anchor.name.c_str(), AT_SYMLINK_NOFOLLOW, kStatMask, &info) != 0) {
    return PathError(errno, syscall, *path);
  }
  const bool may_have_slash = S_ISDIR(info.stx_mode) || S_ISLNK(info.stx_mode);
  if (anchor.trailing_slash && !may_have_slash) return PathError(ENOTDIR, syscall, *path);
  return info;
}

Result<struct statx> StatOpened(const OwnedFd& fd) {
  struct statx info {};
  if (statx(fd.get(), "", AT_EMPTY_PATH, kStatMask, &info) != 0) return Error::FromErrno(errno);
  return info;
}

Result<void> Rename(const GrantedReadWrite<EntryTarget>& from,
                    const Granted<Perm::kWrite, EntryTarget>& to, std::string_view syscall) {
  RT_TRY(const auto both, AnchorsOf(*from, *to, syscall));
  const auto& [source, target] = both;
  // A denied path must not get another name by renaming a folder above it.
  if (from->denied_below()) return NotCapableError(Perm::kWrite, from->shown());
  if (to->denied_below()) return NotCapableError(Perm::kWrite, to->shown());
  if (source.trailing_slash || target.trailing_slash) {
    struct stat info;
    if (fstatat(source.dir, source.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
      return TwoPathError(errno, syscall, *from, *to);
    }
    if (!S_ISDIR(info.st_mode)) return TwoPathError(ENOTDIR, syscall, *from, *to);
  }
  if (renameat(source.dir, source.name.c_str(), target.dir, target.name.c_str()) != 0) {
    const int error_number = errno;
    if (WallHelper::MayBeTheWall(error_number)) {
      const auto outside = WallHelper::Get()->Rename(from->path(), to->path());
      if (outside && outside->ok()) return {};
      if (outside) return TwoPathError(outside->error().sys_errno, syscall, *from, *to);
    }
    return TwoPathError(error_number, syscall, *from, *to);
  }
  return {};
}

Result<std::string> ReadLink(const Granted<Perm::kRead, EntryTarget>& path,
                             std::string_view syscall) {
  RT_TRY(const Anchor anchor, AnchorOf(*path, syscall));
  std::string text(256, '\0');
  for (;;) {
    const ssize_t length = readlinkat(anchor.dir, anchor.name.c_str(), text.data(), text.size());
    if (length < 0) {
      const int error_number = errno;
      struct stat info;
      // The name without its slash was asked about: of a folder the answer is the same.
      const bool is_file =
          error_number == EINVAL && anchor.trailing_slash &&
          fstatat(anchor.dir, anchor.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 &&
          !S_ISDIR(info.st_mode);
      return PathError(is_file ? ENOTDIR : error_number, syscall, *path);
    }
    if (static_cast<size_t>(length) < text.size()) {
      text.resize(length);
      return text;
    }
    text.resize(text.size() * 2);
  }
}

Result<std::vector<DirEntry>> ReadDir(const Granted<Perm::kRead, PathTarget>& path,
                                      std::string_view syscall) {
  RT_TRY(const auto stream, DirStream::Open(path, syscall));
  return stream->Next(SIZE_MAX);
}

Result<std::string> RealPath(const Granted<Perm::kRead, PathTarget>& path,
                             std::string_view syscall) {
  RT_TRY(const OwnedFd fd, OpenTarget(*path, syscall, O_PATH));
  if (std::string resolved = PathOfFd(fd.get()); !resolved.empty()) return resolved;
  // Without /proc, or for a name that ends like a deleted file's.
  PathResolver::Outcome outcome = PathResolver::Resolve(path->path(), {.walk = true});
  struct stat info;
  if (!outcome.exists || fstat(fd.get(), &info) != 0 || info.st_dev != outcome.device ||
      info.st_ino != outcome.inode) {
    return PathError(ENOENT, syscall, *path);
  }
  return std::move(outcome.resolved);
}

Result<void> Truncate(const Granted<Perm::kWrite, PathTarget>& path, uint64_t length,
                      std::string_view syscall) {
  if (length > static_cast<uint64_t>(INT64_MAX)) return PathError(EINVAL, syscall, *path);
  // O_NONBLOCK: a FIFO is refused, not waited for.
  RT_TRY(const OwnedFd fd, OpenTarget(*path, syscall, O_WRONLY | O_NONBLOCK));
  if (ftruncate(fd.get(), static_cast<off_t>(length)) != 0) return PathError(errno, syscall, *path);
  return {};
}

Result<uint64_t> CopyFile(const Granted<Perm::kRead, PathTarget>& from,
                          const Granted<Perm::kWrite, PathTarget>& to, std::string_view syscall) {
  const auto fail = [&](Error error) {
    if (error.sys_errno != 0) return TwoPathError(error.sys_errno, syscall, *from, *to);
    return error;
  };
  Result<OwnedFd> source = OpenTarget(*from, syscall, O_RDONLY | O_NONBLOCK);
  if (!source.ok()) return fail(source.TakeError());
  struct stat info;
  if (fstat(source->get(), &info) != 0) return fail(PathError(errno, syscall, *from));
  if (!S_ISREG(info.st_mode)) {
    Error error = TwoPathError(EINVAL, syscall, *from, *to);
    error.message = "the source path is neither a regular file nor a symlink to a regular file: " +
                    std::string(syscall) + " '" + from->path() + "' -> '" + to->path() + "'";
    return error;
  }
  // Truncated only once it is known not to be the source itself.
  Result<OwnedFd> target =
      OpenTarget(*to, syscall, O_WRONLY | O_CREAT | O_NONBLOCK, info.st_mode & 07777);
  if (!target.ok()) return fail(target.TakeError());
  struct stat target_info;
  if (fstat(target->get(), &target_info) != 0) return fail(PathError(errno, syscall, *to));
  if (target_info.st_dev == info.st_dev && target_info.st_ino == info.st_ino) {
    Error error = TwoPathError(EINVAL, syscall, *from, *to);
    error.message = "Source and destination paths refer to the same file: " + std::string(syscall) +
                    " '" + from->path() + "' -> '" + to->path() + "'";
    return error;
  }
  if (S_ISREG(target_info.st_mode) && ftruncate(target->get(), 0) != 0) {
    return fail(PathError(errno, syscall, *to));
  }
  // A FIFO or device as target is written like any reader would expect: waiting for it.
  fcntl(target->get(), F_SETFL, 0);
  uint64_t copied = 0;
  bool in_kernel = S_ISREG(target_info.st_mode);
  std::vector<char> buffer;
  for (;;) {
    if (in_kernel) {
      const ssize_t moved =
          copy_file_range(source->get(), nullptr, target->get(), nullptr, 1 << 30, 0);
      if (moved > 0) {
        copied += moved;
        continue;
      }
      // 0 may also mean a file whose size the kernel does not know; read() tells.
      if (moved < 0 && errno == EINTR) continue;
      in_kernel = false;
    }
    if (buffer.empty()) buffer.resize(128 * 1024);
    const ssize_t got = read(source->get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(PathError(errno, syscall, *from));
    if (got == 0) break;
    for (ssize_t done = 0; done < got;) {
      const ssize_t written = write(target->get(), buffer.data() + done, got - done);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return fail(PathError(errno, syscall, *to));
      done += written;
    }
    copied += got;
  }
  if (S_ISREG(target_info.st_mode) && fchmod(target->get(), info.st_mode & 07777) != 0) {
    return fail(PathError(errno, syscall, *to));
  }
  return copied;
}

Result<std::string> MakeTempDir(const Granted<Perm::kWrite, PathTarget>& dir,
                                std::string_view prefix, std::string_view suffix,
                                std::string_view syscall) {
  return MakeTemporary(*dir, prefix, suffix, syscall, true, [](int parent, const char* name) {
    return mkdirat(parent, name, 0700) == 0;
  });
}

Result<std::string> MakeTempFile(const Granted<Perm::kWrite, PathTarget>& dir,
                                 std::string_view prefix, std::string_view suffix,
                                 std::string_view syscall) {
  return MakeTemporary(*dir, prefix, suffix, syscall, false, [](int parent, const char* name) {
    const OwnedFd fd(openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    return fd.valid();
  });
}

Result<void> ChangeDirectory(const Granted<Perm::kRead, PathTarget>& path,
                             std::string_view syscall) {
  RT_TRY(const OwnedFd fd, OpenTarget(*path, syscall, O_PATH | O_DIRECTORY));
  if (fchdir(fd.get()) != 0) return PathError(errno, syscall, *path);
  return {};
}

Result<std::string> CurrentDirectory() {
  char cwd[PATH_MAX];
  if (getcwd(cwd, sizeof cwd) == nullptr) return Error::FromErrno(errno, "getcwd");
  return std::string(cwd);
}

}  // namespace rt
