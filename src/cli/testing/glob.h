// Patterns of file names: *, **, ?, [abc], [!a-z], {one,two}. Pure text; nothing is looked up.
#pragma once

#include <string>
#include <string_view>

namespace rt::cli {

// Whether text has a character that makes it a pattern.
bool IsGlob(std::string_view text);

// Whether a path matches as a whole. "*" and "?" stay within one name, "**" spans folders ("a/**/b"
// matches "a/b", too). Unbalanced brackets and braces stand for themselves.
bool GlobMatches(std::string_view pattern, std::string_view path);

// The folder below which everything a pattern can match is: "/a/b" of "/a/b/*.ts".
std::string GlobFolder(std::string_view pattern);

}  // namespace rt::cli
