// The names of the commands, in the order help shows them.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "src/cli/args/invocation.h"

namespace rt::cli {

struct CommandInfo {
  Command command;
  std::string_view name;
  std::string_view synopsis;  // after "rt "
  std::string_view summary;
};

std::span<const CommandInfo> AllCommands();

// Null for an unknown name.
const CommandInfo* FindCommand(std::string_view name);
const CommandInfo& InfoOf(Command command);

// "did you mean" among the commands; nothing if none is near.
std::optional<std::string_view> NearestCommand(std::string_view typed);

}  // namespace rt::cli
