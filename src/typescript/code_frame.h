// What a person sees of a syntax error: the place, the line, and a mark below what is wrong. Pure
// text.
#pragma once

#include <string>
#include <string_view>

namespace rt::typescript {

struct FrameRange {
  int line = 0;        // from 1; lines end where ECMAScript's do
  int column = 0;      // from 1, in characters
  int end_line = 0;    // the first line is marked to its end if this is another
  int end_column = 0;  // the one after the last
};

// " at <url>:<line>:<column>", an empty line, the source line and "~~~", each after two spaces.
// Lines of machine-made code, longer than a screen is wide, are cut around the place; what a
// terminal would act on is escaped.
std::string CodeFrame(std::string_view source, std::string_view url, const FrameRange& range);

// The line and, in the next, a caret below the character at `column` (from 0, in UTF-16 units),
// each with its line end.
std::string LineAndCaret(std::string_view line, size_t column);

// swc counts columns as a terminal shows them, a tab as four, and knows no lines that end with
// U+2028 or U+2029. Its columns are from 1 here, too.
FrameRange FromDisplayed(std::string_view source, const FrameRange& displayed);

}  // namespace rt::typescript
