// See the header.
#include "src/op/trace_writer.h"

#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

#include <cstdio>

#include "src/op/trace_values.h"

namespace rt {
namespace {

constexpr const char* kLowerPathNames[] = {"slow", "fast", "async"};

std::string Micros(uint64_t ns) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", static_cast<double>(ns) / 1e3);
  return text;
}

// The members that tell of the call itself.
std::string Members(const TraceFrame& frame) {
  std::string text;
  if (frame.cause != 0) text += ",\"parent\":" + std::to_string(frame.cause);
  if (!frame.origin.at.empty()) {
    text += ",\"at\":";
    AppendJsonString(&text, frame.origin.at);
  } else if (!frame.from.empty()) {
    text += ",\"from\":";
    AppendJsonString(&text, frame.from);
  }
  if (frame.op != nullptr) text += ",\"args\":" + frame.args + frame.resource;
  return text;
}

std::string PoolMembers(const TraceFrame& frame) {
  if (frame.pool_thread == 0) return {};
  return ",\"queue_us\":" + Micros(frame.queued_ns) + ",\"pool_us\":" + Micros(frame.pool_ns) +
         ",\"pool_thread\":" + std::to_string(frame.pool_thread);
}

}  // namespace

void TraceWriter::SetThread(std::string name) {
  thread_ = static_cast<int>(syscall(SYS_gettid));
  thread_name_ = std::move(name);
  sink_->AddThread(thread_, thread_name_);
}

uint64_t TraceWriter::Since(uint64_t ns) const {
  return ns > sink_->start_ns() ? ns - sink_->start_ns() : 0;
}

std::string TraceWriter::Head(const char* phase, std::string_view name, std::string_view category,
                              uint64_t at, int on_thread) const {
  return std::string("{\"ph\":\"") + phase + "\",\"name\":\"" + std::string(name) +
         "\",\"cat\":\"" + std::string(category) + "\",\"pid\":" + std::to_string(getpid()) +
         ",\"tid\":" + std::to_string(on_thread) + ",\"ts\":" + Micros(Since(at));
}

std::string TraceWriter::JsonHead(const char* event, const TraceFrame& frame, uint64_t at) const {
  char time[32];
  std::snprintf(time, sizeof time, "%.6f", static_cast<double>(Since(at)) / 1e9);
  std::string text = std::string("{\"t\":") + time + ",\"event\":\"" + event + "\",\"op\":\"" +
                     std::string(frame.name) + "\"";
  if (frame.op != nullptr) {
    text += std::string(",\"path\":\"") + kLowerPathNames[static_cast<size_t>(frame.path)] + "\"";
  }
  text += ",\"id\":" + std::to_string(frame.id) + ",\"thread\":";
  AppendJsonString(&text, thread_name_);
  return text + ",\"tid\":" + std::to_string(thread_);
}

// From the slice that is on one thread at one time to that on another.
void TraceWriter::Arrow(uint64_t id, uint64_t from, int from_thread, uint64_t to, int to_thread) {
  const std::string number = std::to_string(id);
  sink_->Write(Head("s", "cause", "cause", from, from_thread) + ",\"id\":" + number + "}");
  sink_->Write(Head("f", "cause", "cause", to, to_thread) + ",\"id\":" + number + ",\"bp\":\"e\"}");
}

void TraceWriter::DrawCause(const TraceFrame& frame) {
  if (frame.cause == 0) return;
  const TraceSink::Place place = sink_->PlaceOf(frame.cause);
  if (place.id != 0) Arrow(frame.id, place.at_ns, place.thread, frame.start, thread_);
}

void TraceWriter::WriteSync(const TraceFrame& frame, uint64_t now, const std::string& outcome) {
  if (!perfetto()) {
    sink_->Write(JsonHead(frame.op != nullptr ? "call" : "phase", frame, frame.start) +
                 Members(frame) + outcome + ",\"us\":" + Micros(now - frame.start) + "}");
    return;
  }
  std::string event =
      Head("X", frame.name, frame.op != nullptr ? "op" : "loop", frame.start, thread_);
  event += ",\"dur\":" + Micros(now - frame.start) +
           ",\"args\":{\"call\":" + std::to_string(frame.id) + Members(frame) + outcome + "}}";
  sink_->Write(event);
  DrawCause(frame);
}

void TraceWriter::WriteStart(const TraceFrame& frame) {
  if (!perfetto()) {
    sink_->Write(JsonHead("start", frame, frame.start) + Members(frame) + "}");
    return;
  }
  sink_->Write(Head("X", frame.name, "op", frame.start, thread_) +
               ",\"dur\":" + Micros(uv_hrtime() - frame.start) +
               ",\"args\":{\"call\":" + std::to_string(frame.id) + Members(frame) + "}}");
  sink_->Write(Head("b", frame.name, "async", frame.start, thread_) +
               ",\"id\":" + std::to_string(frame.id) +
               ",\"args\":{\"call\":" + std::to_string(frame.id) + Members(frame) + "}}");
  DrawCause(frame);
}

void TraceWriter::WriteEnd(const TraceFrame& frame, uint64_t now, const std::string& outcome) {
  if (!perfetto()) {
    sink_->Write(JsonHead("end", frame, now) + outcome + ",\"us\":" + Micros(now - frame.start) +
                 PoolMembers(frame) + "}");
    return;
  }
  sink_->Write(
      Head("e", frame.name, "async", now, thread_) + ",\"id\":" + std::to_string(frame.id) +
      ",\"args\":{\"call\":" + std::to_string(frame.id) + outcome + PoolMembers(frame) + "}}");
}

void TraceWriter::WritePoolJob(const TraceFrame& frame, const PoolObserver::Times& times) {
  if (!perfetto() || !sink_->options().lines) return;
  if (pool_threads_.insert(times.thread).second) sink_->AddThread(times.thread, "thread pool");
  std::string event = Head("X", frame.name, "pool", times.started, times.thread);
  event += ",\"dur\":" + Micros(times.ended - times.started) +
           ",\"args\":{\"call\":" + std::to_string(frame.id) +
           ",\"queue_us\":" + Micros(times.started - times.queued) + "}}";
  sink_->Write(event);
  Arrow(frame.id, frame.start, thread_, times.started, times.thread);
}

void TraceWriter::WriteText(const TraceFrame& frame, TraceEvent event) {
  if (!sink_->options().lines || frame.name.empty()) return;
  if (frame.op == nullptr && frame.name != kMicrotasksPhase) return;
  const double seconds = static_cast<double>(uv_hrtime() - start_ns_) / 1e9;
  sink_->Write(Tracer::Format(seconds, frame.name, event, frame.path));
}

}  // namespace rt
