// A child is made with clone(CLONE_VM | CLONE_VFORK), as posix_spawn makes one: no page tables are
// copied, and failures of its set-up come back through shared memory. Until it executes, the child
// must call nothing that allocates, locks or touches thread state: raw system calls only.
#include "src/permissions/process_sinks.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "src/permissions/run_sinks.h"
#include "src/permissions/wall_helper.h"

namespace rt {
namespace {

constexpr size_t kChildStack = 64 * 1024;
constexpr int kSignals = 64;

enum class Stage : uint8_t { kDone, kFolder, kIds, kStreams, kProgram };

struct ChildPlan {
  const Granted<Perm::kRun, Program>& program;
  char* const* argv = nullptr;
  char* const* envp = nullptr;
  const char* cwd = nullptr;  // null: ours
  std::array<int, 3> stdio{};
  std::optional<uid_t> uid{};
  std::optional<gid_t> gid{};
  bool detached = false;
  bool signals_are_reset = false;  // but for those that are ignored
  sigset_t mask{};
  rlim_t max_files = 0;
  // Written by the child.
  Stage stage = Stage::kDone;
  int error_number = 0;
};

[[noreturn]] void GiveUp(ChildPlan& plan, Stage stage) {
  plan.stage = stage;
  plan.error_number = errno;
  _exit(127);
}

// What rt itself ignores; everything else that is ignored was so before, and stays (nohup).
constexpr int kIgnoredByRt[] = {SIGPIPE, SIGXFSZ};

void ResetIfIgnored(int signal_number) {
  struct sigaction action;
  if (sigaction(signal_number, nullptr, &action) != 0 || action.sa_handler != SIG_IGN) return;
  action = {};
  action.sa_handler = SIG_DFL;
  (void)sigaction(signal_number, &action, nullptr);
}

void ResetHandlers() {
  for (int signal_number = 1; signal_number <= kSignals; ++signal_number) {
    struct sigaction action;
    if (sigaction(signal_number, nullptr, &action) != 0) continue;
    if (action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN) continue;
    action = {};
    action.sa_handler = SIG_DFL;
    (void)sigaction(signal_number, &action, nullptr);
  }
}

void CloseAtExec(rlim_t max_files) {
  if (syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
  // Kernels before 5.11.
  const int last = static_cast<int>(std::min<rlim_t>(max_files, 1 << 20));
  for (int fd = 3; fd < last; ++fd) (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

__attribute__((no_sanitize("address"))) int RunChild(void* argument) {
  auto& plan = *static_cast<ChildPlan*>(argument);
  if (!plan.signals_are_reset) ResetHandlers();
  for (const int signal_number : kIgnoredByRt) ResetIfIgnored(signal_number);
  if (plan.detached && setsid() < 0) GiveUp(plan, Stage::kIds);
  for (int i = 0; i < 3; ++i) {
    const int from = plan.stdio[static_cast<size_t>(i)];
    if (from == i ? fcntl(i, F_SETFD, 0) != 0 : dup2(from, i) < 0) GiveUp(plan, Stage::kStreams);
  }
  if (plan.cwd != nullptr && syscall(SYS_chdir, plan.cwd) != 0) GiveUp(plan, Stage::kFolder);
  // glibc's own functions would tell all threads of the parent.
  if (plan.gid && syscall(SYS_setresgid, *plan.gid, *plan.gid, *plan.gid) != 0) {
    GiveUp(plan, Stage::kIds);
  }
  if (plan.uid) {
    // Groups of the old user are of no concern to the new one.
    if (syscall(SYS_geteuid) == 0 && syscall(SYS_setgroups, 0, nullptr) != 0) {
      GiveUp(plan, Stage::kIds);
    }
    if (syscall(SYS_setresuid, *plan.uid, *plan.uid, *plan.uid) != 0) GiveUp(plan, Stage::kIds);
  }
  CloseAtExec(plan.max_files);
  (void)sigprocmask(SIG_SETMASK, &plan.mask, nullptr);
  errno = ExecGranted(plan.program, plan.argv, plan.envp);
  GiveUp(plan, Stage::kProgram);
}

// clone(2), or clone3(2) where it is known how to call it: that resets all handlers at once, which
// takes a call for each of 64 signals otherwise. Returns -1 and errno.
int CloneChild(ChildPlan& plan, char* stack, int flags, int* pidfd) {
#if defined(__x86_64__)
  clone_args args{};
  args.flags =
      (static_cast<uint64_t>(flags) & ~static_cast<uint64_t>(CSIGNAL)) | CLONE_CLEAR_SIGHAND;
  args.pidfd = reinterpret_cast<uintptr_t>(pidfd);
  args.exit_signal = (flags & CLONE_PARENT) != 0 ? 0 : SIGCHLD;
  args.stack = reinterpret_cast<uintptr_t>(stack);
  args.stack_size = kChildStack;
  plan.signals_are_reset = true;
  long pid = SYS_clone3;
  // The child has a stack with nothing on it: it must not return from here.
  asm volatile(
      "syscall\n\t"
      "testq %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "movq %[plan], %%rdi\n\t"
      "callq *%[run]\n\t"
      "ud2\n"
      "1:"
      : "+a"(pid)
      : "D"(&args), "S"(sizeof args), [plan] "r"(static_cast<void*>(&plan)), [run] "r"(&RunChild)
      : "rcx", "r11", "cc", "memory");
  if (pid >= 0) return static_cast<int>(pid);
  errno = static_cast<int>(-pid);
  // Some filters for containers know only the older call.
  if (errno != ENOSYS && errno != EINVAL && errno != EPERM) return -1;
  plan.signals_are_reset = false;
#endif
  return clone(RunChild, stack + kChildStack, flags, &plan, pidfd);
}

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

bool HasNul(const std::vector<std::string>& texts) {
  return std::any_of(texts.begin(), texts.end(),
                     [](const std::string& text) { return text.find('\0') != std::string::npos; });
}

Error SpawnError(const std::string& name, int error_number) {
  Error error = Error::FromErrno(error_number);
  error.message = "Failed to spawn '" + name + "': " + error.message;
  error.syscall = "spawn";
  error.path = name;
  return error;
}

}  // namespace

Result<SpawnedChild> Spawn(const Granted<Perm::kRun, Program>& program,
                           const Granted<Perm::kRun, ChildEnv>& env, const SpawnOptions& options) {
  const std::string& path = program->path;
  if (HasNul(options.args) || HasNul(env->entries) || options.cwd.find('\0') != std::string::npos) {
    Error error = SpawnError(path, EINVAL);
    error.message = "Failed to spawn '" + path + "': nul byte found in provided data";
    return error;
  }
  OwnedFd null;
  ChildPlan plan{.program = program};
  plan.stdio = options.stdio;
  const std::string& shown_cwd = options.from_helper ? options.from_helper->shown_cwd : options.cwd;
  if (std::find(plan.stdio.begin(), plan.stdio.end(), -1) != plan.stdio.end()) {
    null = OwnedFd(open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!null) return SpawnError(path, errno);
    std::replace(plan.stdio.begin(), plan.stdio.end(), -1, null.get());
  }
  if (WallHelper* helper = WallHelper::Get()) {
    SpawnOptions asked = options;
    asked.stdio = plan.stdio;
    auto outside = helper->Spawn(path, env->entries, asked);
    if (outside) return std::move(*outside);
    return SpawnError(path, EPERM);
  }
  const std::vector<char*> argv = Pointers(options.args);
  const std::vector<char*> envp = Pointers(env->entries);
  plan.argv = argv.data();
  plan.envp = envp.data();
  plan.cwd = options.cwd.empty() ? nullptr : options.cwd.c_str();
  plan.uid = options.uid;
  plan.gid = options.gid;
  plan.detached = options.detached;
  rlimit files;
  plan.max_files = getrlimit(RLIMIT_NOFILE, &files) == 0 ? files.rlim_cur : 1024;

  // No handler of ours may run in the child while it shares our memory.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &plan.mask);
  struct alignas(16) Stack {
    char bytes[kChildStack];
  };
  const auto stack = std::make_unique_for_overwrite<Stack>();
  int pidfd = -1;
  sigset_t before = plan.mask;
  int flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD;
  if (options.from_helper) {
    flags |= CLONE_PARENT;
    plan.mask = options.from_helper->mask;
  }
  const int pid = CloneChild(plan, stack->bytes, flags, &pidfd);
  const int clone_error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) return SpawnError(path, clone_error);
  SpawnedChild child{pid, OwnedFd(pidfd)};
  if (plan.stage == Stage::kDone) return child;

  if (options.from_helper) {
    *options.from_helper->failed_child = pid;
  } else {
    siginfo_t ended;
    (void)waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED);
  }
  Error error = SpawnError(path, plan.error_number);
  if (plan.stage == Stage::kFolder) error.syscall = kEnterFolder;
  if (plan.stage == Stage::kFolder && plan.error_number == ENOENT) {
    error.message = "Failed to spawn '" + path + "': No such cwd '" + shown_cwd + "'";
  }
  return error;
}

int DescriptorShortage() {
  const OwnedFd probe(fcntl(0, F_DUPFD_CLOEXEC, 3));
  return probe ? 0 : errno;
}

int WhyNotExecutable(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) != 0 ? errno : EACCES;
}

Result<void> SendSignal(const Granted<Perm::kRun, Everything>&, pid_t pid, int signal) {
  if (kill(pid, signal) == 0) return {};
  const int error_number = errno;
  if (WallHelper::MayBeTheWall(error_number)) {
    if (auto outside = WallHelper::Get()->Signal(pid, signal)) return std::move(*outside);
  }
  return Error::FromErrno(error_number, "kill");
}

Result<void> SendSignalToSelf(int signal) {
  if (kill(getpid(), signal) != 0) return Error::FromErrno(errno, "kill");
  return {};
}

Result<void> SendSignalToChild(const OwnedFd& pidfd, int signal) {
  if (syscall(SYS_pidfd_send_signal, pidfd.get(), signal, nullptr, 0) != 0) {
    return Error::FromErrno(errno, "kill");
  }
  return {};
}

}  // namespace rt
