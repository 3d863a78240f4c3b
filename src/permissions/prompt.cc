// The question, the answers, the escaping, and the real terminal.
#include "src/permissions/prompt.h"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "src/base/output.h"
#include "src/permissions/api_name.h"

namespace rt {
namespace {

constexpr int kAttempts = 3;
constexpr size_t kLongestAnswer = 256;

struct Decoded {
  uint32_t code_point = 0;
  size_t length = 0;  // 0: not valid UTF-8 here
};

Decoded DecodeUtf8(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return {};
  uint32_t value = first & (0xff >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3f);
  }
  constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
    return {};
  }
  return {value, length};
}

// What does not show, moves the cursor, changes direction or breaks the line.
bool IsDeceptive(uint32_t c) {
  if (c < 0x20 || (c >= 0x7f && c <= 0x9f)) return true;   // C0, DEL, C1
  if (c == 0xad || c == 0x34f || c == 0x61c) return true;  // soft hyphen, joiner, Arabic mark
  if (c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0) return true;  // Hangul fillers
  if (c == 0x17b4 || c == 0x17b5 || (c >= 0x180b && c <= 0x180f)) return true;
  if (c >= 0x200b && c <= 0x200f) return true;  // zero width, direction marks
  if (c >= 0x2028 && c <= 0x202e) return true;  // line separators, bidi embedding
  if (c >= 0x2060 && c <= 0x206f) return true;  // word joiner, bidi isolates
  if (c == 0x00a0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f || c == 0x3000) {
    return true;  // spaces that are not " "
  }
  if (c >= 0xfe00 && c <= 0xfe0f) return true;                   // variation selectors
  if (c == 0xfeff || (c >= 0xfff0 && c <= 0xfffb)) return true;  // BOM, interlinear marks
  if (c >= 0x1d173 && c <= 0x1d17a) return true;                 // musical format marks
  return c >= 0xe0000 && c <= 0xe0fff;                           // tags, more selectors
}

// Stdin and stderr. ReadLine reads byte by byte, so nothing is buffered on our side.
class StdioPromptTty : public PromptTty {
 public:
  void DiscardInput() override {
    tcflush(STDIN_FILENO, TCIFLUSH);
    // What the line discipline already handed over (or a terminal that cannot flush).
    char junk[256];
    pollfd ready{STDIN_FILENO, POLLIN, 0};
    for (int i = 0; i < 4096 && poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN) != 0; ++i) {
      if (read(STDIN_FILENO, junk, sizeof junk) <= 0) break;
    }
  }

  void Write(std::string_view text) override {
    while (!text.empty()) {
      const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0 && errno == EAGAIN) {
        pollfd ready{STDERR_FILENO, POLLOUT, 0};
        if (poll(&ready, 1, -1) >= 0 || errno == EINTR) continue;
      }
      if (written <= 0) return;
      text.remove_prefix(written);
    }
  }

  std::optional<std::string> ReadLine() override {
    CookedMode cooked;
    std::string line;
    for (;;) {
      char c;
      const ssize_t got = read(STDIN_FILENO, &c, 1);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) {
        pollfd ready{STDIN_FILENO, POLLIN, 0};
        if (poll(&ready, 1, -1) >= 0 || errno == EINTR) continue;
      }
      if (got <= 0) return std::nullopt;
      if (c == '\n') return line;
      if (line.size() == kLongestAnswer) return std::nullopt;
      line += c;
    }
  }

 private:
  // The script may have put the terminal into raw mode; a person needs lines and an echo.
  class CookedMode {
   public:
    CookedMode() {
      if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
      termios cooked = before_;
      cooked.c_iflag |= ICRNL;
      cooked.c_lflag |= ICANON | ECHO | ISIG;
      changed_ = tcsetattr(STDIN_FILENO, TCSANOW, &cooked) == 0;
    }
    ~CookedMode() {
      if (changed_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }
    CookedMode(const CookedMode&) = delete;
    CookedMode& operator=(const CookedMode&) = delete;

   private:
    termios before_{};
    bool changed_ = false;
  };
};

}  // namespace

std::unique_ptr<PromptTty> MakeStdioPromptTty() {
  if (isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0) return nullptr;
  return std::make_unique<StdioPromptTty>();
}

std::string EscapeForTerminal(std::string_view text, size_t max_bytes) {
  std::string escaped;
  const auto append = [&](std::string_view part) {
    while (!part.empty()) {
      const Decoded decoded = DecodeUtf8(part);
      char code[16];
      if (decoded.length == 0) {
        std::snprintf(code, sizeof code, "\\x%02x", static_cast<uint8_t>(part[0]));
        escaped += code;
      } else if (IsDeceptive(decoded.code_point)) {
        std::snprintf(code, sizeof code, "\\u{%x}", decoded.code_point);
        escaped += code;
      } else {
        escaped.append(part.substr(0, decoded.length));
      }
      part.remove_prefix(decoded.length == 0 ? 1 : decoded.length);
    }
  };
  if (text.size() <= max_bytes) {
    append(text);
    return escaped;
  }
  // Whole characters only, so that the cut itself makes no broken ones.
  const auto is_tail = [&](size_t at) { return (static_cast<uint8_t>(text[at]) & 0xc0) == 0x80; };
  size_t head = max_bytes / 2;
  for (int i = 0; i < 3 && head > 0 && is_tail(head); ++i) --head;
  size_t tail = text.size() - max_bytes / 2;
  for (int i = 0; i < 3 && tail + 1 < text.size() && is_tail(tail); ++i) ++tail;
  append(text.substr(0, head));
  escaped += " ... (" + std::to_string(tail - head) + " bytes not shown) ... ";
  append(text.substr(tail));
  return escaped;
}

namespace {

// A target as it is shown, in quotes: one that has quotes itself must not seem to end before it
// does.
std::string Unmistakable(std::string_view what) {
  if (what.size() < 2 || !what.starts_with('"') || !what.ends_with('"')) return std::string(what);
  std::string text = "\"";
  for (const char c : what.substr(1, what.size() - 2)) {
    if (c == '"') text += '\\';
    text += c;
  }
  return text + "\"";
}

}  // namespace

PromptAnswer AskPermission(PromptTty& tty, Perm perm, std::string_view what, std::string_view api) {
  // The terminal is the process's: workers ask one after the other.
  const TerminalTurn turn(TerminalTurn::For::kAsking);
  const std::string name(PermName(perm));
  std::string request = name + " access";
  if (!what.empty()) request += " to " + EscapeForTerminal(Unmistakable(what));
  std::string question = "┏ ⚠️  rt requests " + request + ".\n";
  if (!api.empty())
    question += "┠─ Requested by `" + EscapeForTerminal(ApiName(api), 128) + "` API.\n";
  question += "┠─ Run again with --allow-" + name + " to bypass this prompt.\n";
  const std::string options =
      " [y/n/A] (y = yes, allow; n = no, deny; A = allow all " + name + " permissions) > ";
  tty.DiscardInput();
  // Colours and line drawing that the script left on must not hide the question.
  tty.Write("\x1b[0m\x1b(B" + question + "┗ Allow?" + options);
  for (int attempt = 1;; ++attempt) {
    const std::optional<std::string> line = tty.ReadLine();
    if (!line) {
      tty.Write("\n");
      break;
    }
    if (*line == "y" || *line == "Y") {
      tty.Write("✅ Granted " + request + ".\n");
      return PromptAnswer::kAllow;
    }
    if (*line == "A") {
      tty.Write("✅ Granted all " + name + " access.\n");
      return PromptAnswer::kAllowAll;
    }
    if (*line == "n" || *line == "N" || attempt == kAttempts) break;
    // A pasted text must not answer the next question.
    tty.DiscardInput();
    tty.Write("┗ Unrecognized option. Allow?" + options);
  }
  tty.Write("❌ Denied " + request + ".\n");
  return PromptAnswer::kDeny;
}

}  // namespace rt
