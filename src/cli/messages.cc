// Writing the command line's own messages. Never lets text from outside steer the terminal.
#include "src/cli/messages.h"

#include <unistd.h>

#include <cstdlib>
#include <string>

#include "src/base/output.h"
#include "src/cli/cli.h"
#include "src/permissions/prompt.h"

namespace rt::cli {
namespace {

constexpr size_t kLongestMessage = 4096;

// Line by line: the line ends are ours.
void WriteLabelled(std::string_view label, std::string_view color, std::string_view message) {
  std::string text(label);
  if (WantsColor(STDERR_FILENO)) text = std::string(color) + text + "\x1b[0m";
  text += ": ";
  while (!message.empty()) {
    const size_t end = message.find('\n');
    text += EscapeForTerminal(message.substr(0, end), kLongestMessage) + "\n";
    message.remove_prefix(end == std::string_view::npos ? message.size() : end + 1);
  }
  WriteFully(STDERR_FILENO, text);
}

}  // namespace

bool WantsColor(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* forced = std::getenv("FORCE_COLOR");
  return isatty(fd) != 0 || (forced != nullptr && *forced != '\0' && *forced != '0');
}

void PrintWarning(std::string_view message) {
  WriteLabelled("warning", "\x1b[33m", message);
}

int PrintError(std::string_view message, int exit_code) {
  WriteLabelled("error", "\x1b[1m\x1b[31m", message);
  return exit_code;
}

void PrintNote(std::string_view label, std::string_view message) {
  std::string text(label);
  if (WantsColor(STDERR_FILENO)) text = "\x1b[32m" + text + "\x1b[0m";
  WriteFully(STDERR_FILENO, text + " " + EscapeForTerminal(message, kLongestMessage) + "\n");
}

int PrintOutput(std::string_view text) {
  return WriteFully(STDOUT_FILENO, text) ? kExitOk : kExitError;
}

}  // namespace rt::cli
