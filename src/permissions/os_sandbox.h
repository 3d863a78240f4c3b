// The second wall: the kernel itself refuses what no granted permission needs (Landlock for paths
// and ports, seccomp for system calls). Raised once, before any other thread exists, and never
// lowered. It only ever takes away; the first wall (grant_access.h) still decides everything. A
// helper process (wall_helper.h) stands on its other side where a grant reaches further than the
// kernel's rules can say.
#pragma once

#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/permissions/permissions.h"

namespace rt {

struct OsSandboxOptions {
  // What rt itself reads, and what it reads and writes, whatever the lists say: where the program
  // lies, certificates; the cache.
  std::vector<std::string> reads{};
  std::vector<std::string> writes{};
  // A person may grant more at a prompt.
  bool may_prompt = false;
  // Modules of the program's own graph may lie anywhere.
  bool loads_modules = false;
  // Modules may come from the hosts that `import` grants.
  bool loads_remote = false;
  std::string lock_file{};  // may be replaced
};

// What was raised, for messages and tests.
struct OsSandboxReport {
  int landlock_abi = 0;  // 0: the kernel has none
  bool needed = false;   // false: the rules leave nothing to refuse
  bool paths = false;
  bool ports = false;
  bool system_calls = false;
  bool helper = false;
};

// The rules leave the kernel something to refuse: not everything is allowed, and not every program
// may be started (whoever may start any program may have it do anything).
bool NeedsOsSandbox(const PermissionOptions& rules);

// Call on the only thread of the process. Error: the kernel has neither Landlock nor seccomp, or
// refused.
Result<OsSandboxReport> RaiseOsSandbox(const PermissionOptions& rules,
                                       const OsSandboxOptions& options);

}  // namespace rt
