// How one runtime's traced calls are written: as lines of text, as JSON, or as events of Perfetto,
// whatever the sink wants. The runtime's thread. Knows no V8.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

#include "src/loop/loop.h"
#include "src/op/trace_frame.h"
#include "src/op/trace_sink.h"

namespace rt {

class TraceWriter {
 public:
  // Lines of text count from `start_ns`, the runtime's own start.
  TraceWriter(std::shared_ptr<TraceSink> sink, uint64_t start_ns)
      : sink_(std::move(sink)), start_ns_(start_ns) {}

  TraceSink& sink() const { return *sink_; }
  // Calls are noted one by one with all they have, not only their names.
  bool writes_events() const {
    return sink_->options().lines && sink_->options().format != TraceFormat::kText;
  }

  // The calling thread is the runtime's. Once, before anything is written.
  void SetThread(std::string name);
  int thread() const { return thread_; }

  // `outcome` is `,"result":…` or `,"error":…`.
  void WriteSync(const TraceFrame& frame, uint64_t now, const std::string& outcome);
  // An async call that waits, and its end.
  void WriteStart(const TraceFrame& frame);
  void WriteEnd(const TraceFrame& frame, uint64_t now, const std::string& outcome);
  // A job on the thread pool, for the call of that frame.
  void WritePoolJob(const TraceFrame& frame, const PoolObserver::Times& times);
  void WriteText(const TraceFrame& frame, TraceEvent event);

 private:
  bool perfetto() const { return sink_->options().format == TraceFormat::kPerfetto; }
  uint64_t Since(uint64_t ns) const;
  std::string Head(const char* phase, std::string_view name, std::string_view category, uint64_t at,
                   int on_thread) const;
  std::string JsonHead(const char* event, const TraceFrame& frame, uint64_t at) const;
  void Arrow(uint64_t id, uint64_t from, int from_thread, uint64_t to, int to_thread);
  void DrawCause(const TraceFrame& frame);

  std::shared_ptr<TraceSink> sink_;
  uint64_t start_ns_;
  int thread_ = 0;
  std::string thread_name_;
  std::unordered_set<int> pool_threads_;
};

}  // namespace rt
