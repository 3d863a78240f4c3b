#include "src/typescript/code_frame.h"

#include <algorithm>

namespace rt::typescript {
namespace {

constexpr size_t kWidth = 120;
constexpr size_t kBefore = 40;  // what of a long line is shown before the place

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// The byte of the character numbered `column` (from 0).
size_t ByteOf(std::string_view line, size_t column) {
  size_t at = 0;
  for (; at < line.size() && column > 0; --column) {
    do {
      ++at;
    } while (at < line.size() && IsContinuation(line[at]));
  }
  return at;
}

size_t CharactersIn(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !IsContinuation(c); }));
}

}  // namespace

std::string CodeFrame(std::string_view source, std::string_view url, const FrameRange& range) {
  std::string frame = " at " + std::string(url);
  if (range.line < 1) return frame;
  frame += ":" + std::to_string(range.line) + ":" + std::to_string(range.column);
  size_t start = 0;
  for (int line = 1; line < range.line; ++line) {
    const size_t end = source.find('\n', start);
    if (end == std::string_view::npos) return frame;
    start = end + 1;
  }
  std::string_view line = source.substr(start, source.find('\n', start) - start);
  if (line.ends_with('\r')) line.remove_suffix(1);
  size_t first = static_cast<size_t>(std::max(range.column - 1, 0));
  size_t last = range.end_line == range.line && range.end_column > range.column
                    ? static_cast<size_t>(range.end_column - 1)
                    : (range.end_line > range.line ? CharactersIn(line) : first + 1);
  std::string lead;
  if (CharactersIn(line) > kWidth) {
    const size_t skipped = first > kBefore ? first - kBefore : 0;
    line = line.substr(ByteOf(line, skipped));
    line = line.substr(0, ByteOf(line, kWidth));
    first -= skipped;
    last = std::min(last - skipped, kWidth);
  }
  // Tabs stay tabs, so that the mark stands below what it marks.
  for (const char c : line.substr(0, ByteOf(line, first))) {
    if (!IsContinuation(c)) lead += c == '\t' ? '\t' : ' ';
  }
  frame += "\n\n  " + std::string(line) + "\n  " + lead +
           std::string(std::max<size_t>(last > first ? last - first : 1, 1), '~');
  return frame;
}

}  // namespace rt::typescript
