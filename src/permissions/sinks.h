// Everything that touches the file system for ops: it takes Granted values and nothing else, so the
// object that was checked is the object that is used. Synchronous; every function may run on any
// thread (ops move the Granted value to a libuv pool thread). `syscall` is the word Deno puts into
// the message ("open", "readfile"): "No such file or directory (os error 2): readfile 'x'". Opening
// a FIFO blocks until the other end is opened, as in Deno.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/permissions/granted.h"
#include "src/permissions/owned_fd.h"
#include "src/permissions/path_target.h"

namespace rt {

// Errors are Error::FromErrno(errno, syscall, path); a path that leads into procfs, sysfs or a raw
// memory or disk device is NotCapable ("Requires all access to ...") unless everything is allowed.

// `flags`: O_APPEND, O_CREAT, O_EXCL, O_TRUNC, O_DIRECTORY, O_SYNC ...; the access mode and
// O_CLOEXEC are added. Reading: any flag that writes is EINVAL.
Result<OwnedFd> OpenForRead(const Granted<Perm::kRead, PathTarget>& path, std::string_view syscall,
                            int flags = 0);
Result<OwnedFd> OpenForWrite(const Granted<Perm::kWrite, PathTarget>& path,
                             std::string_view syscall, int flags, mode_t mode = 0666);
// The access mode is in `flags` (O_RDONLY, O_WRONLY, O_RDWR) and must lie within what was granted.
Result<OwnedFd> OpenGranted(const GrantedFor<PathTarget>& path, std::string_view syscall, int flags,
                            mode_t mode = 0666);

// STATX_BASIC_STATS | STATX_BTIME.
Result<struct statx> Stat(const Granted<Perm::kRead, PathTarget>& path,
                          std::string_view syscall = "stat");
Result<struct statx> Lstat(const Granted<Perm::kRead, EntryTarget>& path,
                           std::string_view syscall = "lstat");

// The same for an open file. The caller checked what its open was granted.
Result<struct statx> StatOpened(const OwnedFd& fd);

// `recursive` makes missing parents and accepts a directory that is there.
Result<void> Mkdir(const Granted<Perm::kWrite, EntryTarget>& path, mode_t mode, bool recursive,
                   std::string_view syscall = "mkdir");
// A file, a link (never what it points to), an empty directory; `recursive`: a whole tree, walked
// through directory descriptors without following links. A tree with a denied path in it is
// refused.
Result<void> Remove(const Granted<Perm::kWrite, EntryTarget>& path, bool recursive,
                    std::string_view syscall = "remove");
Result<void> Rename(const GrantedReadWrite<EntryTarget>& from,
                    const Granted<Perm::kWrite, EntryTarget>& to,
                    std::string_view syscall = "rename");
Result<std::string> ReadLink(const Granted<Perm::kRead, EntryTarget>& path,
                             std::string_view syscall = "readlink");

struct DirEntry {
  enum class Kind : uint8_t { kFile, kDirectory, kSymlink, kOther };
  std::string name;
  Kind kind = Kind::kOther;
};
// Without "." and "..", in the file system's order.
Result<std::vector<DirEntry>> ReadDir(const Granted<Perm::kRead, PathTarget>& path,
                                      std::string_view syscall = "readdir");

// Absolute, links followed; the object must exist.
Result<std::string> RealPath(const Granted<Perm::kRead, PathTarget>& path,
                             std::string_view syscall = "realpath");
Result<void> Truncate(const Granted<Perm::kWrite, PathTarget>& path, uint64_t length,
                      std::string_view syscall = "truncate");
// Contents and permission bits; bytes copied. The source must be a regular file.
Result<uint64_t> CopyFile(const Granted<Perm::kRead, PathTarget>& from,
                          const Granted<Perm::kWrite, PathTarget>& to,
                          std::string_view syscall = "copy");
// A new directory, mode 0700, `prefix` + random + `suffix` inside `dir`; returns dir's path as
// given, joined with the name. A separator or NUL in prefix or suffix is an Error.
Result<std::string> MakeTempDir(const Granted<Perm::kWrite, PathTarget>& dir,
                                std::string_view prefix, std::string_view suffix,
                                std::string_view syscall = "tmpdir");
// The same for an empty file, mode 0600.
Result<std::string> MakeTempFile(const Granted<Perm::kWrite, PathTarget>& dir,
                                 std::string_view prefix, std::string_view suffix,
                                 std::string_view syscall = "tmpfile");

// The working directory belongs to the process. Reading it needs no permission (as in Deno 2).
Result<void> ChangeDirectory(const Granted<Perm::kRead, PathTarget>& path,
                             std::string_view syscall = "chdir");
Result<std::string> CurrentDirectory();

}  // namespace rt
