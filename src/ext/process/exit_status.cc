#include "src/ext/process/exit_status.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <map>

namespace rt {
namespace {

ExitStatus FromInfo(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) return {.code = info.si_status, .signal = 0};
  return {.code = 128 + info.si_status, .signal = info.si_status};
}

// Only used by process 1; the process's, since process 1 is.
struct Children {
  std::mutex lock;
  // Ours, and how those ended that the reaper met first.
  std::map<pid_t, std::optional<ExitStatus>> ours;
};
Children& OurChildren() {
  static Children children;
  return children;
}

std::optional<ExitStatus> WaitFor(const OwnedFd& pidfd, int options) {
  siginfo_t info{};
  int result = 0;
  do {
    result = waitid(P_PIDFD, static_cast<id_t>(pidfd.get()), &info, WEXITED | options);
  } while (result != 0 && errno == EINTR);
  if (result != 0 || info.si_pid == 0) return std::nullopt;
  return FromInfo(info);
}

}  // namespace

bool OrphanReaper::Needed() {
  return getpid() == 1;
}

std::unique_lock<std::mutex> OrphanReaper::BeforeSpawn() {
  return Needed() ? std::unique_lock(OurChildren().lock) : std::unique_lock<std::mutex>();
}

void OrphanReaper::AddChild(pid_t pid) {
  if (Needed()) OurChildren().ours.try_emplace(pid);
}

void OrphanReaper::Reap() {
  Children& children = OurChildren();
  const std::lock_guard guard(children.lock);
  for (;;) {
    siginfo_t info{};
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG) != 0 || info.si_pid == 0) return;
    const auto ours = children.ours.find(info.si_pid);
    if (ours != children.ours.end()) ours->second = FromInfo(info);
  }
}

std::optional<ExitStatus> TakeExitStatus(const OwnedFd& pidfd, pid_t pid, bool wait) {
  if (!OrphanReaper::Needed()) return WaitFor(pidfd, wait ? 0 : WNOHANG);
  // WNOWAIT leaves it in place for the look under the lock.
  if (wait) (void)WaitFor(pidfd, WNOWAIT);
  Children& children = OurChildren();
  const std::lock_guard guard(children.lock);
  std::optional<ExitStatus> status = WaitFor(pidfd, WNOHANG);
  const auto ours = children.ours.find(pid);
  if (!status && ours != children.ours.end()) status = ours->second;
  if (status && ours != children.ours.end()) children.ours.erase(ours);
  return status;
}

}  // namespace rt
