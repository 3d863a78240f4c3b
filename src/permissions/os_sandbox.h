// The second wall: the kernel itself refuses what no granted permission needs (Landlock for paths
// and ports, seccomp for system calls). Raised once, before any other thread exists, and never
// lowered. It only ever takes away; the first wall (grant_access.h) still decides everything.
#pragma once

#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/permissions/permissions.h"

namespace rt {

struct OsSandboxOptions {
  // Folders that may be read whatever the lists say: where the program itself lies.
  std::vector<std::string> program_folders{};
  // A person may grant more at a prompt: kinds that are not denied stay open.
  bool may_prompt = false;
};

// What was raised, for messages and tests.
struct OsSandboxReport {
  int landlock_abi = 0;  // 0: the kernel has none
  bool paths = false;
  bool ports = false;
  bool system_calls = false;
};

// Call on the only thread of the process. What the rules leave open (all of a kind is granted, a
// prompt may grant it, `run` is granted: children would be behind the wall too) is not walled.
// Error: the kernel has neither Landlock nor seccomp, or refused.
Result<OsSandboxReport> RaiseOsSandbox(const PermissionOptions& rules,
                                       const OsSandboxOptions& options);

}  // namespace rt
