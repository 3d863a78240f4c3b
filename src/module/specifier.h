// Module specifiers to URLs, and file URLs to paths. Pure text; touches nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/base/result.h"

namespace rt {

// Neither a URL nor a path that begins with "/", "./" or "../": the name of a package, or one that
// only an import map knows.
bool IsBare(std::string_view specifier);

// Resolves what an import statement says, as seen from the module at `referrer` (a URL). TypeError
// for bare names, which ModuleResolver knows about, and for what is no URL.
Result<std::string> ResolveSpecifier(std::string_view specifier, std::string_view referrer);

// What a user typed for the main module: a URL, or a path relative to `cwd`.
Result<std::string> ResolveMain(std::string_view argument, std::string_view cwd);

// An absolute path as a file URL, percent-encoded.
std::string PathToFileUrl(std::string_view absolute_path);

// The path of a file URL. TypeError if it is not one, names a remote host, or hides a "/" or NUL
// behind percent-encoding.
Result<std::string> FileUrlToPath(std::string_view url);

}  // namespace rt
