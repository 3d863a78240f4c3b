#include "src/typescript/code_frame.h"

#include <algorithm>
#include <optional>

#include "src/typescript/display_width.h"

namespace rt::typescript {
namespace {

constexpr size_t kWidth = 120;
constexpr size_t kBefore = 40;  // what of a long line is shown before the place

struct LineEnd {
  size_t at;
  size_t size;     // in bytes; 0: the end of the text
  bool is_common;  // CR, LF or both, not U+2028 or U+2029
};

// https://tc39.es/ecma262/#prod-LineTerminatorSequence
LineEnd FindLineEnd(std::string_view text, size_t from) {
  for (size_t at = from;; ++at) {
    at = text.find_first_of("\n\r\xe2", at);
    if (at == std::string_view::npos) return {text.size(), 0, true};
    if (text[at] == '\n') return {at, 1, true};
    if (text[at] == '\r') return {at, text.substr(at).starts_with("\r\n") ? 2u : 1u, true};
    const std::string_view mark = text.substr(at, 3);
    if (mark == "\u2028" || mark == "\u2029") return {at, 3, false};
  }
}

// The line numbered from 1.
std::optional<std::string_view> LineOf(std::string_view source, int number) {
  size_t start = 0;
  for (int line = 1;; ++line) {
    const LineEnd end = FindLineEnd(source, start);
    if (line == number) return source.substr(start, end.at - start);
    if (end.size == 0) return std::nullopt;
    start = end.at + end.size;
  }
}

size_t CharactersIn(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

struct ShownCharacter {
  uint32_t character;
  std::string text;
  std::string lead;  // as wide; tabs stay tabs, so that the mark stands below what it marks
};

ShownCharacter NextShown(std::string_view line, size_t* at) {
  const size_t start = *at;
  const uint32_t character = NextCharacter(line, at);
  std::string text = Shown(character, line.substr(start, *at - start));
  const bool is_escaped = text.size() != *at - start;
  const size_t width = is_escaped ? text.size() : static_cast<size_t>(DisplayWidth(character));
  return {character, std::move(text),
          character == '\t' ? std::string(1, '\t') : std::string(width, ' ')};
}

struct Place {
  int line = 0;
  int column = 0;
};

Place FromDisplayed(std::string_view source, int line, int column) {
  if (line < 1) return {line, column};
  Place place{1, 1};
  size_t start = 0;
  for (int common = 1; common < line;) {
    const LineEnd end = FindLineEnd(source, start);
    if (end.size == 0) return {line, column};  // not in this text
    start = end.at + end.size;
    ++place.line;
    if (end.is_common) ++common;
  }
  LineEnd end = FindLineEnd(source, start);
  int shown = 1;
  for (size_t at = start;;) {
    if (at == end.at) {
      if (shown >= column || end.is_common) return place;
      at += end.size;
      end = FindLineEnd(source, at);
      ++shown;
      ++place.line;
      place.column = 1;
      continue;
    }
    const uint32_t character = NextCharacter(source, &at);
    const int width = DisplayWidth(character) + (character > 0xffff ? 1 : 0);  // as swc has it
    // What is on top of the character before belongs to it.
    if (shown >= column && (width > 0 || shown > column)) return place;
    shown += width;
    ++place.column;
  }
}

}  // namespace

std::string CodeFrame(std::string_view source, std::string_view url, const FrameRange& range) {
  std::string frame = " at " + std::string(url);
  if (range.line < 1) return frame;
  frame += ":" + std::to_string(range.line) + ":" + std::to_string(range.column);
  const std::optional<std::string_view> found = LineOf(source, range.line);
  if (!found) return frame;
  const std::string_view line = *found;
  const size_t length = CharactersIn(line);
  const size_t first = static_cast<size_t>(std::max(range.column - 1, 0));
  const size_t last = range.end_line == range.line && range.end_column > range.column
                          ? static_cast<size_t>(range.end_column - 1)
                          : (range.end_line > range.line ? length : first + 1);
  const size_t skipped = length > kWidth && first > kBefore ? first - kBefore : 0;
  std::string text;
  std::string lead;
  std::string mark;
  size_t number = 0;
  for (size_t at = 0; at < line.size() && number < skipped + kWidth; ++number) {
    const ShownCharacter next = NextShown(line, &at);
    if (number < skipped) continue;
    text += next.text;
    if (number < first) {
      lead += next.lead;
    } else if (number < last) {
      mark += std::string(next.lead.size(), '~');
    }
  }
  // Behind the end of the line.
  if (number < first) lead += std::string(std::min(first - number, kWidth), ' ');
  return frame + "\n\n  " + text + "\n  " + lead + (mark.empty() ? "~" : mark);
}

std::string LineAndCaret(std::string_view line, size_t column) {
  std::string text;
  std::string lead;
  size_t units = 0;
  for (size_t at = 0; at < line.size();) {
    const ShownCharacter next = NextShown(line, &at);
    text += next.text;
    if (units < column) lead += next.lead;
    units += next.character > 0xffff ? 2 : 1;
  }
  return text + "\n" + lead + "^\n";
}

FrameRange FromDisplayed(std::string_view source, const FrameRange& displayed) {
  const Place start = FromDisplayed(source, displayed.line, displayed.column);
  const Place end = FromDisplayed(source, displayed.end_line, displayed.end_column);
  return {start.line, start.column, end.line, end.column};
}

}  // namespace rt::typescript
