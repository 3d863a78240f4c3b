#include "src/op/trace_sink.h"

#include <poll.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>

#include "src/base/output.h"
#include "src/op/trace_values.h"

namespace rt {
namespace {

constexpr size_t kFlushAt = 32 * 1024;
constexpr int kStreamPatienceMs = 1000;

// False: it cannot be written, or nobody reads.
bool WriteStream(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<size_t>(written));
    } else if (written < 0 && errno == EINTR) {
      continue;
    } else if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      pollfd waiting{fd, POLLOUT, 0};
      if (poll(&waiting, 1, kStreamPatienceMs) <= 0) return false;
    } else {
      return false;
    }
  }
  return true;
}

std::string Row(const char* format, auto... values) {
  char line[256];
  const int size = std::snprintf(line, sizeof line, format, values...);
  return std::string(
      line, std::clamp<size_t>(static_cast<size_t>(std::max(size, 0)), 0, sizeof line - 1));
}

}  // namespace

size_t OpCounts::BucketOf(uint64_t ns) {
  if (ns < (1u << kBits)) return ns;
  const int power = std::bit_width(ns) - 1;
  const uint64_t rest = (ns >> (power - kBits)) - (1u << kBits);
  return static_cast<size_t>(power - kBits + 1) * (1u << kBits) + rest;
}

uint64_t OpCounts::UpperEnd(size_t bucket) {
  if (bucket < (1u << kBits)) return bucket;
  const size_t power = bucket / (1u << kBits) + kBits - 1;
  const uint64_t rest = bucket % (1u << kBits) + (1u << kBits);
  return ((rest + 1) << (power - kBits)) - 1;
}

void OpCounts::AddTime(uint64_t ns) {
  ++finished;
  total_ns += ns;
  const size_t bucket = BucketOf(ns);
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
}

uint64_t OpCounts::Quantile(double part) const {
  const auto wanted = static_cast<uint64_t>(part * static_cast<double>(finished));
  uint64_t seen = 0;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen > wanted || seen == finished) return UpperEnd(i);
  }
  return 0;
}

TraceSink::TraceSink(Options options) : options_(options), start_ns_(uv_hrtime()) {
  if (options_.lines && options_.format == TraceFormat::kPerfetto) places_.resize(kPlaces);
}

TraceSink::~TraceSink() {
  {
    const std::lock_guard lock(mutex_);
    FlushLocked();
  }
  if (options_.owns_fd) close(options_.fd);
}

void TraceSink::AddThread(int thread, std::string_view name) {
  if (!options_.lines || options_.format != TraceFormat::kPerfetto) return;
  std::string event = "{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":" + std::to_string(getpid()) +
                      ",\"tid\":" + std::to_string(thread) + ",\"args\":{\"name\":";
  AppendJsonString(&event, name);
  Write(event + "}}");
}

void TraceSink::Append(std::string_view text) {
  if (options_.format == TraceFormat::kPerfetto) {
    // The array of the format may lack its end: what a process that was killed wrote can be read.
    buffer_.append(first_ ? "[\n" : ",\n");
    buffer_.append(text);
  } else {
    buffer_.append(text).append("\n");
  }
  first_ = false;
}

void TraceSink::Write(std::string_view text) {
  if (broken_ || !options_.lines) return;
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  Append(text);
  // A line of text is one write, in its place among what the program prints.
  if (options_.format == TraceFormat::kText || options_.is_stream || buffer_.size() >= kFlushAt) {
    FlushLocked();
  }
}

void TraceSink::FlushLocked() {
  if (buffer_.empty() || broken_) return;
  if (options_.is_stream) {
    if (!WriteStream(options_.fd, buffer_)) broken_ = true;
  } else {
    WriteInTurn(options_.fd, buffer_);
  }
  buffer_.clear();
}

void TraceSink::Flush() {
  const std::lock_guard lock(mutex_);
  FlushLocked();
}

void TraceSink::Count(std::string_view op, CallPath path, bool failed, uint64_t bytes) {
  if (!options_.summary) return;
  const std::lock_guard lock(mutex_);
  auto found = counts_.find(op);
  if (found == counts_.end()) found = counts_.emplace(op, OpCounts()).first;
  OpCounts& counts = found->second;
  ++counts.calls;
  ++counts.paths[static_cast<size_t>(path)];
  counts.errors += failed ? 1 : 0;
  counts.bytes += bytes;
}

void TraceSink::CountTime(std::string_view op, bool failed, uint64_t ns, uint64_t bytes) {
  if (!options_.summary) return;
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(op);
  if (found == counts_.end()) return;
  found->second.AddTime(ns);
  found->second.errors += failed ? 1 : 0;
  found->second.bytes += bytes;
}

void TraceSink::NotePlace(const Place& place) {
  if (places_.empty()) return;
  const std::lock_guard lock(mutex_);
  places_[place.id % kPlaces] = place;
}

TraceSink::Place TraceSink::PlaceOf(uint64_t id) {
  if (places_.empty()) return {};
  const std::lock_guard lock(mutex_);
  const Place& place = places_[id % kPlaces];
  return place.id == id ? place : Place{};
}

std::string TraceSink::Summary() {
  std::vector<std::pair<std::string, OpCounts>> rows;
  {
    const std::lock_guard lock(mutex_);
    rows.assign(counts_.begin(), counts_.end());
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.second.total_ns > b.second.total_ns;
  });
  std::string text =
      Row("%6s %12s %10s %10s %9s %7s %9s %9s %9s %12s  %s\n", "% time", "total ms", "mean us",
          "p99 us", "calls", "errors", "slow", "fast", "async", "bytes", "op");
  OpCounts all;
  for (const auto& [name, counts] : rows) {
    all.total_ns += counts.total_ns;
    all.calls += counts.calls;
    all.errors += counts.errors;
    all.bytes += counts.bytes;
    for (size_t i = 0; i < all.paths.size(); ++i) all.paths[i] += counts.paths[i];
  }
  const auto micro = [](uint64_t ns) { return static_cast<double>(ns) / 1e3; };
  const auto integer = [](uint64_t count) { return static_cast<unsigned long long>(count); };
  for (const auto& [name, counts] : rows) {
    const uint64_t finished = std::max<uint64_t>(counts.finished, 1);
    text += Row("%6.2f %12.3f %10.1f %10.1f %9llu %7llu %9llu %9llu %9llu %12llu  ",
                100.0 * static_cast<double>(counts.total_ns) /
                    static_cast<double>(std::max<uint64_t>(all.total_ns, 1)),
                static_cast<double>(counts.total_ns) / 1e6, micro(counts.total_ns / finished),
                micro(counts.Quantile(0.99)), integer(counts.calls), integer(counts.errors),
                integer(counts.paths[0]), integer(counts.paths[1]), integer(counts.paths[2]),
                integer(counts.bytes)) +
            name + "\n";
  }
  text += Row("%6.2f %12.3f %10s %10s %9llu %7llu %9llu %9llu %9llu %12llu  total\n",
              all.total_ns > 0 ? 100.0 : 0.0, static_cast<double>(all.total_ns) / 1e6, "", "",
              integer(all.calls), integer(all.errors), integer(all.paths[0]), integer(all.paths[1]),
              integer(all.paths[2]), integer(all.bytes));
  return text;
}

void TraceSink::Finish() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(finished_, true)) return;
    if (options_.lines && options_.format == TraceFormat::kPerfetto) {
      buffer_.append(first_ ? "[]\n" : "\n]\n");
    }
    FlushLocked();
  }
  if (options_.summary) WriteInTurn(options_.summary_fd, Summary());
}

}  // namespace rt
