// rt record: runs a program with everything allowed and says which grants it used.
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "src/base/output.h"
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/messages.h"
#include "src/cli/program.h"
#include "src/permissions/sinks.h"
#include "src/runtime/permission_log.h"

namespace rt::cli {
namespace {

// Standard output is the program's, so the result goes to standard error, after all it wrote there.
void Report(const PermissionLog& log, const std::string& cwd, const std::string& file) {
  const GrantSet grants = log.grants();
  const std::string flags = grants.Flags(cwd);
  WriteFully(STDERR_FILENO, "rt record: this run used\n  rt run " +
                                (flags.empty() ? "" : flags + " ") + file +
                                "\nor, in deno.json:\n" + grants.Config(cwd));
}

}  // namespace

int RecordCommand(const Invocation& invocation) {
  auto program = FileProgram(invocation.operand);
  if (!program.ok()) return PrintError(program.error().message, kExitError);
  // Both outlive the run: the process is left without returning here.
  static PermissionLog log({.fd = -1, .only_refused = false, .record = true});
  static std::string cwd;
  if (auto folder = CurrentDirectory(); folder.ok()) cwd = std::move(*folder);
  // A server runs until it is stopped: then the result is due too. Blocked before any thread is
  // started, so that all inherit it and the one that waits gets the signal.
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stops, nullptr);
  std::thread([stops, file = invocation.operand] {
    int number = 0;
    if (sigwait(&stops, &number) != 0) return;
    Report(log, cwd, file);
    _exit(128 + number);
  }).detach();
  Invocation allowed = invocation;
  allowed.permissions.AllowAll();
  allowed.permissions.no_prompt = true;
  program->observer = &log;
  program->on_leave = [file = invocation.operand] { Report(log, cwd, file); };
  return RunProgram(allowed, std::move(*program));
}

}  // namespace rt::cli
