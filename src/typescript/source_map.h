// A source map (ECMA-426) of one source, for the question an error asks: which place of the
// original does this place of the generated code come from? Only maps rt made itself are read. Pure
// data, no V8.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "src/base/result.h"

namespace rt::typescript {

struct SourcePlace {
  int line = 0;    // from 1
  int column = 0;  // from 1, in UTF-16 units
};

class SourceMap {
 public:
  // SyntaxError if it is not one.
  static Result<SourceMap> Parse(std::string_view json);

  // The nearest mapping at or before the place on its line. Nothing: the line has none.
  std::optional<SourcePlace> Original(SourcePlace generated) const;

 private:
  struct Segment {
    uint32_t column;  // generated; from 0
    uint32_t original_line;
    uint32_t original_column;
  };
  Result<void> Decode(std::string_view mappings);

  std::vector<Segment> segments_;
  std::vector<uint32_t> lines_;  // the first segment of each generated line; one more at the end
};

}  // namespace rt::typescript
