// Starting the helper, and asking it.
#include "src/permissions/wall_helper.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "src/permissions/permissions_state.h"
#include "src/permissions/wall_server.h"

namespace rt {
namespace {

WallHelper* the_helper = nullptr;

std::string Absolute(const std::string& path) {
  if (path.starts_with('/')) return path;
  std::string cwd = ProcessCwd();
  if (cwd.empty()) return {};
  return (cwd == "/" ? "" : std::move(cwd)) + "/" + path;
}

}  // namespace

WallHelper* WallHelper::Get() {
  return the_helper;
}

bool WallHelper::MayBeTheWall(int error_number) {
  if (the_helper == nullptr) return false;
  return error_number == EACCES || error_number == EPERM || error_number == EXDEV;
}

Result<void> WallHelper::Start(const PermissionOptions& rules, const WallHelperOptions& options) {
  // Nothing a terminal or a supervisor sends ends a helper before rt ends.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::unique_ptr<WallHelper> helper(new WallHelper(options));
  Result<void> started;
  if (options.has_files) started = helper->Fork(WallRole::kFiles, before, rules, options);
  if (options.has_programs && started.ok()) {
    started = helper->Fork(WallRole::kPrograms, before, rules, options);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (started.ok()) the_helper = helper.release();
  return started;
}

Result<void> WallHelper::Fork(WallRole role, const sigset_t& mask, const PermissionOptions& rules,
                              const WallHelperOptions& options) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return Error::FromErrno(errno, "socketpair");
  }
  OwnedFd ours(ends[0]);
  OwnedFd theirs(ends[1]);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) {
    ours.Release();
    RunWallServer(role, theirs.Release(), parent, mask, rules, options);
  }
  if (child < 0) return Error::FromErrno(errno, "fork");
  LineOf(role).socket = std::move(ours);
  LineOf(role).was_there = true;
  return {};
}

std::optional<WallHelper::Reply> WallHelper::Call(WallCall call, const WireWriter& arguments,
                                                  std::span<const int> fds, WallRole role) {
  Line& line = LineOf(role);
  const std::lock_guard<std::mutex> turn(line.turn);
  if (!line.socket) return std::nullopt;
  WireWriter request;
  request.Number(static_cast<uint64_t>(call));
  WireMessage reply;
  if (!SendWireMessage(line.socket.get(), request.body() + arguments.body(), fds) ||
      !ReceiveWireMessage(line.socket.get(), &reply)) {
    line.socket.Reset();  // it is gone; only what the wall lets through is left
    return std::nullopt;
  }
  WireReader reader(reply.body);
  const uint64_t answer = reader.Number();
  if (!reader.ok() || answer >= static_cast<uint64_t>(WallAnswer::kRefused)) return std::nullopt;
  return Reply{std::move(reply.body), std::move(reply.fds), static_cast<WallAnswer>(answer)};
}

Outside<void> WallHelper::CallVoid(WallCall call, const WireWriter& arguments,
                                   std::span<const int> fds, WallRole role) {
  const auto reply = Call(call, arguments, fds, role);
  if (!reply) return std::nullopt;
  if (reply->answer == WallAnswer::kFailed) return WireReader(reply->rest()).Failure();
  return Result<void>();
}

Outside<OwnedFd> WallHelper::CallForFd(WallCall call, const WireWriter& arguments) {
  auto reply = Call(call, arguments);
  if (!reply) return std::nullopt;
  if (reply->answer == WallAnswer::kFailed) return WireReader(reply->rest()).Failure();
  if (reply->fds.size() != 1) return std::nullopt;
  return std::move(reply->fds[0]);
}

Outside<OwnedFd> WallHelper::Open(const std::string& path, int flags, mode_t mode) {
  return CallForFd(
      WallCall::kOpen,
      WireWriter().Text(Absolute(path)).Number(static_cast<uint64_t>(flags)).Number(mode));
}

Outside<OwnedFd> WallHelper::OpenCode(const std::string& path) {
  return CallForFd(WallCall::kCode, WireWriter().Text(Absolute(path)));
}

std::optional<std::string> WallHelper::ReadCode(const std::string& path, size_t limit) {
  const auto opened = OpenCode(path);
  if (!opened || !opened->ok()) return std::nullopt;
  std::string text;
  char part[16 * 1024];
  for (;;) {
    const ssize_t size = read((*opened)->get(), part, sizeof part);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 || text.size() > limit) return std::nullopt;
    if (size == 0) return text;
    text.append(part, static_cast<size_t>(size));
  }
}

void WallHelper::AwaitReady() {
  (void)Call(WallCall::kReady, WireWriter());
  (void)Call(WallCall::kReady, WireWriter(), {}, WallRole::kPrograms);
}

void WallHelper::Seal() {
  (void)Call(WallCall::kSeal, WireWriter());
}

Outside<void> WallHelper::ReplaceFile(const std::string& path, std::string_view head,
                                      std::string_view body) {
  return CallVoid(WallCall::kReplaceFile, WireWriter().Text(path).Text(head).Text(body));
}

Outside<void> WallHelper::Mkdir(const std::string& path, mode_t mode, bool recursive) {
  return CallVoid(WallCall::kMkdir,
                  WireWriter().Text(Absolute(path)).Number(mode).Number(recursive ? 1 : 0));
}

Outside<void> WallHelper::Remove(const std::string& path, bool recursive) {
  return CallVoid(WallCall::kRemove, WireWriter().Text(Absolute(path)).Number(recursive ? 1 : 0));
}

Outside<void> WallHelper::Rename(const std::string& from, const std::string& to) {
  return CallVoid(WallCall::kRename, WireWriter().Text(Absolute(from)).Text(Absolute(to)));
}

Outside<void> WallHelper::Link(const std::string& from, const std::string& to) {
  return CallVoid(WallCall::kLink, WireWriter().Text(Absolute(from)).Text(Absolute(to)));
}

Outside<void> WallHelper::Symlink(const std::string& target, const std::string& path) {
  return CallVoid(WallCall::kSymlink, WireWriter().Text(target).Text(Absolute(path)));
}

Outside<std::string> WallHelper::MakeTemporary(const std::string& dir, std::string_view prefix,
                                               std::string_view suffix, bool folder) {
  const auto reply =
      Call(WallCall::kMakeTemporary,
           WireWriter().Text(Absolute(dir)).Text(prefix).Text(suffix).Number(folder ? 1 : 0));
  if (!reply) return std::nullopt;
  WireReader reader(reply->rest());
  if (reply->answer == WallAnswer::kFailed) return reader.Failure();
  // The folder as the caller spelt it.
  const std::string made = reader.Text();
  return dir + (dir.ends_with('/') ? "" : "/") + made.substr(made.rfind('/') + 1);
}

Outside<SpawnedChild> WallHelper::Spawn(const std::string& program,
                                        const std::vector<std::string>& env,
                                        const SpawnOptions& options) {
  WireWriter arguments;
  arguments.Text(program).Texts(options.args).Texts(env);
  // The child starts where this process is, and the helper is somewhere else.
  arguments.Text(options.cwd.empty() ? ProcessCwd() : Absolute(options.cwd)).Text(options.cwd);
  arguments.Number(options.uid ? *options.uid + uint64_t{1} : 0);
  arguments.Number(options.gid ? *options.gid + uint64_t{1} : 0);
  arguments.Number(options.detached ? 1 : 0);
  auto reply = Call(WallCall::kSpawn, arguments, options.stdio, WallRole::kPrograms);
  if (!reply) return std::nullopt;
  WireReader reader(reply->rest());
  if (reply->answer == WallAnswer::kFailed) {
    Error error = reader.Failure();
    // A child that got no further than its own set-up is this process's, too.
    const auto pid = static_cast<pid_t>(reader.Number());
    siginfo_t ended;
    if (pid > 0) (void)waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED);
    return error;
  }
  SpawnedChild child;
  child.pid = static_cast<pid_t>(reader.Number());
  if (!reader.ok() || reply->fds.size() != 1) return std::nullopt;
  child.pidfd = std::move(reply->fds[0]);
  return child;
}

Outside<void> WallHelper::Signal(pid_t pid, int signal) {
  return CallVoid(
      WallCall::kSignal,
      WireWriter().Number(static_cast<uint64_t>(pid)).Number(static_cast<uint64_t>(signal)), {},
      WallRole::kPrograms);
}

Outside<void> WallHelper::Connect(int socket, const sockaddr* address, socklen_t length) {
  const int fds[] = {socket};
  return CallVoid(WallCall::kConnect,
                  WireWriter().Text({reinterpret_cast<const char*>(address), length}), fds);
}

Outside<void> WallHelper::Bind(int socket, const sockaddr* address, socklen_t length) {
  const int fds[] = {socket};
  return CallVoid(WallCall::kBind,
                  WireWriter().Text({reinterpret_cast<const char*>(address), length}), fds);
}

Outside<void> WallHelper::BindUnix(int socket, const std::string& path) {
  const int fds[] = {socket};
  return CallVoid(WallCall::kBindUnix, WireWriter().Text(Absolute(path)), fds);
}

std::optional<PromptAnswer> WallHelper::Ask(Perm perm, const std::optional<std::string>& target,
                                            std::string_view shown, std::string_view api,
                                            std::vector<ProgramPart>* parts) {
  const WallRole role = perm == Perm::kRun ? WallRole::kPrograms : WallRole::kFiles;
  if (!asks_ || !LineOf(role).was_there) return std::nullopt;
  WireWriter arguments;
  arguments.Number(static_cast<uint64_t>(perm)).Number(target ? 1 : 0);
  arguments.Text(target.value_or("")).Text(shown).Text(api);
  const auto reply = Call(WallCall::kAsk, arguments, {}, role);
  if (!reply) return PromptAnswer::kDeny;
  WireReader reader(reply->rest());
  const uint64_t answer = reader.Number();
  if (perm == Perm::kRun && target && answer != static_cast<uint64_t>(PromptAnswer::kDeny)) {
    for (std::string& link : reader.Texts()) parts->push_back({PathScope::Make(link, {}), true});
    for (std::string& file : reader.Texts()) parts->push_back({PathScope::Make(file, {}), false});
  }
  switch (answer) {
    case static_cast<uint64_t>(PromptAnswer::kAllow):
      return reader.ok() ? PromptAnswer::kAllow : PromptAnswer::kDeny;
    case static_cast<uint64_t>(PromptAnswer::kAllowAll):
      return PromptAnswer::kAllowAll;
    default:
      return PromptAnswer::kDeny;
  }
}

void WallHelper::SetUmask(mode_t mask) {
  (void)Call(WallCall::kUmask, WireWriter().Number(mask));
  (void)Call(WallCall::kUmask, WireWriter().Number(mask), {}, WallRole::kPrograms);
}

int ConnectPastWall(int socket, const sockaddr* address, socklen_t length) {
  if (connect(socket, address, length) == 0) return 0;
  if (errno != EACCES || the_helper == nullptr || address->sa_family == AF_UNIX) return -1;
  const auto done = the_helper->Connect(socket, address, length);
  if (done && done->ok()) return 0;
  errno = done ? done->error().sys_errno : EACCES;
  return -1;
}

int BindPastWall(int socket, const sockaddr* address, socklen_t length) {
  if (bind(socket, address, length) == 0) return 0;
  if (errno != EACCES || the_helper == nullptr || address->sa_family == AF_UNIX) return -1;
  const auto done = the_helper->Bind(socket, address, length);
  if (done && done->ok()) return 0;
  errno = done ? done->error().sys_errno : EACCES;
  return -1;
}

}  // namespace rt
