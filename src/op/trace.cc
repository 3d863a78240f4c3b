#include "src/op/trace.h"

#include <uv.h>

#include <algorithm>
#include <cstdio>

#include "src/base/output.h"

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

constexpr const char* kEventNames[] = {"Dispatched", "Completed", "CompletedAsync", "Threw",
                                       "ThrewAsync"};
constexpr const char* kPathNames[] = {"Slow", "Fast", "Async"};

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

Tracer::Tracer(TraceFilter filter)
    : filter_(std::move(filter)),
      traces_microtasks_(Traces("op_run_microtasks")),
      start_ns_(uv_hrtime()) {}

std::string Tracer::Format(double seconds, std::string_view op_name, TraceEvent event,
                           CallPath path) {
  char line[256];
  const int size =
      std::snprintf(line, sizeof line, "[%9.3f] %-32.*s : %s %s", seconds,
                    static_cast<int>(op_name.size()), op_name.data(),
                    kEventNames[static_cast<size_t>(event)], kPathNames[static_cast<size_t>(path)]);
  return std::string(line, std::min(static_cast<size_t>(size < 0 ? 0 : size), sizeof line - 1));
}

void Tracer::Write(std::string_view op_name, TraceEvent event, CallPath path) const {
  std::string line =
      Format(static_cast<double>(uv_hrtime() - start_ns_) / 1e9, op_name, event, path);
  line += '\n';
  WriteInTurn(2, line);
}

}  // namespace rt
