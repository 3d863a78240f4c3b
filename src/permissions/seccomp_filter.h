// The system calls a sandboxed process does without. Internal to os_sandbox.cc and its helper.
#pragma once

#include "src/base/result.h"

namespace rt {

struct SeccompRules {
  bool internet = false;       // sockets of TCP and UDP
  bool unix_sockets = false;   // sockets with names
  bool netlink = false;        // which networkInterfaces() asks
  bool child_signals = false;  // to processes it holds a descriptor of
};

// Starting programs and processes, signals to others, ptrace, mounts, modules, keys, bpf,
// namespaces and the like fail with EPERM from now on; threads may be made. Needs
// PR_SET_NO_NEW_PRIVS and a single thread. False: the kernel has no filters.
Result<bool> InstallSeccompFilter(const SeccompRules& rules);

}  // namespace rt
