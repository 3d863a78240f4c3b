// rt run: a program from a file or from standard input.
#include <unistd.h>

#include <cerrno>

#include "src/cli/args/commands.h"
#include "src/cli/cli.h"
#include "src/cli/commands.h"
#include "src/cli/messages.h"
#include "src/cli/program.h"
#include "src/cli/watch.h"

namespace rt::cli {
namespace {

// V8 cannot hold a longer string.
constexpr size_t kLongestSource = (size_t{1} << 29) - 32;

Result<std::string> ReadStandardInput() {
  std::string text;
  char part[64 * 1024];
  for (;;) {
    const ssize_t size = read(STDIN_FILENO, part, sizeof part);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return Error::FromErrno(errno, "read", "standard input");
    if (size == 0) break;
    text.append(part, static_cast<size_t>(size));
    if (text.size() > kLongestSource) {
      return Error::Range("the program on standard input is too large (512 MiB at most)");
    }
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  return text;
}

Result<Program> ProgramOf(const Invocation& invocation) {
  if (invocation.operand != "-") return FileProgram(invocation.operand);
  RT_TRY(std::string text, ReadStandardInput());
  return TextProgram("$rt$stdin", invocation, std::move(text));
}

// `rt srve app.js`: no such file, and a word no file name looks like.
bool LooksLikeCommand(const Invocation& invocation) {
  return invocation.shorthand && invocation.operand.find_first_of("./:") == std::string::npos;
}

}  // namespace

int RunCommand(const Invocation& invocation) {
  if (invocation.watch) {
    if (invocation.operand == "-") {
      return PrintError("--watch: a program from standard input cannot be run again", kExitUsage);
    }
    return WatchAndRun({.paths = invocation.watch_paths, .test_folders = {}}, [&](int report_fd) {
      Invocation watched = invocation;
      watched.watch = false;
      watched.module_report_fd = report_fd;
      return RunCommand(watched);
    });
  }
  if (invocation.check) {
    if (invocation.operand == "-") {
      return PrintError("--check: a program from standard input cannot be checked", kExitUsage);
    }
    const int checked = CheckFirst(invocation, {invocation.operand});
    if (checked != kExitOk) return checked;
  }
  auto program = ProgramOf(invocation);
  if (program.ok()) return RunProgram(invocation, std::move(*program));
  const Error& error = program.error();
  if (error.error_class != ErrorClass::kNotFound || !LooksLikeCommand(invocation)) {
    return PrintError(error.message, kExitError);
  }
  std::string message = "unknown command or file \"" + invocation.operand + "\"";
  if (auto nearest = NearestCommand(invocation.operand)) {
    message += "\nDid you mean \"" + std::string(*nearest) + "\"?";
  } else {
    message += "\nSee \"rt help\"";
  }
  return PrintError(message, kExitUsage);
}

}  // namespace rt::cli
