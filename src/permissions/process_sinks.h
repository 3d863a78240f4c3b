// Starting programs and sending signals: the only code that does either. Spawn may run on any
// thread; it blocks until the program has replaced the child (or could not), well under a
// millisecond as a rule. Must never take a program that was not granted.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/permissions/granted.h"
#include "src/permissions/owned_fd.h"
#include "src/permissions/permissions.h"
#include "src/permissions/targets.h"

namespace rt {

// What the helper outside the kernel's wall says when it starts a program for rt (wall_server.h):
// the child is rt's own, as if rt had made it.
struct SpawnFromHelper {
  sigset_t mask;            // blocked in the child
  pid_t* failed_child;      // set when the child has to be waited for although it failed
  std::string shown_cwd{};  // for messages
};

struct SpawnOptions {
  std::vector<std::string> args;  // with argv[0]
  std::string cwd;                // empty: ours
  std::array<int, 3> stdio;       // what becomes the child's 0, 1 and 2; -1: /dev/null
  std::optional<uid_t> uid;
  std::optional<gid_t> gid;
  bool detached = false;  // a session of its own
  std::optional<SpawnFromHelper> from_helper{};
};

struct SpawnedChild {
  pid_t pid = -1;
  OwnedFd pidfd;  // readable once the child has ended
};

// The `syscall` of the error when the child's folder could not be entered.
inline constexpr std::string_view kEnterFolder = "chdir";

// The child has the three standard streams and no other descriptor of ours, default signal handlers
// and no blocked signals. Behind the kernel's wall the helper starts it. Errors in Deno's words:
// "Failed to spawn 'ls': ...".
Result<SpawnedChild> Spawn(const Granted<Perm::kRun, Program>& program,
                           const Granted<Perm::kRun, ChildEnv>& env, const SpawnOptions& options);

// EMFILE or ENFILE if there is no descriptor left, else 0: what looking for a program cannot tell
// from a program that is not there.
int DescriptorShortage();

// What execve would say about a program that could not be found under this absolute path.
int WhyNotExecutable(const std::string& path);

// Any process: needs all of `run`.
Result<void> SendSignal(const Granted<Perm::kRun, Everything>& all, pid_t pid, int signal);
// This process itself: as free as Deno.exit.
Result<void> SendSignalToSelf(int signal);
// A child of ours, as long as it was not waited for. NotFound afterwards.
Result<void> SendSignalToChild(const OwnedFd& pidfd, int signal);

}  // namespace rt
