#include "src/typescript/source_map.h"

#include <algorithm>

#include "src/config/json.h"

namespace rt::typescript {
namespace {

int DigitOf(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

Error BadMap() {
  return Error::Make(ErrorClass::kSyntaxError, "not a source map");
}

}  // namespace

Result<SourceMap> SourceMap::Parse(std::string_view json) {
  RT_TRY(const Json parsed, ParseJson(json));
  const std::string* mappings = parsed.FindString("mappings");
  if (!mappings) return BadMap();
  SourceMap map;
  RT_TRY_VOID(map.Decode(*mappings));
  return map;
}

Result<void> SourceMap::Decode(std::string_view mappings) {
  // Base64 VLQ fields, relative to the last segment's: generated column (within its line), source,
  // original line, original column, name.
  int64_t fields[5] = {};
  int field = 0;
  auto finish = [&] {
    const bool in_range = fields[0] >= 0 && fields[0] <= INT32_MAX && fields[2] >= 0 &&
                          fields[2] <= INT32_MAX && fields[3] >= 0 && fields[3] <= INT32_MAX;
    if (field >= 4 && in_range) {
      segments_.push_back({static_cast<uint32_t>(fields[0]), static_cast<uint32_t>(fields[2]),
                           static_cast<uint32_t>(fields[3])});
    }
    field = 0;
  };
  lines_.push_back(0);
  for (size_t at = 0; at < mappings.size();) {
    if (mappings[at] == ',' || mappings[at] == ';') {
      finish();
      if (mappings[at] == ';') {
        fields[0] = 0;
        lines_.push_back(static_cast<uint32_t>(segments_.size()));
      }
      ++at;
      continue;
    }
    uint64_t value = 0;
    int shift = 0;
    int digit = 0;
    do {
      if (at == mappings.size() || shift > 35) return BadMap();
      digit = DigitOf(mappings[at++]);
      if (digit < 0) return BadMap();
      value |= static_cast<uint64_t>(digit & 31) << shift;
      shift += 5;
    } while ((digit & 32) != 0);
    if (field == 5) return BadMap();
    const auto delta = static_cast<int64_t>(value >> 1);
    fields[field++] += (value & 1) != 0 ? -delta : delta;
  }
  finish();
  lines_.push_back(static_cast<uint32_t>(segments_.size()));
  return {};
}

std::optional<SourcePlace> SourceMap::Original(SourcePlace generated) const {
  if (generated.line < 1 || static_cast<size_t>(generated.line) >= lines_.size())
    return std::nullopt;
  const auto line = static_cast<size_t>(generated.line - 1);
  const auto first = segments_.begin() + lines_[line];
  const auto last = segments_.begin() + lines_[line + 1];
  const auto column = static_cast<uint32_t>(std::max(generated.column - 1, 0));
  auto after = std::upper_bound(first, last, column, [](uint32_t wanted, const Segment& segment) {
    return wanted < segment.column;
  });
  if (first == last) return std::nullopt;
  const Segment& found = after == first ? *first : *(after - 1);
  return SourcePlace{static_cast<int>(found.original_line) + 1,
                     static_cast<int>(found.original_column) + 1};
}

}  // namespace rt::typescript
