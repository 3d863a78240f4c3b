// rt trace attach, rt why: asking a running program. Makes a socket in the control folder, sends
// SIGUSR2, and takes the connection of that process only.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "src/base/output.h"
#include "src/cli/cache_folder.h"
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/control/control_folder.h"
#include "src/cli/messages.h"
#include "src/cli/trace_option.h"

namespace rt::cli {
namespace {

constexpr int kAnswerMs = 5000;

std::string ReadWhole(const std::string& path) {
  std::string text;
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return text;
  char part[4096];
  for (ssize_t size; (size = read(fd, part, sizeof part)) > 0;) {
    text.append(part, static_cast<size_t>(size));
  }
  close(fd);
  return text;
}

bool Catches(int pid, int signal_number) {
  const std::string status = ReadWhole("/proc/" + std::to_string(pid) + "/status");
  const size_t at = status.find("SigCgt:");
  if (at == std::string::npos) return false;
  const uint64_t mask = std::strtoull(status.c_str() + at + 7, nullptr, 16);
  return (mask >> (signal_number - 1) & 1) != 0;
}

// SIGUSR2 ends a process that does not know it: it must be rt, and ready.
Result<void> CheckProcess(int pid) {
  const std::string folder = "/proc/" + std::to_string(pid);
  struct stat process;
  if (stat(folder.c_str(), &process) != 0) {
    return Error::Make(ErrorClass::kNotFound, "there is no process " + std::to_string(pid));
  }
  if (process.st_uid != geteuid()) {
    return Error::Make(ErrorClass::kNotCapable,
                       "process " + std::to_string(pid) + " is another user's");
  }
  struct stat theirs;
  struct stat ours;
  if (stat((folder + "/exe").c_str(), &theirs) != 0 || stat("/proc/self/exe", &ours) != 0 ||
      theirs.st_dev != ours.st_dev || theirs.st_ino != ours.st_ino) {
    return Error::Make(ErrorClass::kNotSupported,
                       "process " + std::to_string(pid) + " is not run by this rt");
  }
  if (!Catches(pid, SIGUSR2)) {
    return Error::Make(
        ErrorClass::kNotSupported,
        "process " + std::to_string(pid) +
            " does not listen: it has not started yet, or is none that runs a program");
  }
  return {};
}

// The cache folder as the process sees it, not as we do.
std::string CacheFolderOf(int pid) {
  const std::string folder = "/proc/" + std::to_string(pid);
  const std::string environment = ReadWhole(folder + "/environ");
  const auto variable = [&](const std::string& name) -> std::string {
    for (size_t at = 0; at < environment.size();) {
      const size_t end = std::min(environment.find('\0', at), environment.size());
      if (environment.compare(at, name.size() + 1, name + "=") == 0) {
        return environment.substr(at + name.size() + 1, end - at - name.size() - 1);
      }
      at = end + 1;
    }
    return {};
  };
  return CacheFolderFrom(variable, [&]() -> std::string {
    char cwd[4096];
    const ssize_t size = readlink((folder + "/cwd").c_str(), cwd, sizeof cwd);
    return std::string(cwd, static_cast<size_t>(std::max<ssize_t>(size, 0)));
  });
}

Result<int> Listen(const std::string& path) {
  const int listening = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (listening < 0) return Error::FromErrno(errno, "socket");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const auto* where = reinterpret_cast<const sockaddr*>(&address);
  const mode_t mask = umask(0177);
  int status = bind(listening, where, sizeof address);
  if (status != 0 && errno == EADDRINUSE) {
    // Somebody else asks right now, or was killed while asking.
    const int probe = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const bool is_left = probe >= 0 && connect(probe, where, sizeof address) != 0;
    if (probe >= 0) close(probe);
    if (is_left) {
      unlink(path.c_str());
      status = bind(listening, where, sizeof address);
    } else {
      errno = EADDRINUSE;
    }
  }
  umask(mask);
  if (status != 0) {
    const int code = errno;
    close(listening);
    if (code == EADDRINUSE) {
      return Error::Make(ErrorClass::kBusy,
                         "another rt is asking this process something right now");
    }
    return Error::FromErrno(code, "bind");
  }
  // Who sends is told by the kernel.
  const int on = 1;
  setsockopt(listening, SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
  return listening;
}

Result<int> Accept(int listening, int pid) {
  for (;;) {
    pollfd waiting{listening, POLLIN, 0};
    const int ready = poll(&waiting, 1, kAnswerMs);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) {
      return Error::Make(ErrorClass::kTimedOut,
                         "process " + std::to_string(pid) + " does not answer");
    }
    if (const int end = ReceiveEnd(listening, pid); end >= 0) return end;
  }
}

// A connection on which the process has said "ok" to `request`.
Result<int> Ask(int pid, const std::string& request) {
  RT_TRY_VOID(CheckProcess(pid));
  const std::string cache = CacheFolderOf(pid);
  RT_TRY(const int folder, OpenControlFolder(cache, true));
  const std::string path = ControlSocketPath(folder, pid);
  auto listening = Listen(path);
  if (!listening.ok()) {
    close(folder);
    return listening.error();
  }
  Result<int> socket = kill(pid, SIGUSR2) == 0 ? Accept(*listening, pid)
                                               : Result<int>(Error::FromErrno(errno, "kill"));
  unlink(path.c_str());
  close(*listening);
  close(folder);
  if (!socket.ok()) return socket.error();
  WriteFully(*socket, request + "\n");
  RT_TRY(const std::string answer, ReadLine(*socket, 64 * 1024, kAnswerMs));
  if (answer == "ok") return *socket;
  return Error::Type(answer.starts_with("error ") ? answer.substr(6)
                                                  : "an answer of another version");
}

// Until the other side ends. False: our side cannot be written.
bool CopyTo(int from, int to, bool* any) {
  char part[16 * 1024];
  for (;;) {
    const ssize_t size = read(from, part, sizeof part);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return true;
    *any = true;
    if (!WriteFully(to, std::string_view(part, static_cast<size_t>(size)))) return false;
  }
}

// Of Ctrl-C while a trace runs: the connection, so that it ends as if the process had.
volatile sig_atomic_t attached_socket = -1;
void OnStop(int) {
  if (attached_socket >= 0) shutdown(attached_socket, SHUT_RDWR);
}

}  // namespace

int WhyCommand(const Invocation& invocation) {
  auto socket = Ask(*invocation.pid, "why");
  if (!socket.ok()) return PrintError(socket.error().message, kExitError);
  bool any = false;
  return CopyTo(*socket, STDOUT_FILENO, &any) && any ? kExitOk : kExitError;
}

int TraceCommand(const Invocation& invocation) {
  const std::string patterns = invocation.trace_patterns.value_or("");
  if (auto filter = MakeTraceFilter(patterns); !filter.ok()) {
    return PrintError(filter.error().message, kExitUsage);
  }
  int out = STDOUT_FILENO;
  if (!invocation.trace_file.empty()) {
    auto opened = OpenTraceFile(invocation.trace_file);
    if (!opened.ok()) return PrintError(opened.error().message, kExitUsage);
    out = *opened;
  }
  const bool is_perfetto = invocation.trace_output == TraceOutput::kPerfetto;
  const char* const format = is_perfetto                                     ? "perfetto"
                             : invocation.trace_output == TraceOutput::kJson ? "json"
                                                                             : "text";
  auto socket = Ask(*invocation.pid, std::string("trace ") + format + " " + patterns);
  if (!socket.ok()) return PrintError(socket.error().message, kExitError);
  attached_socket = *socket;
  struct sigaction stop {};
  stop.sa_handler = OnStop;
  sigaction(SIGINT, &stop, nullptr);
  sigaction(SIGTERM, &stop, nullptr);
  bool any = false;
  const bool written = CopyTo(*socket, out, &any);
  if (is_perfetto) WriteFully(out, any ? "\n]\n" : "[]\n");
  return written ? kExitOk : kExitError;
}

}  // namespace rt::cli
