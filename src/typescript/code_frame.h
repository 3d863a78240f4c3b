// What a person sees of a syntax error: the place, the line, and a mark below what is wrong. Pure
// text.
#pragma once

#include <string>
#include <string_view>

namespace rt::typescript {

struct FrameRange {
  int line = 0;        // from 1
  int column = 0;      // from 1, in characters
  int end_line = 0;    // the first line is marked to its end if this is another
  int end_column = 0;  // the one after the last
};

// " at <url>:<line>:<column>", an empty line, the source line and "~~~", each after two spaces.
// Lines of machine-made code, longer than a screen is wide, are cut around the place.
std::string CodeFrame(std::string_view source, std::string_view url, const FrameRange& range);

}  // namespace rt::typescript
