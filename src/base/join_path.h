// Paths as text: a relative one below a folder, without a look at the disk. It knows no links, so
// it must never decide what a permission covers (that is src/permissions/path_resolver.h).
#pragma once

#include <string>
#include <string_view>

namespace rt {

// "/a/b" and "../c/" to "/a/c"; no "." or ".." and no slash at the end stays, but "/" is "/".
// An absolute `path` goes for itself; a `folder` that is not absolute is taken from the root.
std::string JoinPath(std::string_view folder, std::string_view path);

}  // namespace rt
