// Which folders the machine shows in several places (bind mounts), so that a rule that takes a
// folder away holds in all of them. Reads /proc/self/mountinfo once; must never decide anything.
// Immutable afterwards; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/permissions/path_scope.h"

namespace rt {

class MountTable {
 public:
  // The mounts of this process now. Empty where /proc cannot be read. Call it before the kernel's
  // wall is up, which hides the list.
  static MountTable Read();
  // For tests: the text of a mountinfo file (proc_pid_mountinfo(5)).
  static MountTable Parse(std::string_view mountinfo);

  // The other places at which `path` (absolute, links followed; it need not exist), or a part of
  // what is below it, can be reached. Not those where something else is mounted on top by now.
  std::vector<std::string> OtherPlacesOf(std::string_view path) const;

 private:
  struct Mount {
    uint64_t id = 0;
    std::string device;  // "major:minor" of the file system, whatever st_dev says (btrfs)
    std::string root;    // what of the file system is mounted
    std::string place;   // where
  };
  const Mount* MountOf(std::string_view path) const;

  std::vector<Mount> mounts_;
};

// The scope itself, and one for each other place. These have no object: what is there is hit by
// its place alone.
std::vector<PathScope> InAllPlaces(PathScope scope, const MountTable* mounts);

}  // namespace rt
