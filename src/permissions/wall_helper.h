// This side's end of the helper processes: they were forked before the kernel's wall was raised,
// keep the rules, and do what these grant where the wall is coarser than they are or a person
// granted more since. They check by themselves; nothing said here makes them do what their own
// rules do not allow. One does everything with files and sockets, behind a filter as strict as
// rt's; the other only starts programs and sends signals, because its filter would be theirs.
//
// There is one wall a process, so there is one of these: with V8's platform the only state that
// does not belong to a runtime. Set once, before there is a second thread. Any thread may call;
// calls to one helper take turns.
#pragma once

#include <signal.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/permissions/owned_fd.h"
#include "src/permissions/permissions.h"
#include "src/permissions/process_sinks.h"
#include "src/permissions/program_parts.h"
#include "src/permissions/prompt.h"
#include "src/permissions/wall_wire.h"

namespace rt {

// Which of the two a helper is. Neither does what is the other's.
enum class WallRole : uint8_t { kFiles, kPrograms };

struct WallHelperOptions {
  bool has_files = true;      // start that one
  bool has_programs = false;  // start that one
  bool asks = false;          // they have the terminal and ask the person
  bool reads_code = false;    // modules of the program's own graph, until Seal
  std::string lock_file;      // may be replaced; empty: none
};

// What came of a call: its error as the system said it, or nothing if the rules refused (or there
// is nobody to ask), and the caller's own error stands.
template <class T>
using Outside = std::optional<Result<T>>;

class WallHelper {
 public:
  // Forks them. Call on the only thread of the process, before the wall is raised.
  static Result<void> Start(const PermissionOptions& rules, const WallHelperOptions& options);
  // Null: there is none.
  static WallHelper* Get();

  Outside<OwnedFd> Open(const std::string& path, int flags, mode_t mode);
  Outside<OwnedFd> OpenCode(const std::string& path);
  // The text of such a file, at most so long.
  std::optional<std::string> ReadCode(const std::string& path, size_t limit);
  // Waits until it has resolved what the flags name: before any script could change where that is.
  void AwaitReady();
  // The same; and no more code from now on.
  void Seal();
  Outside<void> ReplaceFile(const std::string& path, std::string_view head, std::string_view body);
  Outside<void> Mkdir(const std::string& path, mode_t mode, bool recursive);
  Outside<void> Remove(const std::string& path, bool recursive);
  Outside<void> Rename(const std::string& from, const std::string& to);
  Outside<void> Link(const std::string& from, const std::string& to);
  Outside<void> Symlink(const std::string& target, const std::string& path);
  Outside<std::string> MakeTemporary(const std::string& dir, std::string_view prefix,
                                     std::string_view suffix, bool folder);
  // The child is this process's own, not the helper's.
  Outside<SpawnedChild> Spawn(const std::string& program, const std::vector<std::string>& env,
                              const SpawnOptions& options);
  Outside<void> Signal(pid_t pid, int signal);
  Outside<void> Connect(int socket, const sockaddr* address, socklen_t length);
  Outside<void> Bind(int socket, const sockaddr* address, socklen_t length);
  Outside<void> BindUnix(int socket, const std::string& path);
  // The question is asked by the helper whose business it is, which keeps the answer, too.
  // Nothing: ask here.
  bool asks() const { return asks_; }
  // `parts` are what a program that was granted is made of.
  std::optional<PromptAnswer> Ask(Perm perm, const std::optional<std::string>& target,
                                  std::string_view shown, std::string_view api,
                                  std::vector<ProgramPart>* parts);
  void SetUmask(mode_t mask);

  // errno values that may be the wall's and not the system's.
  static bool MayBeTheWall(int error_number);

 private:
  // A helper, and turns of talking to it.
  struct Line {
    std::mutex turn;
    OwnedFd socket;
    bool was_there = false;
  };
  explicit WallHelper(const WallHelperOptions& options) : asks_(options.asks) {}
  Result<void> Fork(WallRole role, const sigset_t& mask, const PermissionOptions& rules,
                    const WallHelperOptions& options);
  Line& LineOf(WallRole role) { return role == WallRole::kPrograms ? programs_ : files_; }
  struct Reply {
    std::string body;
    std::vector<OwnedFd> fds;
    WallAnswer answer;
    std::string_view rest() const { return std::string_view(body).substr(sizeof(uint64_t)); }
  };
  std::optional<Reply> Call(WallCall call, const WireWriter& arguments,
                            std::span<const int> fds = {}, WallRole role = WallRole::kFiles);
  Outside<void> CallVoid(WallCall call, const WireWriter& arguments, std::span<const int> fds = {},
                         WallRole role = WallRole::kFiles);
  Outside<OwnedFd> CallForFd(WallCall call, const WireWriter& arguments);

  Line files_;
  Line programs_;
  const bool asks_;
};

// connect(2) and bind(2), by the helper if the wall refuses.
int ConnectPastWall(int socket, const sockaddr* address, socklen_t length);
int BindPastWall(int socket, const sockaddr* address, socklen_t length);

}  // namespace rt
