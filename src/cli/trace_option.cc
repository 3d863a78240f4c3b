// Checks --trace-ops patterns against the rows of the op table.
#include "src/cli/trace_option.h"

#include <string_view>
#include <vector>

#include "src/base/suggest.h"
#include "src/runtime/extensions.h"

namespace rt::cli {

Result<TraceFilter> MakeTraceFilter(const std::string& patterns) {
  if (patterns.empty()) return TraceFilter::Everything();
  std::vector<std::string_view> names;
  for (const Extension& extension : AllExtensions()) {
    for (const OpDecl& op : extension.ops) names.push_back(op.name);
  }
  for (size_t start = 0; start <= patterns.size();) {
    const size_t end = std::min(patterns.find(',', start), patterns.size());
    const std::string pattern = patterns.substr(start, end - start);
    start = end + 1;
    const TraceFilter one = TraceFilter::FromPatterns(pattern);
    bool matched = false;
    for (const std::string_view name : names) matched = matched || one.Matches(name);
    if (matched) continue;
    std::string message = "--trace-ops=" + pattern + ": no operation has such a name";
    if (auto nearest = Nearest(pattern, names)) {
      message += "\nDid you mean \"" + std::string(*nearest) + "\"?";
    } else {
      message += "\nSee \"rt ops\"";
    }
    return Error::Type(message);
  }
  return TraceFilter::FromPatterns(patterns);
}

}  // namespace rt::cli
