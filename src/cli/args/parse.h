// argv to Invocation. The only code that knows CLI11; exceptions end here.
#pragma once

#include <span>
#include <string>

#include "src/base/result.h"
#include "src/cli/args/invocation.h"

namespace rt::cli {

// `arguments` without the program's name. Errors are usage errors: one or more lines for a person,
// each as it is to be shown after "error: ".
Result<Invocation> ParseArguments(std::span<const std::string> arguments);

// The text of `rt help [command]`; an empty command means rt itself. TypeError for an unknown
// command, with the nearest one.
Result<std::string> HelpText(const std::string& command);

}  // namespace rt::cli
