// The exec of a granted program.
#include "src/permissions/run_sinks.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace rt {

int ExecGranted(const Granted<Perm::kRun, Program>& program, char* const* argv, char* const* envp) {
  const Program& target = *program;
  if (target.path.empty() || target.file == nullptr) return ENOENT;
  // By path first: kernels before 6.14 call a process that was started by descriptor "3". It is as
  // good while it leads to the same file, and no script may replace that in between (a program that
  // may be run may not be written: PermissionsState::ProtectProgram).
  struct stat now;
  if (stat(target.path.c_str(), &now) == 0 && now.st_dev == target.device &&
      now.st_ino == target.inode) {
    execve(target.path.c_str(), argv, envp);
    return errno;
  }
  syscall(SYS_execveat, target.file->get(), "", argv, envp, AT_EMPTY_PATH);
  return errno;
}

}  // namespace rt
