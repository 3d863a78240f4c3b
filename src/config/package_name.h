// Names of packages as specifiers have them. Pure text; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rt {

// A name from a registry as npm: and jsr: specifiers and bare names have it:
// "@scope/name@range/sub".
struct PackageName {
  std::string name;     // "@scope/name"
  std::string range;    // empty if none was given
  std::string subpath;  // "." or "./sub"
};
// Nothing: no valid name.
std::optional<PackageName> ParsePackageName(std::string_view text);

}  // namespace rt
