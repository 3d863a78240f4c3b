// Raw mode of a terminal. A terminal outlives the program and belongs to whoever looks at it, so
// what was changed is put back at the end of the process. Any thread; runs no JavaScript.
#pragma once

#include <cstdint>

#include "src/base/result.h"

namespace rt {

// Raw: keys arrive one by one, unechoed; with `keep_signals` Ctrl-C still interrupts. Not raw: what
// the terminal was before.
Result<void> SetTerminalRaw(int fd, bool raw, bool keep_signals);

// Puts every changed terminal back. For the way out of the process.
void RestoreTerminals();

// Columns and rows of the first of the three standard streams that is a terminal.
struct TerminalSize {
  uint32_t columns;
  uint32_t rows;
};
Result<TerminalSize> ConsoleSize();

}  // namespace rt
