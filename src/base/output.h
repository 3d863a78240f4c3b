// Writing diagnostics to a standard stream: all of it, whatever state the descriptor is in.
#pragma once

#include <string_view>

namespace rt {

// Writes everything, retrying interrupted and non-blocking writes. A closed or broken descriptor is
// ignored: there is nowhere left to say so. True when everything was written.
bool WriteFully(int fd, std::string_view text);

}  // namespace rt
