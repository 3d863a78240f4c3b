// How a child ended, and who may ask: waitid for our own children, and for the orphans of others
// when rt is process 1 and inherits them. Any thread.
#pragma once

#include <sys/types.h>

#include <mutex>
#include <optional>

#include "src/permissions/owned_fd.h"

namespace rt {

struct ExitStatus {
  int code = 0;    // 128 + signal when a signal ended it, as a shell says it
  int signal = 0;  // 0: none
};

// Whether the child has ended; takes its status, once. `wait`: blocks until then.
std::optional<ExitStatus> TakeExitStatus(const OwnedFd& pidfd, pid_t pid, bool wait);

// Process 1 is the parent of every process whose own has gone: somebody has to wait for them. Held
// while a child is made, so that the reaper knows it before it can end.
class OrphanReaper {
 public:
  static bool Needed();
  // Empty unless needed.
  static std::unique_lock<std::mutex> BeforeSpawn();
  // Under that lock.
  static void AddChild(pid_t pid);
  // Waits for all that ended: orphans are dropped, statuses of our own children kept for whoever
  // asks for them.
  static void Reap();
};

}  // namespace rt
