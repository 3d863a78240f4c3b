// Where traces go: lines of text, lines of JSON, or events as Perfetto and chrome://tracing read
// them, and the counts of `--trace-summary`. One for a process, shared by its runtimes. Any thread.
// Never blocks for long on a reader that does not read: then it is broken, and takes no more.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "src/op/trace.h"

namespace rt {

enum class TraceFormat : uint8_t { kText, kJson, kPerfetto };

// One op's row of the summary.
struct OpCounts {
  uint64_t calls = 0;
  uint64_t errors = 0;
  uint64_t total_ns = 0;
  uint64_t bytes = 0;
  std::array<uint64_t, 3> paths{};  // by CallPath
  uint64_t finished = 0;            // of the calls, those whose time is known

  void AddTime(uint64_t ns);
  // The time that this part of the calls did not exceed, within 6 %.
  uint64_t Quantile(double part) const;

 private:
  // Sixteen buckets for each power of two.
  static constexpr int kBits = 4;
  static size_t BucketOf(uint64_t ns);
  static uint64_t UpperEnd(size_t bucket);
  std::vector<uint32_t> buckets_;
};

class TraceSink {
 public:
  struct Options {
    TraceFormat format = TraceFormat::kText;
    bool lines = true;       // false: only counts
    bool summary = false;    // counts, too
    int fd = 2;              // of the lines
    bool owns_fd = false;    // closes it
    bool is_stream = false;  // a socket: written at once, given up when it is full for a second
    int summary_fd = 2;
  };
  explicit TraceSink(Options options);
  // Writes what is left, but no summary: Finish() does.
  ~TraceSink();
  TraceSink(const TraceSink&) = delete;
  TraceSink& operator=(const TraceSink&) = delete;

  const Options& options() const { return options_; }
  uint64_t start_ns() const { return start_ns_; }
  // Names of calls, unique in the process; never 0.
  uint64_t NextId() { return next_id_.fetch_add(1, std::memory_order_relaxed); }

  // A runtime's thread (the kernel's number), and what it is: "main", "worker name".
  void AddThread(int thread, std::string_view name);

  // Whole lines, or whole events without a comma.
  void Write(std::string_view text);
  // Nothing is written any more.
  void Abandon() { broken_ = true; }
  // Nobody reads any more.
  bool broken() const { return broken_; }

  void Count(std::string_view op, CallPath path, bool failed, uint64_t bytes);
  // The time of a call, once it is known, and what came with its result.
  void CountTime(std::string_view op, bool failed, uint64_t ns, uint64_t bytes);

  // Where and when the result of a call was delivered: what it causes is drawn from there.
  struct Place {
    uint64_t id = 0;
    uint64_t at_ns = 0;
    int thread = 0;
  };
  void NotePlace(const Place& place);
  Place PlaceOf(uint64_t id);

  // Before the process leaves, or when a trace ends: writes what is left and the summary. Later
  // calls do nothing.
  void Finish();
  // What was gathered so far.
  void Flush();
  std::string Summary();

 private:
  void Append(std::string_view text);  // with mutex_ held
  void FlushLocked();

  static constexpr size_t kPlaces = 4096;

  const Options options_;
  const uint64_t start_ns_;
  std::atomic<uint64_t> next_id_ = 1;
  std::atomic<bool> broken_ = false;
  std::mutex mutex_;
  std::string buffer_;
  bool first_ = true;
  bool finished_ = false;
  std::map<std::string, OpCounts, std::less<>> counts_;
  std::vector<Place> places_;
};

}  // namespace rt
