#include "src/ext/io/terminal_mode.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <mutex>

#include "src/base/output.h"

namespace rt {
namespace {

// What terminals were before: the process's, because they are.
struct Saved {
  std::mutex lock;
  std::map<int, termios> modes;
};
Saved& SavedModes() {
  static Saved saved;
  return saved;
}

// Deno's words.
Error NotATerminal() {
  return Error::Make(ErrorClass::kBadResource, "ENOTTY: Not a typewriter", "ENOTTY");
}

}  // namespace

Result<void> SetTerminalRaw(int fd, bool raw, bool keep_signals) {
  // Not while a question is open there, which could not be answered then.
  const TerminalTurn turn(TerminalTurn::For::kWriting);
  Saved& saved = SavedModes();
  const std::lock_guard guard(saved.lock);
  termios mode;
  if (tcgetattr(fd, &mode) != 0) return NotATerminal();
  const auto before = saved.modes.find(fd);
  if (!raw) {
    if (before == saved.modes.end()) return {};
    mode = before->second;
    if (tcsetattr(fd, TCSADRAIN, &mode) != 0) return Error::FromErrno(errno);
    saved.modes.erase(before);
    return {};
  }
  if (before == saved.modes.end()) saved.modes.emplace(fd, mode);
  mode.c_iflag &= ~static_cast<tcflag_t>(BRKINT | ICRNL | INPCK | ISTRIP | IXON);
  mode.c_cflag |= CS8;
  mode.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | IEXTEN);
  if (keep_signals) {
    mode.c_lflag |= ISIG;
  } else {
    mode.c_lflag &= ~static_cast<tcflag_t>(ISIG);
  }
  mode.c_cc[VMIN] = 1;
  mode.c_cc[VTIME] = 0;
  if (tcsetattr(fd, TCSADRAIN, &mode) != 0) return Error::FromErrno(errno);
  return {};
}

void RestoreTerminals() {
  Saved& saved = SavedModes();
  const std::lock_guard guard(saved.lock);
  for (const auto& [fd, mode] : saved.modes) (void)tcsetattr(fd, TCSANOW, &mode);
  saved.modes.clear();
}

Result<TerminalSize> ConsoleSize() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0) return TerminalSize{size.ws_col, size.ws_row};
  }
  return Error::Make(
      ErrorClass::kError,
      "Could not get console size: stdin, stdout, and stderr are not connected to a terminal");
}

}  // namespace rt
