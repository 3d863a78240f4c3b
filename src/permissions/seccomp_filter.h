// The system calls a sandboxed process does without. Internal to os_sandbox.cc.
#pragma once

#include "src/base/result.h"

namespace rt {

struct SeccompRules {
  bool sockets = false;         // socket() of the internet and unix families
  bool interface_list = false;  // netlink, which networkInterfaces() asks
};

// Starting programs and processes, signals to others, ptrace, mounts, modules, keys, bpf,
// namespaces and the like fail with EPERM from now on; threads may be made. Needs
// PR_SET_NO_NEW_PRIVS and a single thread. False: the kernel has no filters.
Result<bool> InstallSeccompFilter(const SeccompRules& rules);

}  // namespace rt
