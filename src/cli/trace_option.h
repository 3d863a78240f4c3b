// --trace-ops against the op table.
#pragma once

#include <string>

#include "src/base/result.h"
#include "src/op/trace.h"

namespace rt::cli {

// Empty patterns: everything. TypeError for a pattern no op matches, since it would trace nothing
// without saying why.
Result<TraceFilter> MakeTraceFilter(const std::string& patterns);

}  // namespace rt::cli
