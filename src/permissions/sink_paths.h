// How the file sinks reach what a target names. Internal to the sinks; must never be used by
// anything that does not hold a Granted value. Any thread.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <utility>

#include "src/base/result.h"
#include "src/permissions/owned_fd.h"
#include "src/permissions/path_target.h"

namespace rt {

// An open directory (or AT_FDCWD) and a name in it, for the *at system calls that act on entries.
struct Anchor {
  OwnedFd owned;  // kGuarded: the parent opened for this call
  int dir = -1;
  std::string name;
  bool trailing_slash = false;
};

// Error::FromErrno with the path as the caller spelt it.
Error PathError(int error_number, std::string_view syscall, const PathTarget& path);
Error TwoPathError(int error_number, std::string_view syscall, const PathTarget& from,
                   const PathTarget& to);

// Opens the object; O_CLOEXEC | O_NOCTTY added, links only followed where the check did (kResolved:
// never). Unless everything is allowed, what turns out to be kernel state or a device other than
// null, zero, full, random, urandom is closed again and refused; pipes and files the process was
// started with stay reachable as /dev/fd/N.
Result<OwnedFd> OpenTarget(const PathTarget& path, std::string_view syscall, int flags,
                           mode_t mode = 0);
// The parent and the name, for calls on the entry itself.
Result<Anchor> AnchorOf(const PathTarget& path, std::string_view syscall);
// Those of a call on two entries; its errors name both.
Result<std::pair<Anchor, Anchor>> AnchorsOf(const PathTarget& from, const PathTarget& to,
                                            std::string_view syscall);

}  // namespace rt
