// libedit draws the text; the colours are painted over what it drew, each time it waits for a key.
#include "src/cli/repl/editor.h"

#include <histedit.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cwchar>

#include "src/base/output.h"
#include "src/typescript/repl_input.h"

namespace rt::cli {
namespace {

constexpr const char* kPrompt = "> ";
constexpr int kPromptWidth = 2;
constexpr int kHistorySize = 1000;
// A key nobody types, for what Return does once the input is finished.
constexpr const char* kAccept = "\x1d";
constexpr size_t kMostShown = 200;  // names that are listed

struct Position {
  int row = 0;
  int column = 0;
};

// Width of one UTF-8 character of `text` at `*at`, which moves behind it. As libedit counts.
int TakeWidth(std::string_view text, size_t* at) {
  const auto lead = static_cast<unsigned char>(text[*at]);
  const size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  wchar_t code = lead;
  if (size > 1) {
    code = lead & (0xff >> (size + 1));
    for (size_t i = 1; i < size && *at + i < text.size(); ++i) {
      code = (code << 6) | (static_cast<unsigned char>(text[*at + i]) & 0x3f);
    }
  }
  *at += std::min(size, text.size() - *at);
  return std::max(0, wcwidth(code));
}

Position EndOf(std::string_view text, int columns) {
  Position place{.row = 0, .column = kPromptWidth};
  for (size_t at = 0; at < text.size();) {
    if (text[at] == '\n') {
      ++at;
      ++place.row;
      place.column = 0;
      continue;
    }
    const int width = TakeWidth(text, &at);
    if (place.column + width > columns) {
      ++place.row;
      place.column = 0;
    }
    place.column += width;
    if (place.column == columns) {
      ++place.row;
      place.column = 0;
    }
  }
  return place;
}

}  // namespace

struct LineEditor::State {
  EditorOptions options;
  EditLine* line = nullptr;
  History* entries = nullptr;
  HistEvent event{};
  bool interrupted = false;
  bool run_interrupted = false;
  bool stopped = false;

  ~State() {
    if (entries) history_end(entries);
    if (line) el_end(line);
  }

  static State& Of(EditLine* line) {
    State* state = nullptr;
    el_get(line, EL_CLIENTDATA, &state);
    return *state;
  }

  static std::string_view Text(EditLine* line) {
    const LineInfo* info = el_line(line);
    return {info->buffer, static_cast<size_t>(info->lastchar - info->buffer)};
  }
  static std::string_view BeforeCursor(EditLine* line) {
    const LineInfo* info = el_line(line);
    return {info->buffer, static_cast<size_t>(info->cursor - info->buffer)};
  }

  void Paint() {
    if (!options.color) return;
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
      size.ws_col = 80;  // as libedit has it
      size.ws_row = 24;
    }
    const std::string text(Text(line));
    // libedit draws control characters in its own way.
    const bool is_plain = std::none_of(text.begin(), text.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 && c != '\n';
    });
    if (!is_plain || text.empty()) return;
    const Position cursor = EndOf(BeforeCursor(line), size.ws_col);
    // What has scrolled out of sight cannot be painted over.
    if (EndOf(text, size.ws_col).row >= size.ws_row - 1) return;
    std::string out =
        "\x1b"
        "7";
    if (cursor.row > 0) out += "\x1b[" + std::to_string(cursor.row) + "A";
    out += "\r";
    out += kPrompt;
    size_t at = 0;
    const auto write = [&](size_t end) {
      for (; at < end; ++at) {
        if (text[at] == '\n') out += "\r";
        out += text[at];
      }
    };
    for (const typescript::ColoredPart& part : typescript::Colors(text)) {
      write(part.start);
      out += "\x1b[" + std::string(part.color) + "m";
      write(part.end);
      out += "\x1b[0m";
    }
    write(text.size());
    out +=
        "\x1b"
        "8";
    WriteFully(STDOUT_FILENO, out);
  }

  // ---- called by libedit
  static char* Prompt(EditLine*) { return const_cast<char*>(kPrompt); }

  static int ReadKey(EditLine* line, wchar_t* key) {
    State& state = Of(line);
    std::fflush(stdout);
    // They are keys while a line is edited; libedit's own way to say so comes too late for the
    // first line.
    SetSignals(false);
    state.Paint();
    mbstate_t shift{};
    for (;;) {
      const auto waited =
          state.options.wait ? state.options.wait(STDIN_FILENO) : EditorOptions::Waited::kKey;
      if (waited == EditorOptions::Waited::kEnded) {
        state.stopped = true;
        return 0;
      }
      if (waited == EditorOptions::Waited::kInterrupted) {
        state.run_interrupted = true;
        *key = L'\x03';
        return 1;
      }
      if (waited == EditorOptions::Waited::kPressed) {
        *key = L'\x03';
        return 1;
      }
      char byte;
      const ssize_t size = read(STDIN_FILENO, &byte, 1);
      if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (size <= 0) return 0;
      // Ctrl-D that was typed before the terminal was in this mode: the kernel keeps it as 0.
      if (byte == '\0') byte = '\x04';
      const size_t used = mbrtowc(key, &byte, 1, &shift);
      if (used == static_cast<size_t>(-2)) continue;
      if (used == static_cast<size_t>(-1)) {
        shift = {};
        continue;
      }
      return 1;
    }
  }

  static unsigned char Return(EditLine* line, int) {
    if (!typescript::IsFinished(Text(line)) && el_insertstr(line, "\n") == 0) return CC_REFRESH;
    el_push(line, kAccept);
    return CC_NORM;
  }

  static unsigned char Interrupt(EditLine* line, int) {
    Of(line).interrupted = true;
    el_push(line, kAccept);
    return CC_NORM;
  }

  // Up and down: within the input, else through the history.
  static unsigned char Up(EditLine* line, int) {
    const std::string_view before = BeforeCursor(line);
    const size_t start = before.rfind('\n');
    if (start == std::string_view::npos) {
      el_push(line, "\x10");
      return CC_NORM;
    }
    const size_t above = before.substr(0, start).rfind('\n') + 1;  // npos + 1 is 0
    const size_t column = std::min(before.size() - start - 1, start - above);
    Move(line, before.substr(above + column), -1);
    return CC_CURSOR;
  }
  static unsigned char Down(EditLine* line, int) {
    const std::string_view text = Text(line);
    const size_t at = BeforeCursor(line).size();
    const size_t end = text.find('\n', at);
    if (end == std::string_view::npos) {
      el_push(line, "\x0e");
      return CC_NORM;
    }
    const size_t start = text.substr(0, at).rfind('\n') + 1;
    const size_t below_end = std::min(text.find('\n', end + 1), text.size());
    const size_t target = std::min(end + 1 + (at - start), below_end);
    Move(line, text.substr(at, target - at), 1);
    return CC_CURSOR;
  }
  // Over that text, by characters.
  static void Move(EditLine* line, std::string_view over, int direction) {
    const auto count = std::count_if(over.begin(), over.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    });
    el_cursor(line, direction * static_cast<int>(count));
  }

  static unsigned char Complete(EditLine* line, int) {
    State& state = Of(line);
    const std::string before(BeforeCursor(line));
    const size_t line_start = before.rfind('\n') + 1;
    if (before.find_first_not_of(" \t", line_start) == std::string::npos) {
      return el_insertstr(line, "  ") == 0 ? CC_REFRESH : CC_ERROR;
    }
    size_t start = 0;
    std::vector<std::string> names;
    if (state.options.complete) names = state.options.complete(before, &start);
    if (names.empty()) return CC_REFRESH_BEEP;
    std::string common = names[0];
    for (const std::string& name : names) {
      const auto end = std::mismatch(common.begin(), common.end(), name.begin(), name.end()).first;
      common.erase(end, common.end());
    }
    const size_t typed = before.size() - start;
    if (common.size() > typed) {
      return el_insertstr(line, common.c_str() + typed) == 0 ? CC_REFRESH : CC_ERROR;
    }
    if (names.size() == 1) return CC_REFRESH;
    List(names);
    return CC_REDISPLAY;
  }

  static void List(const std::vector<std::string>& names) {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) size.ws_col = 80;
    const size_t shown = std::min(names.size(), kMostShown);
    size_t width = 0;
    for (size_t i = 0; i < shown; ++i) width = std::max(width, names[i].size() + 2);
    const size_t columns = std::max<size_t>(1, size.ws_col / width);
    const size_t rows = (shown + columns - 1) / columns;
    std::string out = "\r\n";
    for (size_t row = 0; row < rows; ++row) {
      for (size_t i = row; i < shown; i += rows) {
        std::string cell = names[i];
        if (i + rows < shown) cell.resize(width, ' ');
        out += cell;
      }
      out += "\r\n";
    }
    if (shown < names.size()) {
      out += "... and " + std::to_string(names.size() - shown) + " more\r\n";
    }
    WriteFully(STDOUT_FILENO, out);
  }
};

LineEditor::LineEditor(std::unique_ptr<State> state) : state_(std::move(state)) {}
LineEditor::~LineEditor() = default;

std::unique_ptr<LineEditor> LineEditor::Create(EditorOptions options) {
  // libedit counts characters by the locale; where that is not UTF-8, UTF-8 all the same.
  if (setlocale(LC_CTYPE, "") == nullptr || MB_CUR_MAX == 1) setlocale(LC_CTYPE, "C.UTF-8");
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  EditLine* line = el_init("rt", stdin, stdout, stderr);
  if (line == nullptr) return nullptr;
  state->line = line;
  state->entries = history_init();
  history(state->entries, &state->event, H_SETSIZE, kHistorySize);
  history(state->entries, &state->event, H_SETUNIQUE, 1);
  el_set(line, EL_CLIENTDATA, state.get());
  el_set(line, EL_PROMPT, &State::Prompt);
  el_set(line, EL_EDITOR, "emacs");
  el_set(line, EL_HIST, history, state->entries);
  el_set(line, EL_GETCFN, &State::ReadKey);
  el_set(line, EL_ADDFN, "rt-return", "accept or go on", &State::Return);
  el_set(line, EL_ADDFN, "rt-interrupt", "drop the input", &State::Interrupt);
  el_set(line, EL_ADDFN, "rt-complete", "complete a name", &State::Complete);
  el_set(line, EL_ADDFN, "rt-up", "line or history up", &State::Up);
  el_set(line, EL_ADDFN, "rt-down", "line or history down", &State::Down);
  const std::pair<const char*, const char*> keys[] = {
      {"\n", "rt-return"},
      {"\r", "rt-return"},
      {kAccept, "ed-newline"},
      {"\x03", "rt-interrupt"},
      {"\t", "rt-complete"},
      {"\x1b[A", "rt-up"},
      {"\x1bOA", "rt-up"},
      {"\x1b[B", "rt-down"},
      {"\x1bOB", "rt-down"},
      {"\x10", "ed-prev-history"},
      {"\x0e", "ed-next-history"},
      {"\x12", "em-inc-search-prev"},
      {"\x1b[H", "ed-move-to-beg"},
      {"\x1b[F", "ed-move-to-end"},
      {"\x1b[3~", "ed-delete-next-char"},
      {"\x1b[1;5C", "em-next-word"},
      {"\x1b[1;5D", "ed-prev-word"},
      {"\x17", "ed-delete-prev-word"},
  };
  for (const auto& [key, function] : keys) el_set(line, EL_BIND, key, function, nullptr);
  return std::unique_ptr<LineEditor>(new LineEditor(std::move(state)));
}

LineEditor::End LineEditor::Read(std::string* text) {
  state_->interrupted = false;
  state_->run_interrupted = false;
  state_->stopped = false;
  el_resize(state_->line);
  int count = 0;
  const char* read = el_gets(state_->line, &count);
  if (state_->stopped) return End::kStopped;
  if (read == nullptr || count <= 0) return End::kClosed;
  if (state_->run_interrupted) return End::kRunInterrupted;
  if (state_->interrupted) return End::kInterrupted;
  text->assign(read, static_cast<size_t>(count));
  if (text->ends_with('\n')) text->pop_back();
  return End::kEntered;
}

void LineEditor::SetSignals(bool on) {
  termios mode;
  if (tcgetattr(STDIN_FILENO, &mode) != 0 || ((mode.c_lflag & ISIG) != 0) == on) return;
  mode.c_lflag ^= static_cast<tcflag_t>(ISIG);
  tcsetattr(STDIN_FILENO, TCSANOW, &mode);
}

void LineEditor::AddHistory(const std::string& entry) {
  history(state_->entries, &state_->event, H_ENTER, entry.c_str());
}

}  // namespace rt::cli
