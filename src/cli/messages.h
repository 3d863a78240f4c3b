// What the command line itself says, as opposed to the script.
#pragma once

#include <string_view>

namespace rt::cli {

// `error: <message>` on stderr, red on a terminal. Text from the command line is made safe to show.
// Returns `exit_code`, for `return PrintError(...)`.
int PrintError(std::string_view message, int exit_code);

// `warning: <message>`, likewise.
void PrintWarning(std::string_view message);

// `<label> <message>` on stderr, the label green on a terminal: what rt is doing.
void PrintNote(std::string_view label, std::string_view message);

// On stdout. Returns kExitOk, or kExitError when it could not be written (a full disk).
int PrintOutput(std::string_view text);

// Whether a standard stream should get colours: not if NO_COLOR is set and not empty; else if it is
// a terminal or FORCE_COLOR is set, not empty and not "0".
bool WantsColor(int fd);

}  // namespace rt::cli
