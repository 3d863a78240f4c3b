// --trace-ops: which ops are traced, and the lines that are written. A traced op has other entry
// points (OpDecl), so an untraced one pays nothing. Lines go to stderr, one write each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rt {

// Patterns as in `--trace-ops=op_http_*,op_fs_open`: `*` matches any run of characters.
class TraceFilter {
 public:
  TraceFilter() = default;  // nothing is traced
  static TraceFilter Everything();
  static TraceFilter FromPatterns(std::string_view comma_separated);

  bool enabled() const { return !patterns_.empty(); }
  bool Matches(std::string_view op_name) const;

 private:
  std::vector<std::string> patterns_;
};

enum class TraceEvent : uint8_t { kDispatched, kCompleted, kCompletedAsync, kThrew, kThrewAsync };
enum class CallPath : uint8_t { kSlow, kFast, kAsync };

class Tracer {
 public:
  // Starts the clock that lines count from.
  explicit Tracer(TraceFilter filter);

  bool Traces(std::string_view op_name) const {
    return filter_.enabled() && filter_.Matches(op_name);
  }
  bool enabled() const { return filter_.enabled(); }
  // The loop's own checkpoints write lines under the name of the op that does the same for
  // JavaScript.
  bool traces_microtasks() const { return traces_microtasks_; }

  // `[    1.202] op_http_wait                     : CompletedAsync Async`
  void Write(std::string_view op_name, TraceEvent event, CallPath path) const;

  // The line without its end, as text; for tests.
  static std::string Format(double seconds, std::string_view op_name, TraceEvent event,
                            CallPath path);

 private:
  TraceFilter filter_;
  bool traces_microtasks_;
  uint64_t start_ns_;
};

}  // namespace rt
