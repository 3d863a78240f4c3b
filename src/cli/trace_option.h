// --trace-ops against the op table.
#pragma once

#include <string>

#include "src/base/result.h"
#include "src/cli/args/invocation.h"
#include "src/op/trace.h"

namespace rt::cli {

// Empty patterns: everything. TypeError for a pattern no op matches, since it would trace nothing
// without saying why.
Result<TraceFilter> MakeTraceFilter(const std::string& patterns);

// A new file, or one that is emptied, for this user only.
Result<int> OpenTraceFile(const std::string& path);

// What --trace-ops, --trace-summary and --why-alive ask for. TypeError: they cannot be had.
Result<TraceOptions> MakeTraceOptions(const Invocation& invocation);

// Ctrl-C and SIGTERM end the program as they would, after the trace is written to its end; unless
// the program listens to them itself. Before V8 starts its threads; once a process.
void FinishTraceOnSignals(std::shared_ptr<TraceSink> sink);

}  // namespace rt::cli
