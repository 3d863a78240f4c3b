// The manual page and the shells' completions, both made from the definition of the command line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rt::cli {

// rt(1), as troff with the man macros.
std::string ManualPage();

// A script for "bash", "zsh" or "fish"; nothing for another shell.
std::optional<std::string> CompletionScript(std::string_view shell);

}  // namespace rt::cli
