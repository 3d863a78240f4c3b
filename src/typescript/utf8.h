// Well-formed UTF-8 out of any bytes (WHATWG Encoding, "replacement" error mode). Pure text.
#pragma once

#include <string>
#include <string_view>

namespace rt::typescript {

bool IsUtf8(std::string_view text);

// Each maximal part that is no beginning of a character becomes U+FFFD.
std::string ReplaceInvalidUtf8(std::string_view text);

}  // namespace rt::typescript
