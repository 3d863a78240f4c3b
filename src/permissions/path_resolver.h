// Turns a path into an open parent directory plus a last component, every symbolic link followed,
// and says what absolute path that is. It decides nothing and must never open the object itself.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "src/permissions/path_target.h"

namespace rt {

class PathResolver {
 public:
  struct Options {
    bool follow = true;  // follow links in the last component
    bool walk = false;   // never use openat2, as on a kernel without it
  };

  struct Outcome {
    PathTarget target;  // kResolved or kRefused
    // Absolute, links followed. For what does not exist: where it would be. Empty: nowhere.
    std::string resolved;
    std::string lexical;  // absolute and normalized as the caller spelt it
    bool exists = false;
    bool special = false;  // the parent is on procfs, sysfs or the like
    dev_t device = 0;      // of the object, if it exists
    ino_t inode = 0;
    dev_t parent_device = 0;
    ino_t parent_inode = 0;
  };

  // `path`: no NUL. Relative to the process's working directory now.
  static Outcome Resolve(std::string path, const Options& options);
  // For unscoped grants: no system call; kDirect, or kGuarded with ".." collapsed lexically.
  static PathTarget Unscoped(std::string path, bool everything);

  // The target of the same folder whose name has a suffix. No system call.
  static PathTarget Beside(const PathTarget& target, std::string_view suffix);

  // `shown`: empty for the path in quotes.
  static void SetShown(PathTarget& target, std::string shown, bool denied_below) {
    target.shown_ = std::move(shown);
    target.denied_below_ = denied_below;
  }

  // False on kernels (or under filters) without openat2; found out once.
  static bool HaveOpenat2();
};

// openat2(2), which glibc does not wrap. Returns -1 and errno.
int Openat2(int dir, const char* path, uint64_t flags, uint64_t mode, uint64_t resolve);

// The absolute path of an open descriptor, from /proc/self/fd; empty if it cannot be told (no
// /proc, deleted).
std::string PathOfFd(int fd);

// procfs, sysfs, debugfs and their like: kernel state that looks like files.
bool IsSpecialFileSystem(int fd);

}  // namespace rt
