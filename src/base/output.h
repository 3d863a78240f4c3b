// Writing diagnostics to a standard stream: all of it, whatever state the descriptor is in.
#pragma once

#include <string_view>

namespace rt {

// Writes everything, retrying interrupted and non-blocking writes. A closed or broken descriptor is
// ignored: there is nowhere left to say so. True when everything was written.
bool WriteFully(int fd, std::string_view text);

// The terminal is the process's. Whoever asks a person a question there holds kAsking from the
// question to the answer; whoever writes to standard output or error holds kWriting meanwhile, so
// that no other thread writes over the question (security case S37). Any thread; does not nest.
class TerminalTurn {
 public:
  enum class For { kWriting, kAsking };
  explicit TerminalTurn(For purpose);
  ~TerminalTurn();
  TerminalTurn(const TerminalTurn&) = delete;
  TerminalTurn& operator=(const TerminalTurn&) = delete;
};

// WriteFully in turn. Not for what ends the process: a question may be open for ever.
bool WriteInTurn(int fd, std::string_view text);

}  // namespace rt
