// argv to Invocation. The only code that knows CLI11; exceptions end here.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/cli/args/invocation.h"

namespace rt::cli {

// `arguments` without the program's name. Errors are usage errors: one or more lines for a person,
// each as it is to be shown after "error: ".
Result<Invocation> ParseArguments(std::span<const std::string> arguments);

// The text of `rt help [command]`; an empty command means rt itself. TypeError for an unknown
// command, with the nearest one.
Result<std::string> HelpText(const std::string& command);

// A flag as help shows it.
struct FlagInfo {
  char letter;        // 0: none
  std::string name;   // without dashes
  std::string value;  // "=FILE": needed; "[=PATHS]": may be there; "": none
  std::string text;
  std::string group;
};
// In the order of help. `shorthand`: of `rt [flags] file`.
std::vector<FlagInfo> FlagsOf(Command command, bool shorthand);

// What help says below the flags; lines that end in "\n", or nothing.
std::string_view RemarksOn(Command command);

}  // namespace rt::cli
