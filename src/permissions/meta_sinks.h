// Sinks that change what is known about a file (mode, owner, times), and those that make another
// name for one. As sinks.h: Granted values only, any thread, errors name the path as the caller
// spelt it. Devices and kernel state are refused unless everything is allowed.
#pragma once

#include <sys/types.h>
#include <time.h>

#include <optional>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/permissions/granted.h"
#include "src/permissions/owned_fd.h"
#include "src/permissions/path_target.h"
#include "src/permissions/targets.h"

namespace rt {

// Access time, then modification time.
struct FileTimes {
  timespec access;
  timespec modification;
};

// Links are followed by all three, as in Deno.
Result<void> Chmod(const Granted<Perm::kWrite, PathTarget>& path, mode_t mode,
                   std::string_view syscall = "chmod");
// Without a value that id stays.
Result<void> Chown(const Granted<Perm::kWrite, PathTarget>& path, std::optional<uid_t> user,
                   std::optional<gid_t> group, std::string_view syscall = "chown");
Result<void> SetTimes(const Granted<Perm::kWrite, PathTarget>& path, const FileTimes& times,
                      std::string_view syscall = "utime");
// The same for an open file. The caller checked what its open was granted.
Result<void> SetTimesOpened(const OwnedFd& fd, const FileTimes& times);

// A hard link. Both ends need reading and writing: the new name gives whatever the old one gave.
Result<void> Link(const GrantedReadWrite<EntryTarget>& from,
                  const GrantedReadWrite<EntryTarget>& to, std::string_view syscall = "link");
// A symbolic link; `target` is stored as it is. It takes all of reading and writing, since what a
// link leads to is decided only when somebody, maybe another program, follows it.
Result<void> Symlink(const Granted<Perm::kRead, Everything>& read,
                     const Granted<Perm::kWrite, Everything>& write, const std::string& target,
                     const GrantedReadWrite<EntryTarget>& path,
                     std::string_view syscall = "symlink");

}  // namespace rt
