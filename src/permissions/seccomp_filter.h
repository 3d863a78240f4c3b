// The system calls a sandboxed process does without. Internal to os_sandbox.cc and its helper.
#pragma once

#include "src/base/result.h"

namespace rt {

struct SeccompRules {
  bool internet = false;       // sockets of TCP and UDP, and no others of the internet's
  bool unix_sockets = false;   // sockets with names
  bool netlink = false;        // which networkInterfaces() asks: addresses and routes
  bool listens = false;        // listen(2), which picks a port by itself where none was bound
  bool any_port = false;       // else what connects without connect(2) is refused
  bool metadata = false;       // modes, owners, times and attributes, which Landlock knows not of
  bool watches = false;        // inotify, which names the files of any folder
  bool child_signals = false;  // to processes it holds a descriptor of
};

// Starting programs and processes, signals to others, ptrace, mounts, modules, keys, bpf,
// namespaces and the like fail with EPERM from now on; threads may be made. Needs
// PR_SET_NO_NEW_PRIVS and a single thread. False: the kernel has no filters.
Result<bool> InstallSeccompFilter(const SeccompRules& rules);

}  // namespace rt
