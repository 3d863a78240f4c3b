// Gives classes of joined built-ins the names they have in their modules.
#pragma once

#include <string>
#include <string_view>

#include "src/base/result.h"

namespace rt {

// esbuild makes `var URL=class _URL{` of a class that names itself, and `var Blob=class{` of one
// that does not; scripts see that in errors and in the class's text. An error if a class cannot be
// called as its variable is.
Result<std::string> NameClasses(std::string_view text);

}  // namespace rt
