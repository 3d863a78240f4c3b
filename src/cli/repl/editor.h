// A line editor for the terminal, on libedit: several lines, colours, completion, history. Knows no
// JavaScript beyond tokens. One a process, main thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rt::cli {

struct EditorOptions {
  bool color = false;
  // Called whenever a key is waited for, with the terminal's descriptor; false: end the editing.
  std::function<bool(int fd)> wait;
  // Names for the text before the cursor, and where in it the part begins that they replace.
  std::function<std::vector<std::string>(std::string_view before, size_t* start)> complete;
};

class LineEditor {
 public:
  // Null: there is no usable terminal.
  static std::unique_ptr<LineEditor> Create(EditorOptions options);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  enum class End : uint8_t {
    kEntered,
    kInterrupted,  // Ctrl-C; what was typed is gone
    kClosed,       // Ctrl-D on an empty line, or the terminal went away
    kStopped,      // EditorOptions::wait said so
  };
  // `*text` without the last line end. Return goes on to the next line while brackets are open.
  End Read(std::string* text);

  // One more entry, the newest.
  void AddHistory(const std::string& entry);

 private:
  struct State;
  explicit LineEditor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace rt::cli
