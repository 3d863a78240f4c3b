#include "src/cli/watch.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <set>

#include "src/base/output.h"
#include "src/cli/cli.h"
#include "src/cli/messages.h"
#include "src/cli/program.h"
#include "src/cli/testing/discover.h"
#include "src/module/specifier.h"
#include "src/permissions/sinks.h"

namespace rt::cli {
namespace {

constexpr uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE;
// Editors write a file in several steps.
constexpr int kSettleMs = 60;
constexpr int kPatienceMs = 1000;  // between SIGTERM and SIGKILL

// Files are watched through their folders: many editors replace a file by another.
class ChangeWatch {
 public:
  explicit ChangeWatch(std::vector<std::string> test_folders)
      : fd_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)), test_folders_(std::move(test_folders)) {}
  ~ChangeWatch() {
    if (fd_ >= 0) close(fd_);
  }
  ChangeWatch(const ChangeWatch&) = delete;
  ChangeWatch& operator=(const ChangeWatch&) = delete;

  int fd() const { return fd_; }

  void AddFile(const std::string& path) {
    if (!files_.insert(path).second) return;
    AddFolder(path.substr(0, std::max<size_t>(path.rfind('/'), 1)));
  }

  // With all that is below. `everything`: each change counts, not only that of known files.
  void AddTree(const std::string& path, bool everything) {
    struct stat info;
    if (stat(path.c_str(), &info) == 0 && !S_ISDIR(info.st_mode)) return AddFile(path);
    if (everything) trees_.insert(path);
    AddFolder(path);
    DIR* dir = opendir(path.c_str());
    if (dir == nullptr) return;
    while (const dirent* entry = readdir(dir)) {
      const std::string name = entry->d_name;
      if (name == "." || name == ".." || name == "node_modules" || name == ".git") continue;
      if (entry->d_type == DT_DIR) AddTree(path + "/" + name, everything);
    }
    closedir(dir);
  }

  // The file that changed; empty: none that matters. Reads all there is.
  std::string Read() {
    std::string changed;
    alignas(inotify_event) char buffer[16 * 1024];
    for (;;) {
      const ssize_t size = read(fd_, buffer, sizeof buffer);
      if (size <= 0) return changed;
      for (ssize_t at = 0; at < size;) {
        const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
        at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
        const auto folder = folders_.find(event->wd);
        if (folder == folders_.end() || event->len == 0) continue;
        const std::string path = (folder->second == "/" ? "" : folder->second) + "/" + event->name;
        const bool in_tree = trees_.contains(folder->second);
        if ((event->mask & IN_ISDIR) != 0) {
          if (in_tree && (event->mask & (IN_CREATE | IN_MOVED_TO)) != 0) AddTree(path, true);
          continue;
        }
        // A new file matters when it has been written.
        if (event->mask == IN_CREATE) continue;
        if (files_.contains(path) || in_tree || IsNewTest(path)) changed = path;
      }
    }
  }

 private:
  void AddFolder(const std::string& folder) {
    const int id = inotify_add_watch(fd_, folder.c_str(), kEvents | IN_ONLYDIR);
    if (id >= 0) folders_[id] = folder;
  }

  bool IsNewTest(const std::string& path) const {
    if (!IsTestFile(path)) return false;
    for (const std::string& folder : test_folders_) {
      if (path.starts_with(folder + "/")) return true;
    }
    return false;
  }

  int fd_;
  std::map<int, std::string> folders_;
  std::set<std::string> files_;
  std::set<std::string> trees_;
  std::vector<std::string> test_folders_;
};

void Say(const std::string& text) {
  const bool color = WantsColor(STDERR_FILENO);
  WriteFully(STDERR_FILENO, (color ? "\x1b[36mWatcher\x1b[0m " : "Watcher ") + text + "\n");
}

// One run of the command.
class Process {
 public:
  explicit Process(const std::function<int(int)>& run) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return;
    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ == 0) {
      close(report[0]);
      prctl(PR_SET_PDEATHSIG, SIGTERM);
      if (getppid() != parent) _exit(kExitError);  // it ended before the line above
      _exit(run(report[1]));
    }
    close(report[1]);
    report_fd_ = report[0];
    fcntl(report_fd_, F_SETFL, O_NONBLOCK);
    if (pid_ > 0) pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  }
  ~Process() {
    if (report_fd_ >= 0) close(report_fd_);
    if (pidfd_ >= 0) close(pidfd_);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  bool ok() const { return pid_ > 0 && pidfd_ >= 0; }
  bool running() const { return running_; }
  int report_fd() const { return report_fd_; }
  int pidfd() const { return running_ ? pidfd_ : -1; }

  void ReadModules(ChangeWatch& watch) {
    char part[4096];
    for (;;) {
      const ssize_t size = read(report_fd_, part, sizeof part);
      if (size <= 0) {
        if (size == 0) close(std::exchange(report_fd_, -1));
        return;
      }
      pending_.append(part, static_cast<size_t>(size));
      size_t start = 0;
      for (size_t end; (end = pending_.find('\n', start)) != std::string::npos; start = end + 1) {
        watch.AddFile(pending_.substr(start, end - start));
      }
      pending_.erase(0, start);
    }
  }

  int Wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    running_ = false;
    return status;
  }

  void Stop() {
    if (!running_) return;
    kill(pid_, SIGTERM);
    pollfd ended{.fd = pidfd_, .events = POLLIN, .revents = 0};
    if (poll(&ended, 1, kPatienceMs) == 0) kill(pid_, SIGKILL);
    Wait();
  }

 private:
  pid_t pid_ = -1;
  int pidfd_ = -1;
  int report_fd_ = -1;
  bool running_ = true;
  std::string pending_;
};

}  // namespace

int WatchAndRun(const WatchOptions& options, const std::function<int(int)>& run) {
  const auto cwd = CurrentDirectory();
  if (!cwd.ok()) return PrintError(cwd.error().message, kExitError);
  auto absolute = [&](const std::string& path) {
    auto url = ResolveMain(path.starts_with('/') ? path : "./" + path, *cwd);
    auto made = url.ok() ? FileUrlToPath(*url) : Result<std::string>(url.TakeError());
    std::string text = made.ok() ? *made : path;
    while (text.size() > 1 && text.ends_with('/')) text.pop_back();
    return text;
  };
  std::vector<std::string> test_folders;
  for (const std::string& folder : options.test_folders) test_folders.push_back(absolute(folder));
  ChangeWatch watch(test_folders);
  if (watch.fd() < 0) return PrintError("--watch: the kernel has no more watches", kExitError);
  for (const std::string& path : options.paths) {
    struct stat info;
    if (stat(absolute(path).c_str(), &info) != 0) {
      return PrintError("--watch: there is no \"" + path + "\"", kExitError);
    }
    watch.AddTree(absolute(path), true);
  }
  for (const std::string& folder : test_folders) watch.AddTree(folder, false);
  Say("Process started.");
  for (;;) {
    Process process(run);
    if (!process.ok()) return PrintError("--watch: no process could be started", kExitError);
    std::string changed;
    while (changed.empty()) {
      pollfd fds[] = {{.fd = process.report_fd(), .events = POLLIN, .revents = 0},
                      {.fd = watch.fd(), .events = POLLIN, .revents = 0},
                      {.fd = process.pidfd(), .events = POLLIN, .revents = 0}};
      if (poll(fds, 3, -1) < 0) continue;
      if (fds[0].revents != 0) process.ReadModules(watch);
      if (fds[1].revents != 0) changed = watch.Read();
      if (fds[2].revents != 0) {
        process.ReadModules(watch);
        const bool failed = process.Wait() != 0;
        Say(std::string(failed ? "Process failed." : "Process finished.") +
            " Restarting on file change...");
      }
    }
    poll(nullptr, 0, kSettleMs);
    watch.Read();
    process.Stop();
    Say("File change detected: " + DisplayPath(changed, *cwd) + ". Restarting!");
  }
}

std::function<void(const std::string& url)> ReportModulesTo(int report_fd) {
  if (report_fd < 0) return {};
  return [report_fd](const std::string& url) {
    const auto path = FileUrlToPath(url);
    if (path.ok() && path->find('\n') == std::string::npos) WriteFully(report_fd, *path + "\n");
  };
}

}  // namespace rt::cli
