// What has to be known of the machine to keep the rules, and is found out once at the start,
// before the kernel's wall hides it: where folders are mounted, and what the granted programs are
// made of. Immutable once made; any thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/permissions/mounts.h"
#include "src/permissions/permissions.h"
#include "src/permissions/program_parts.h"

namespace rt {

struct RuleFacts {
  MountTable mounts;
  std::string search_path;            // PATH
  std::vector<ProgramPart> programs;  // of those that `run` allows

  // What these rules need, read now, or, behind the wall, before it was raised. Reads nothing if
  // they take nothing away.
  static std::shared_ptr<const RuleFacts> Of(const PermissionOptions& rules);
  // Call it just before the wall is raised, on the only thread of the process: like the wall, what
  // is read here is the process's.
  static void KeepForBehindTheWall(const PermissionOptions& rules);
};

}  // namespace rt
