// What starting a program needs besides the fork: the child's environment and the exec itself.
// Takes granted values only. Environment: any thread. Exec: between fork and exec, so it must not
// allocate or lock.
#pragma once

#include <string>
#include <vector>

#include "src/permissions/granted.h"
#include "src/permissions/targets.h"

namespace rt {

// Replaces the process by the program that was checked: execveat on the file that was opened then,
// so nothing put in its place since is run. A script (#!) has to be opened again by its
// interpreter: its path is used if it still leads to that file, else ENOENT. Returns errno.
// Async-signal-safe; `argv` and `envp` end with a null pointer.
int ExecGranted(const Granted<Perm::kRun, Program>& program, char* const* argv, char* const* envp);

}  // namespace rt
