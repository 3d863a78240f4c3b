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
  enum class Waited : uint8_t {
    kKey,
    kInterrupted,  // a signal ended what ran meanwhile: end the editing as Ctrl-C does
    kPressed,      // Ctrl-C, which came as a signal
    kEnded,        // end the editing
  };
  // Called whenever a key is waited for, with the terminal's descriptor. While it runs what may not
  // end it asks for signals (LineEditor::SetSignals), since Ctrl-C is a key otherwise.
  std::function<Waited(int fd)> wait;
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
    kInterrupted,     // Ctrl-C; what was typed is gone
    kRunInterrupted,  // the same, and it ended what ran meanwhile
    kClosed,          // Ctrl-D on an empty line, or the terminal went away
    kStopped,         // EditorOptions::wait said so
  };
  // `*text` without the last line end. Return goes on to the next line while brackets are open.
  End Read(std::string* text);

  // Whether Ctrl-C, Ctrl-Z and Ctrl-\ are signals, instead of keys, on the terminal.
  static void SetSignals(bool on);

  // One more entry, the newest.
  void AddHistory(const std::string& entry);

 private:
  struct State;
  explicit LineEditor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace rt::cli
