#include "src/op/trace.h"

#include <uv.h>

#include <algorithm>
#include <cstdio>
#include <unordered_map>
#include <utility>

#include "src/base/redact.h"
#include "src/engine/isolate.h"
#include "src/engine/script_frames.h"
#include "src/op/op_host.h"
#include "src/op/trace_causes.h"
#include "src/op/trace_resources.h"
#include "src/op/trace_sink.h"
#include "src/op/trace_values.h"
#include "src/op/trace_writer.h"

namespace rt {
namespace {

constexpr const char* kEventNames[] = {"Dispatched", "Completed", "CompletedAsync", "Threw",
                                       "ThrewAsync"};
constexpr const char* kPathNames[] = {"Slow", "Fast", "Async"};
constexpr int kFrames = 24;
constexpr size_t kRememberedPlaces = 1024;

// A read says what it got, a write what it wrote; their buffers may be larger.
bool ResultCountsBytes(std::string_view op) {
  return op.find("read") != std::string_view::npos || op.find("write") != std::string_view::npos;
}

bool IsNumber(const TraceValue& value) {
  return value.kind == TraceValue::Kind::kNumber ||
         (value.kind == TraceValue::Kind::kValue && !value.value.IsEmpty() &&
          value.value->IsNumber());
}

uint64_t NumberOf(const TraceValue& value) {
  const double number = value.kind == TraceValue::Kind::kNumber
                            ? value.number
                            : value.value.As<v8::Number>()->Value();
  return number > 0 && number < 0x1p53 ? static_cast<uint64_t>(number) : 0;
}

}  // namespace

// What is noted while something is traced.
struct Tracer::State final : PoolObserver {
  using Frame = TraceFrame;

  State(Tracer& tracer, std::shared_ptr<TraceSink> sink)
      : tracer(tracer),
        sink(sink),
        writer(std::move(sink), tracer.start_ns_),
        places(kRememberedPlaces) {}

  v8::Isolate* isolate() const { return tracer.host_.isolate(); }
  ResourceTable& resources() const { return tracer.host_.resources(); }
  bool writes_events() const { return writer.writes_events(); }
  int thread() const { return writer.thread(); }

  // The first call: the isolate is there now, and this is its thread.
  void EnterThread() {
    if (thread() != 0) return;
    const RunInfo& info = tracer.host_.run_info();
    writer.SetThread(info.is_worker ? "worker " + info.worker_name : "main");
    if (writes_events()) causes.FollowPromises(isolate(), OnPromise);
  }
  static void OnPromise(v8::PromiseHookType type, v8::Local<v8::Promise> promise,
                        v8::Local<v8::Value> parent) {
    auto* host = static_cast<OpHost*>(promise->GetIsolate()->GetData(kIsolateOpHost));
    if (host == nullptr || !host->tracer().state_) return;
    host->tracer().state_->causes.OnPromise(type, promise, parent);
  }

  // ---- PoolObserver
  uint64_t JobQueued() override {
    for (auto frame = stack.rbegin(); frame != stack.rend(); ++frame) {
      if (frame->op != nullptr && frame->path == CallPath::kAsync) return frame->id;
    }
    return resumed;
  }
  void JobDone(uint64_t job, const Times& times) override {
    resumed = job;
    const auto found = promise_of.find(job);
    if (found == promise_of.end() || times.started == 0) return;
    const auto at = pending.find(found->second);
    if (at == pending.end()) return;
    Frame& frame = at->second;
    frame.queued_ns += times.started - times.queued;
    frame.pool_ns += times.ended - times.started;
    frame.pool_thread = times.thread;
    if (frame.reported) writer.WritePoolJob(frame, times);
  }
  void JobResumed() override { resumed = 0; }

  void RememberPlace(const Frame& frame) {
    const std::string& at = frame.origin.at.empty() ? frame.from : frame.origin.at;
    places[frame.id % kRememberedPlaces] = {frame.id, at};
  }
  std::string PlaceOfCause() const {
    const auto& [id, at] = places[causes.current % kRememberedPlaces];
    return id == causes.current ? at : std::string();
  }

  uint64_t ResultBytes(const Frame& frame, const TraceValue& result) const {
    if (!sink->options().summary || frame.op == nullptr) return 0;
    return ResultCountsBytes(frame.name) && IsNumber(result) ? NumberOf(result)
                                                             : BytesOf(isolate(), result);
  }

  bool Pop(Frame* frame) {
    if (stack.empty()) return false;
    *frame = std::move(stack.back());
    stack.pop_back();
    return true;
  }

  void Finish(const Frame& frame, const std::string& outcome, bool failed, uint64_t bytes) {
    const uint64_t now = uv_hrtime();
    if (frame.op == nullptr) causes.current = frame.cause;
    if (!frame.reported) return;
    if (frame.op != nullptr) {
      sink->Count(frame.name, frame.path, false, frame.bytes);
      sink->CountTime(frame.name, failed, now - frame.start, bytes);
    }
    if (writes_events()) {
      writer.WriteSync(frame, now, outcome);
    } else {
      writer.WriteText(frame, failed ? TraceEvent::kThrew : TraceEvent::kCompleted);
    }
  }

  Tracer& tracer;
  std::shared_ptr<TraceSink> sink;
  TraceWriter writer;
  TraceCauses causes;
  std::vector<Frame> stack;
  std::unordered_map<uint32_t, Frame> pending;        // by promise id
  std::unordered_map<uint64_t, uint32_t> promise_of;  // from a call's id
  std::vector<std::pair<uint64_t, std::string>> places;
  uint64_t resumed = 0;  // the call whose job on the pool has ended
};

Tracer::Tracer(OpHost& host) : host_(host), start_ns_(uv_hrtime()) {}

Tracer::~Tracer() {
  host_.loop().ObservePool(nullptr);
}

void Tracer::Configure(TraceOptions options) {
  options_ = std::move(options);
  if (state_) {
    host_.loop().ObservePool(nullptr);
    state_->causes.Forget();
    state_.reset();
  }
  const bool on = options_.filter.enabled() || options_.origins;
  for (OpHost::Context& row : host_.contexts()) {
    row.traced = (options_.filter.enabled() && options_.filter.Matches(row.decl->name)) ||
                 (options_.origins && row.decl->kind == OpKind::kAsync);
  }
  traces_microtasks_ = Traces(kMicrotasksPhase);
  if (!on) return;
  std::shared_ptr<TraceSink> sink = options_.sink;
  if (!sink) {
    TraceSink::Options to_stderr;
    to_stderr.lines = options_.filter.enabled();
    sink = std::make_shared<TraceSink>(to_stderr);
  }
  state_ = std::make_unique<State>(*this, std::move(sink));
  state_->causes.current = options_.cause;
  if (state_->writes_events()) host_.loop().ObservePool(state_.get());
}

bool Tracer::Traces(std::string_view op_name) const {
  return options_.filter.enabled() && options_.filter.Matches(op_name);
}

bool Tracer::detailed() const {
  return state_ && state_->writes_events();
}

std::string Tracer::CallerPlace() const {
  v8::Isolate* isolate = host_.isolate();
  if (!isolate->InContext()) return {};
  v8::HandleScope handles(isolate);
  std::string place;
  WalkScriptFrames(isolate, kFrames, [&](const ScriptFrame& frame) {
    place = places_ ? places_(frame.url, frame.line, frame.column) : frame.Place();
    return false;
  });
  return place;
}

void Tracer::Begin(const OpDecl& op, CallPath path, std::span<const TraceValue> arguments) {
  if (!state_) return;
  State& state = *state_;
  state.EnterThread();
  State::Frame frame{.op = &op, .name = op.name, .path = path, .reported = Traces(op.name)};
  frame.id = state.sink->NextId();
  frame.cause = state.causes.current;
  if (frame.reported && state.sink->options().summary && !ResultCountsBytes(op.name)) {
    for (const TraceValue& argument : arguments) {
      frame.bytes += BytesOf(host_.isolate(), argument);
    }
  }
  const bool is_noted = state.writes_events() || (options_.origins && path == CallPath::kAsync);
  if (is_noted) {
    frame.origin.at = CallerPlace();
    if (frame.origin.at.empty()) frame.from = state.PlaceOfCause();
    frame.args = "[";
    for (size_t i = 0; i < arguments.size(); ++i) {
      if (i > 0) frame.args += ",";
      AppendTraceValue(&frame.args, host_.isolate(), op, static_cast<int>(i), arguments[i]);
    }
    frame.args += "]";
    frame.origin.target = frame.args;
    frame.resource = DescribeResource(state.resources(), op, arguments, &frame.origin.target);
    frame.resources = host_.resources().size();
    state.RememberPlace(frame);
  }
  if (frame.reported && !state.writes_events())
    state.writer.WriteText(frame, TraceEvent::kDispatched);
  frame.start = uv_hrtime();
  state.stack.push_back(std::move(frame));
}

void Tracer::BeginPhase(const char* name) {
  if (!state_) return;
  State& state = *state_;
  state.EnterThread();
  State::Frame frame{.name = name, .reported = name != kMicrotasksPhase || traces_microtasks_};
  frame.id = state.sink->NextId();
  frame.cause = state.causes.current;
  if (frame.reported && !state.writes_events())
    state.writer.WriteText(frame, TraceEvent::kDispatched);
  frame.start = uv_hrtime();
  // What timers do is caused by the timers' turn; microtasks have causes of their own.
  if (name != kMicrotasksPhase) {
    state.causes.current = frame.id;
    if (state.writes_events()) state.sink->NotePlace({frame.id, frame.start, state.thread()});
  }
  state.stack.push_back(std::move(frame));
}

void Tracer::End(const TraceValue& result) {
  State::Frame frame;
  if (!state_ || !state_->Pop(&frame)) return;
  std::string outcome;
  if (state_->writes_events() && frame.op != nullptr) {
    outcome = ",\"result\":";
    AppendTraceValue(&outcome, host_.isolate(), *frame.op, kResult, result);
    if (frame.resource.empty())
      outcome += DescribeMade(state_->resources(), host_.isolate(), frame, result);
    state_->sink->NotePlace({frame.id, frame.start, state_->thread()});
  }
  state_->Finish(frame, outcome, false, state_->ResultBytes(frame, result));
}

void Tracer::EndThrew(v8::Local<v8::Value> exception) {
  State::Frame frame;
  if (!state_ || !state_->Pop(&frame)) return;
  std::string outcome;
  if (state_->writes_events()) {
    outcome = ",\"error\":";
    AppendJsonString(&outcome, DescribeThrown(host_.isolate(), exception));
  }
  state_->Finish(frame, outcome, true, 0);
}

void Tracer::EndFailed(const Error& error) {
  State::Frame frame;
  if (!state_ || !state_->Pop(&frame)) return;
  std::string outcome;
  if (state_->writes_events()) {
    outcome = ",\"error\":";
    AppendJsonString(&outcome, std::string(ErrorClassName(error.error_class)) + ": " +
                                   RedactSecrets(error.message));
  }
  state_->Finish(frame, outcome, true, 0);
}

void Tracer::EndPending(uint32_t promise_id) {
  State::Frame frame;
  if (!state_ || !state_->Pop(&frame)) return;
  if (frame.reported) {
    state_->sink->Count(frame.name, frame.path, false, frame.bytes);
    if (state_->writes_events()) {
      state_->sink->NotePlace({frame.id, frame.start, state_->thread()});
      state_->writer.WriteStart(frame);
    }
  }
  state_->promise_of[frame.id] = promise_id;
  state_->pending.insert_or_assign(promise_id, std::move(frame));
}

void Tracer::BeginDelivery(const OpDecl& op, uint32_t promise_id, v8::Local<v8::Value> outcome,
                           bool failed) {
  if (!state_) return;
  State& state = *state_;
  state.EnterThread();
  State::Frame frame{.op = &op, .name = op.name, .path = CallPath::kAsync, .reported = false};
  const auto found = state.pending.find(promise_id);
  const bool is_known = found != state.pending.end() && found->second.op == &op;
  if (is_known) {
    frame = std::move(found->second);
    state.pending.erase(found);
    state.promise_of.erase(frame.id);
  }
  const uint64_t now = uv_hrtime();
  state.causes.current = frame.id;
  if (!is_known) {
    // It was called before it was traced: that it ended is all there is to say.
    frame.reported = Traces(op.name);
    if (frame.reported && !state.writes_events()) {
      state.writer.WriteText(frame, failed ? TraceEvent::kThrewAsync : TraceEvent::kCompletedAsync);
    }
    return;
  }
  if (!frame.reported) return;
  const TraceValue result = TraceValue::Of(outcome);
  state.sink->CountTime(frame.name, failed, now - frame.start,
                        failed ? 0 : state.ResultBytes(frame, result));
  if (!state.writes_events()) {
    state.writer.WriteText(frame, failed ? TraceEvent::kThrewAsync : TraceEvent::kCompletedAsync);
    return;
  }
  std::string text;
  if (failed) {
    text = ",\"error\":";
    AppendJsonString(&text, DescribeThrown(host_.isolate(), outcome));
  } else {
    text = ",\"result\":";
    AppendTraceValue(&text, host_.isolate(), op, kResult, result);
    if (frame.resource.empty())
      text += DescribeMade(state.resources(), host_.isolate(), frame, result);
  }
  state.sink->NotePlace({frame.id, now, state.thread()});
  state.writer.WriteEnd(frame, now, text);
}

void Tracer::EndDelivery() {
  if (state_) state_->causes.current = 0;
}

uint64_t Tracer::cause() const {
  if (!state_) return 0;
  for (auto frame = state_->stack.rbegin(); frame != state_->stack.rend(); ++frame) {
    if (frame->op != nullptr && frame->name != kMicrotasksPhase) return frame->id;
  }
  return state_->causes.current;
}

void Tracer::SetCause(uint64_t cause) {
  if (state_) state_->causes.current = cause;
}

const OpOrigin* Tracer::OriginOf(uint32_t promise_id) const {
  if (!state_) return nullptr;
  const auto found = state_->pending.find(promise_id);
  return found == state_->pending.end() ? nullptr : &found->second.origin;
}

std::string Tracer::Format(double seconds, std::string_view op_name, TraceEvent event,
                           CallPath path) {
  char line[256];
  const int size =
      std::snprintf(line, sizeof line, "[%9.3f] %-32.*s : %s %s", seconds,
                    static_cast<int>(op_name.size()), op_name.data(),
                    kEventNames[static_cast<size_t>(event)], kPathNames[static_cast<size_t>(path)]);
  return std::string(line, std::min(static_cast<size_t>(size < 0 ? 0 : size), sizeof line - 1));
}

}  // namespace rt
