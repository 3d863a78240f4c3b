// Damerau-Levenshtein distance (neighbours swapped count once), and who is nearest.
#include "src/base/suggest.h"

#include <algorithm>
#include <vector>

namespace rt {
namespace {

// A name longer than this is no slip of the finger; it bounds the work.
constexpr size_t kLongestName = 64;

}  // namespace

size_t EditDistance(std::string_view a, std::string_view b) {
  // Rows of the dynamic programme: two back (for swaps), previous, current.
  std::vector<size_t> before(b.size() + 1);
  std::vector<size_t> previous(b.size() + 1);
  std::vector<size_t> current(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    before.swap(previous);
    previous.swap(current);
  }
  return previous[b.size()];
}

std::optional<std::string_view> Nearest(std::string_view typed,
                                        std::span<const std::string_view> candidates) {
  if (typed.empty() || typed.size() > kLongestName) return std::nullopt;
  std::optional<std::string_view> nearest;
  size_t fewest = 0;
  for (std::string_view candidate : candidates) {
    const size_t distance = EditDistance(typed, candidate);
    const size_t tolerated = std::max<size_t>(1, candidate.size() / 3);
    if (distance > tolerated || (nearest && distance >= fewest)) continue;
    nearest = candidate;
    fewest = distance;
  }
  return nearest;
}

}  // namespace rt
