// Messages that quote text from outside: what is too long for a person to read is left out.
#pragma once

#include <string>

namespace rt {

// A message of more than 2048 bytes loses its middle, and says how much: who speaks and what is the
// matter stand at its beginning, where it happened at its end. Characters (UTF-8) stay whole.
std::string CutLongMessage(std::string message);

}  // namespace rt
