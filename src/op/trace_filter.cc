// TraceFilter: which ops --trace-ops=patterns names. Knows no op table.
#include <string>
#include <string_view>

#include "src/op/trace.h"

namespace rt {
namespace {

bool MatchPattern(std::string_view pattern, std::string_view text) {
  // Greedy with one backtrack point: linear for the patterns people write, never exponential.
  size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace

TraceFilter TraceFilter::Everything() {
  return FromPatterns("*");
}

TraceFilter TraceFilter::FromPatterns(std::string_view comma_separated) {
  TraceFilter filter;
  while (!comma_separated.empty()) {
    const size_t comma = comma_separated.find(',');
    const std::string_view pattern = comma_separated.substr(0, comma);
    if (!pattern.empty()) filter.patterns_.emplace_back(pattern);
    if (comma == std::string_view::npos) break;
    comma_separated.remove_prefix(comma + 1);
  }
  return filter;
}

bool TraceFilter::Matches(std::string_view op_name) const {
  for (const std::string& pattern : patterns_) {
    if (MatchPattern(pattern, op_name)) return true;
  }
  return false;
}

}  // namespace rt
