#include "src/cli/testing/results.h"

#include <cmath>

#include "src/cli/testing/discover.h"
#include "src/module/specifier.h"

namespace rt::cli {

std::string PlaceText(const TestPlace& place, const std::string& cwd) {
  std::string file = place.url;
  if (auto path = FileUrlToPath(place.url); path.ok()) file = DisplayPath(*path, cwd);
  return file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

std::string DurationText(double ms) {
  if (ms == 0) return "0ms";
  if (ms < 1) return std::to_string(std::lround(ms * 1000)) + "\xc2\xb5s";
  if (ms < 1000) return std::to_string(std::lround(ms)) + "ms";
  const long seconds = static_cast<long>(ms / 1000);
  if (seconds < 60) return std::to_string(seconds) + "s";
  return std::to_string(seconds / 60) + "m" + std::to_string(seconds % 60) + "s";
}

std::string LongName(const TestCase& test) {
  return test.parent ? LongName(*test.parent) + " ... " + test.name : test.name;
}

}  // namespace rt::cli
