#include "src/cli/task_run.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "src/base/output.h"
#include "src/cli/cli.h"
#include "src/cli/messages.h"

namespace rt::cli {
namespace {

// As shells have it.
constexpr int kNoSuchFolder = 1;
constexpr int kCannotRun = 126;
constexpr int kSignalBase = 128;

// A shell does not pass signals on, so everything below it gets them.
void SignalTree(pid_t pid, int signal_number, int depth = 0) {
  constexpr int kDeepest = 64;
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
  std::vector<pid_t> children;
  if (FILE* file = std::fopen(path, "re"); file != nullptr && depth < kDeepest) {
    int child = 0;
    while (std::fscanf(file, "%d", &child) == 1) children.push_back(child);
    std::fclose(file);
  }
  kill(pid, signal_number);
  for (const pid_t child : children) SignalTree(child, signal_number, depth + 1);
}

class Runner {
 public:
  Runner(const std::vector<TaskPlan>& plans, size_t at_once)
      : plans_(plans), at_once_(at_once), tasks_(plans.size()) {
    sigemptyset(&signals_);
    for (const int number : {SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
      sigaddset(&signals_, number);
    }
    sigprocmask(SIG_BLOCK, &signals_, &before_);
  }
  ~Runner() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  int Run() {
    for (;;) {
      if (exit_code_ == kExitOk) StartReady();
      if (running_ == 0) return exit_code_;
      siginfo_t info;
      const int number = sigwaitinfo(&signals_, &info);
      if (number < 0) continue;
      if (number == SIGCHLD) {
        Reap();
      } else if (info.si_code != SI_KERNEL) {
        // What was typed at the terminal has reached the tasks already.
        for (const Task& task : tasks_) {
          if (task.pid > 0) SignalTree(task.pid, number);
        }
      }
    }
  }

 private:
  struct Task {
    size_t step = 0;
    pid_t pid = 0;
    bool started = false;
    bool done = false;
  };

  void StartReady() {
    for (size_t i = 0; i < tasks_.size() && running_ < at_once_; ++i) {
      Task& task = tasks_[i];
      const std::vector<size_t>& needs = plans_[i].needs;
      if (task.started || !std::all_of(needs.begin(), needs.end(),
                                       [&](size_t need) { return tasks_[need].done; })) {
        continue;
      }
      task.started = true;
      ++running_;
      Advance(i);
      if (exit_code_ != kExitOk) return;
      // One without a command is done at once, and may be what an earlier one waits for.
      if (task.done) i = static_cast<size_t>(-1);
    }
  }

  // The next step of a task, or its end.
  void Advance(size_t index) {
    Task& task = tasks_[index];
    const std::vector<TaskStep>& steps = plans_[index].steps;
    if (task.step == steps.size()) {
      task.done = true;
      --running_;
      return;
    }
    const TaskStep& step = steps[task.step++];
    if (!step.label.empty()) WriteFully(STDERR_FILENO, step.label + "\n");
    if (step.script.empty()) return Advance(index);
    task.pid = Start(step);
    if (task.pid > 0) return;
    PrintError(std::string("could not start /bin/sh: ") + std::strerror(errno), kExitError);
    --running_;
    Fail(kExitError);
  }

  pid_t Start(const TaskStep& step) {
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid != 0) return pid;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(kExitError);
    sigprocmask(SIG_SETMASK, &before_, nullptr);
    if (chdir(step.folder.c_str()) != 0) {
      PrintError(step.folder + ": " + std::strerror(errno), kExitError);
      _exit(kNoSuchFolder);
    }
    for (const auto& [name, value] : step.variables) setenv(name.c_str(), value.c_str(), 1);
    setenv("PWD", step.folder.c_str(), 1);
    execl("/bin/sh", "sh", "-c", step.script.c_str(), static_cast<char*>(nullptr));
    PrintError(std::string("/bin/sh: ") + std::strerror(errno), kExitError);
    _exit(kCannotRun);
  }

  void Reap() {
    for (size_t i = 0; i < tasks_.size(); ++i) {
      if (tasks_[i].pid <= 0) continue;
      int status = 0;
      if (waitpid(tasks_[i].pid, &status, WNOHANG) != tasks_[i].pid) continue;
      tasks_[i].pid = 0;
      const int code = WIFSIGNALED(status) ? kSignalBase + WTERMSIG(status) : WEXITSTATUS(status);
      if (code != kExitOk || exit_code_ != kExitOk) {
        --running_;
        Fail(code);
      } else {
        Advance(i);
      }
    }
  }

  // Nothing more is started, and what runs is ended.
  void Fail(int code) {
    if (exit_code_ != kExitOk) return;
    exit_code_ = code == kExitOk ? kExitError : code;
    for (const Task& task : tasks_) {
      if (task.pid > 0) SignalTree(task.pid, SIGTERM);
    }
  }

  const std::vector<TaskPlan>& plans_;
  const size_t at_once_;
  std::vector<Task> tasks_;
  size_t running_ = 0;
  int exit_code_ = kExitOk;
  sigset_t signals_;
  sigset_t before_;
};

}  // namespace

int RunTasks(const std::vector<TaskPlan>& plans, size_t at_once) {
  return Runner(plans, at_once).Run();
}

}  // namespace rt::cli
