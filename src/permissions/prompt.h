// Asks the person at the terminal for a permission. Everything shown is escaped, what was typed
// before the question is thrown away, and no answer means no. Runtime's thread only; blocks it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "src/permissions/permission.h"

namespace rt {

// The terminal, so that tests can play one.
class PromptTty {
 public:
  virtual ~PromptTty() = default;
  // Discards everything typed so far, whatever layer holds it.
  virtual void DiscardInput() = 0;
  virtual void Write(std::string_view text) = 0;
  // One line without its end; nothing at end of input, on error, or if it grows past a sane length.
  virtual std::optional<std::string> ReadLine() = 0;
};

// Stdin and stderr; null unless both are terminals.
std::unique_ptr<PromptTty> MakeStdioPromptTty();

enum class PromptAnswer : uint8_t { kAllow, kDeny, kAllowAll };

// `what`: the target as messages show it (quoted), empty for all of the permission. `api`:
// "Deno.open()", may be empty. Three answers that are none of y, n, A count as n.
PromptAnswer AskPermission(PromptTty& tty, Perm perm, std::string_view what, std::string_view api);

// Makes text from a script safe to show on one line of a terminal: control characters, ESC, DEL,
// C1, bidirectional marks, zero-width and other invisible characters become \u{1b}, \u{202e}, ...,
// bytes that are not UTF-8 \xff; text over `max_bytes` keeps its beginning and end.
std::string EscapeForTerminal(std::string_view text, size_t max_bytes = 512);

}  // namespace rt
