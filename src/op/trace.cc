#include "src/op/trace.h"

#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <cstdio>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "src/base/redact.h"
#include "src/engine/isolate.h"
#include "src/engine/strings.h"
#include "src/op/op_host.h"
#include "src/op/trace_sink.h"
#include "src/op/trace_values.h"

namespace rt {
namespace {

constexpr const char* kEventNames[] = {"Dispatched", "Completed", "CompletedAsync", "Threw",
                                       "ThrewAsync"};
constexpr const char* kPathNames[] = {"Slow", "Fast", "Async"};
constexpr const char* kLowerPathNames[] = {"slow", "fast", "async"};
constexpr std::string_view kMicrotasks = "op_run_microtasks";
constexpr int kFrames = 24;
constexpr size_t kRememberedPlaces = 1024;

std::string Micros(uint64_t ns) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", static_cast<double>(ns) / 1e3);
  return text;
}

// A read says what it got, a write what it wrote; their buffers may be larger.
bool ResultCountsBytes(std::string_view op) {
  return op.find("read") != std::string_view::npos || op.find("write") != std::string_view::npos;
}

}  // namespace

// What is noted while something is traced.
struct Tracer::State final : PoolObserver {
  struct Frame {
    const OpDecl* op = nullptr;  // null: a phase
    std::string_view name;
    CallPath path = CallPath::kSlow;
    bool reported = false;  // the filter names it
    uint64_t id = 0;
    uint64_t cause = 0;
    uint64_t start = 0;
    uint64_t bytes = 0;
    OpOrigin origin = {};
    std::string args = {};      // a JSON array
    std::string from = {};      // instead of origin.at: where its cause was called
    std::string resource = {};  // `,"rid":3,"resource":"x"`
    size_t resources = 0;       // open when it began
    // On the thread pool, all of its jobs.
    uint64_t queued_ns = 0;
    uint64_t pool_ns = 0;
    int pool_thread = 0;
  };

  State(Tracer& tracer, std::shared_ptr<TraceSink> sink)
      : tracer(tracer), sink(std::move(sink)), places(kRememberedPlaces) {}

  v8::Isolate* isolate() const { return tracer.host_.isolate(); }
  bool writes_events() const {
    return sink->options().lines && sink->options().format != TraceFormat::kText;
  }
  bool perfetto() const { return sink->options().format == TraceFormat::kPerfetto; }

  // The first call: the isolate is there now, and this is its thread.
  void EnterThread() {
    if (thread != 0) return;
    thread = static_cast<int>(syscall(SYS_gettid));
    const RunInfo& info = tracer.host_.run_info();
    thread_name = info.is_worker ? "worker " + info.worker_name : "main";
    sink->AddThread(thread, thread_name);
    if (writes_events()) {
      cause_key.Reset(isolate(), v8::Private::New(isolate()));
      parent_key.Reset(isolate(), v8::Private::New(isolate()));
      isolate()->SetPromiseHook(OnPromise);
      hooks_promises = true;
    }
  }

  // ---- causes: what a promise was settled by causes its reactions
  static void OnPromise(v8::PromiseHookType type, v8::Local<v8::Promise> promise,
                        v8::Local<v8::Value> parent) {
    v8::Isolate* isolate = promise->GetIsolate();
    auto* host = static_cast<OpHost*>(isolate->GetData(kIsolateOpHost));
    if (host == nullptr || !host->tracer().state_) return;
    v8::HandleScope handles(isolate);
    host->tracer().state_->OnPromiseEvent(isolate, type, promise, parent);
  }
  void OnPromiseEvent(v8::Isolate* isolate, v8::PromiseHookType type,
                      v8::Local<v8::Promise> promise, v8::Local<v8::Value> parent) {
    v8::Local<v8::Context> context = isolate->GetCurrentContext();
    v8::Local<v8::Private> cause_of = cause_key.Get(isolate);
    v8::Local<v8::Private> parent_of = parent_key.Get(isolate);
    switch (type) {
      case v8::PromiseHookType::kInit:
        if (parent->IsPromise()) (void)promise->SetPrivate(context, parent_of, parent);
        return;
      case v8::PromiseHookType::kResolve:
        if (cause != 0) {
          (void)promise->SetPrivate(context, cause_of,
                                    v8::Number::New(isolate, static_cast<double>(cause)));
        }
        return;
      case v8::PromiseHookType::kBefore: {
        outer_cause = std::exchange(cause, 0);
        v8::Local<v8::Value> awaited;
        v8::Local<v8::Value> found;
        if (!promise->GetPrivate(context, parent_of).ToLocal(&awaited) || !awaited->IsPromise()) {
          return;
        }
        if (awaited.As<v8::Promise>()->GetPrivate(context, cause_of).ToLocal(&found) &&
            found->IsNumber()) {
          cause = static_cast<uint64_t>(found.As<v8::Number>()->Value());
        }
        (void)promise->DeletePrivate(context, parent_of);
        return;
      }
      case v8::PromiseHookType::kAfter:
        cause = outer_cause;
        return;
    }
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
    if (!perfetto() || !frame.reported || !sink->options().lines) return;
    if (pool_threads.insert(times.thread).second) sink->AddThread(times.thread, "thread pool");
    std::string event = Head("X", frame.name, "pool", times.started, times.thread);
    event += ",\"dur\":" + Micros(times.ended - times.started) +
             ",\"args\":{\"call\":" + std::to_string(job) +
             ",\"queue_us\":" + Micros(times.started - times.queued) + "}}";
    sink->Write(event);
    Arrow(job, frame.start, thread, times.started, times.thread);
  }
  void JobResumed() override { resumed = 0; }

  // ---- writing
  uint64_t Since(uint64_t ns) const { return ns > sink->start_ns() ? ns - sink->start_ns() : 0; }

  std::string Head(const char* phase, std::string_view name, std::string_view category, uint64_t at,
                   int on_thread) const {
    return std::string("{\"ph\":\"") + phase + "\",\"name\":\"" + std::string(name) +
           "\",\"cat\":\"" + std::string(category) + "\",\"pid\":" + std::to_string(getpid()) +
           ",\"tid\":" + std::to_string(on_thread) + ",\"ts\":" + Micros(Since(at));
  }
  // From the slice that is on one thread at one time to that on another.
  void Arrow(uint64_t id, uint64_t from, int from_thread, uint64_t to, int to_thread) {
    const std::string number = std::to_string(id);
    sink->Write(Head("s", "cause", "cause", from, from_thread) + ",\"id\":" + number + "}");
    sink->Write(Head("f", "cause", "cause", to, to_thread) + ",\"id\":" + number +
                ",\"bp\":\"e\"}");
  }

  // The members that tell of the call itself.
  std::string Members(const Frame& frame) const {
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
  static std::string PoolMembers(const Frame& frame) {
    if (frame.pool_thread == 0) return {};
    return ",\"queue_us\":" + Micros(frame.queued_ns) + ",\"pool_us\":" + Micros(frame.pool_ns) +
           ",\"pool_thread\":" + std::to_string(frame.pool_thread);
  }

  std::string JsonHead(const char* event, const Frame& frame, uint64_t at) const {
    char time[32];
    std::snprintf(time, sizeof time, "%.6f", static_cast<double>(Since(at)) / 1e9);
    std::string text = std::string("{\"t\":") + time + ",\"event\":\"" + event + "\",\"op\":\"" +
                       std::string(frame.name) + "\"";
    if (frame.op != nullptr) {
      text += std::string(",\"path\":\"") + kLowerPathNames[static_cast<size_t>(frame.path)] + "\"";
    }
    text += ",\"id\":" + std::to_string(frame.id) + ",\"thread\":";
    AppendJsonString(&text, thread_name);
    return text + ",\"tid\":" + std::to_string(thread);
  }

  // `outcome`: `,"result":…` or `,"error":…`.
  void WriteSync(const Frame& frame, uint64_t now, const std::string& outcome) {
    if (!perfetto()) {
      sink->Write(JsonHead(frame.op != nullptr ? "call" : "phase", frame, frame.start) +
                  Members(frame) + outcome + ",\"us\":" + Micros(now - frame.start) + "}");
      return;
    }
    std::string event =
        Head("X", frame.name, frame.op != nullptr ? "op" : "loop", frame.start, thread);
    event += ",\"dur\":" + Micros(now - frame.start) +
             ",\"args\":{\"call\":" + std::to_string(frame.id) + Members(frame) + outcome + "}}";
    sink->Write(event);
    DrawCause(frame);
  }
  void WriteStart(const Frame& frame) {
    if (!perfetto()) {
      sink->Write(JsonHead("start", frame, frame.start) + Members(frame) + "}");
      return;
    }
    sink->Write(Head("X", frame.name, "op", frame.start, thread) +
                ",\"dur\":" + Micros(uv_hrtime() - frame.start) +
                ",\"args\":{\"call\":" + std::to_string(frame.id) + Members(frame) + "}}");
    sink->Write(Head("b", frame.name, "async", frame.start, thread) +
                ",\"id\":" + std::to_string(frame.id) +
                ",\"args\":{\"call\":" + std::to_string(frame.id) + Members(frame) + "}}");
    DrawCause(frame);
  }
  void WriteEnd(const Frame& frame, uint64_t now, const std::string& outcome) {
    if (!perfetto()) {
      sink->Write(JsonHead("end", frame, now) + outcome + ",\"us\":" + Micros(now - frame.start) +
                  PoolMembers(frame) + "}");
      return;
    }
    sink->Write(
        Head("e", frame.name, "async", now, thread) + ",\"id\":" + std::to_string(frame.id) +
        ",\"args\":{\"call\":" + std::to_string(frame.id) + outcome + PoolMembers(frame) + "}}");
  }
  void DrawCause(const Frame& frame) {
    if (frame.cause == 0) return;
    const TraceSink::Place place = sink->PlaceOf(frame.cause);
    if (place.id != 0) Arrow(frame.id, place.at_ns, place.thread, frame.start, thread);
  }

  void WriteText(const Frame& frame, TraceEvent event) {
    if (!sink->options().lines || frame.name.empty()) return;
    if (frame.op == nullptr && frame.name != kMicrotasks) return;
    const double seconds = static_cast<double>(uv_hrtime() - tracer.start_ns_) / 1e9;
    sink->Write(Format(seconds, frame.name, event, frame.path));
  }

  void RememberPlace(const Frame& frame) {
    const std::string& at = frame.origin.at.empty() ? frame.from : frame.origin.at;
    places[frame.id % kRememberedPlaces] = {frame.id, at};
  }
  std::string PlaceOfCause() const {
    const auto& [id, at] = places[cause % kRememberedPlaces];
    return id == cause ? at : std::string();
  }

  std::string DescribeResource(const OpDecl& op, std::span<const TraceValue> arguments,
                               std::string* in_words) {
    for (size_t i = 0; i < arguments.size(); ++i) {
      if (std::string_view(op.argument_types[i]) != "rid") continue;
      const TraceValue& argument = arguments[i];
      double number = -1;
      if (argument.kind == TraceValue::Kind::kNumber) {
        number = argument.number;
      } else if (argument.kind == TraceValue::Kind::kValue && argument.value->IsUint32()) {
        number = argument.value.As<v8::Uint32>()->Value();
      }
      if (!(number >= 0 && number <= UINT32_MAX)) return {};
      const Rid rid = static_cast<Rid>(number);
      if (auto found = tracer.host_.resources().Get(rid); found.ok()) {
        *in_words += " " + std::string((*found)->name()) + " (rid " + std::to_string(rid) + ")";
      }
      return NameResource(rid);
    }
    return {};
  }
  std::string NameResource(Rid rid) {
    std::string text = ",\"rid\":" + std::to_string(rid);
    if (auto found = tracer.host_.resources().Get(rid); found.ok()) {
      text += ",\"resource\":";
      AppendJsonString(&text, (*found)->name());
    }
    return text;
  }
  // A resource that the call opened.
  std::string DescribeMade(const Frame& frame, const TraceValue& result) {
    if (tracer.host_.resources().size() <= frame.resources) return {};
    if (result.kind != TraceValue::Kind::kValue || result.value.IsEmpty()) return {};
    v8::Local<v8::Value> rid = result.value;
    if (rid->IsObject() && !rid->IsProxy()) {
      v8::Local<v8::Context> context = isolate()->GetCurrentContext();
      v8::Local<v8::String> name = ToInternalized(isolate(), "rid");
      v8::TryCatch refused(isolate());
      if (!rid.As<v8::Object>()->GetRealNamedProperty(context, name).ToLocal(&rid)) return {};
    }
    if (!rid->IsUint32()) return {};
    const Rid number = rid.As<v8::Uint32>()->Value();
    return tracer.host_.resources().Get(number).ok() ? NameResource(number) : std::string();
  }

  uint64_t ResultBytes(const Frame& frame, const TraceValue& result) const {
    if (!sink->options().summary || frame.op == nullptr) return 0;
    return ResultCountsBytes(frame.name) && IsNumber(result) ? NumberOf(result)
                                                             : BytesOf(isolate(), result);
  }
  static bool IsNumber(const TraceValue& value) {
    return value.kind == TraceValue::Kind::kNumber ||
           (value.kind == TraceValue::Kind::kValue && !value.value.IsEmpty() &&
            value.value->IsNumber());
  }
  static uint64_t NumberOf(const TraceValue& value) {
    const double number = value.kind == TraceValue::Kind::kNumber
                              ? value.number
                              : value.value.As<v8::Number>()->Value();
    return number > 0 && number < 0x1p53 ? static_cast<uint64_t>(number) : 0;
  }

  bool Pop(Frame* frame) {
    if (stack.empty()) return false;
    *frame = std::move(stack.back());
    stack.pop_back();
    return true;
  }

  void Finish(const Frame& frame, const std::string& outcome, bool failed, uint64_t bytes) {
    const uint64_t now = uv_hrtime();
    if (frame.op == nullptr) cause = frame.cause;
    if (!frame.reported) return;
    if (frame.op != nullptr) {
      sink->Count(frame.name, frame.path, false, frame.bytes);
      sink->CountTime(frame.name, failed, now - frame.start, bytes);
    }
    if (writes_events()) {
      WriteSync(frame, now, outcome);
    } else {
      WriteText(frame, failed ? TraceEvent::kThrew : TraceEvent::kCompleted);
    }
  }

  Tracer& tracer;
  std::shared_ptr<TraceSink> sink;
  int thread = 0;
  std::string thread_name;
  bool hooks_promises = false;
  v8::Global<v8::Private> cause_key;
  v8::Global<v8::Private> parent_key;
  std::vector<Frame> stack;
  std::unordered_map<uint32_t, Frame> pending;        // by promise id
  std::unordered_map<uint64_t, uint32_t> promise_of;  // from a call's id
  std::vector<std::pair<uint64_t, std::string>> places;
  std::unordered_set<int> pool_threads;
  uint64_t cause = 0;
  uint64_t outer_cause = 0;  // of what a promise reaction interrupts
  uint64_t resumed = 0;      // the call whose job on the pool has ended
};

Tracer::Tracer(OpHost& host) : host_(host), start_ns_(uv_hrtime()) {}

Tracer::~Tracer() {
  host_.loop().ObservePool(nullptr);
}

void Tracer::Configure(TraceOptions options) {
  options_ = std::move(options);
  if (state_) {
    host_.loop().ObservePool(nullptr);
    if (state_->hooks_promises) host_.isolate()->SetPromiseHook(nullptr);
    state_.reset();
  }
  const bool on = options_.filter.enabled() || options_.origins;
  for (OpHost::Context& row : host_.contexts()) {
    row.traced = (options_.filter.enabled() && options_.filter.Matches(row.decl->name)) ||
                 (options_.origins && row.decl->kind == OpKind::kAsync);
  }
  traces_microtasks_ = Traces(kMicrotasks);
  if (!on) return;
  std::shared_ptr<TraceSink> sink = options_.sink;
  if (!sink) {
    TraceSink::Options to_stderr;
    to_stderr.lines = options_.filter.enabled();
    sink = std::make_shared<TraceSink>(to_stderr);
  }
  state_ = std::make_unique<State>(*this, std::move(sink));
  state_->cause = options_.cause;
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
  const auto frames = v8::StackTrace::CurrentStackTrace(isolate, kFrames);
  for (int i = 0; i < frames->GetFrameCount(); ++i) {
    const auto frame = frames->GetFrame(isolate, i);
    v8::Local<v8::String> script = frame->GetScriptNameOrSourceURL();
    if (script.IsEmpty() || script->Length() == 0) continue;
    const std::string url = ToUtf8(isolate, script);
    if (url.starts_with("rt:")) continue;
    if (places_) return places_(url, frame->GetLineNumber(), frame->GetColumn());
    return url + ":" + std::to_string(frame->GetLineNumber()) + ":" +
           std::to_string(frame->GetColumn());
  }
  return {};
}

void Tracer::Begin(const OpDecl& op, CallPath path, std::span<const TraceValue> arguments) {
  if (!state_) return;
  State& state = *state_;
  state.EnterThread();
  State::Frame frame{.op = &op, .name = op.name, .path = path, .reported = Traces(op.name)};
  frame.id = state.sink->NextId();
  frame.cause = state.cause;
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
    frame.resource = state.DescribeResource(op, arguments, &frame.origin.target);
    frame.resources = host_.resources().size();
    state.RememberPlace(frame);
  }
  if (frame.reported && !state.writes_events()) state.WriteText(frame, TraceEvent::kDispatched);
  frame.start = uv_hrtime();
  state.stack.push_back(std::move(frame));
}

void Tracer::BeginPhase(const char* name) {
  if (!state_) return;
  State& state = *state_;
  state.EnterThread();
  State::Frame frame{.name = name, .reported = name != kMicrotasks || traces_microtasks_};
  frame.id = state.sink->NextId();
  frame.cause = state.cause;
  if (frame.reported && !state.writes_events()) state.WriteText(frame, TraceEvent::kDispatched);
  frame.start = uv_hrtime();
  // What timers do is caused by the timers' turn; microtasks have causes of their own.
  if (name != kMicrotasks) {
    state.cause = frame.id;
    if (state.writes_events()) state.sink->NotePlace({frame.id, frame.start, state.thread});
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
    if (frame.resource.empty()) outcome += state_->DescribeMade(frame, result);
    state_->sink->NotePlace({frame.id, frame.start, state_->thread});
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
      state_->sink->NotePlace({frame.id, frame.start, state_->thread});
      state_->WriteStart(frame);
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
  state.cause = frame.id;
  if (!is_known) {
    // It was called before it was traced: that it ended is all there is to say.
    frame.reported = Traces(op.name);
    if (frame.reported && !state.writes_events()) {
      state.WriteText(frame, failed ? TraceEvent::kThrewAsync : TraceEvent::kCompletedAsync);
    }
    return;
  }
  if (!frame.reported) return;
  const TraceValue result = TraceValue::Of(outcome);
  state.sink->CountTime(frame.name, failed, now - frame.start,
                        failed ? 0 : state.ResultBytes(frame, result));
  if (!state.writes_events()) {
    state.WriteText(frame, failed ? TraceEvent::kThrewAsync : TraceEvent::kCompletedAsync);
    return;
  }
  std::string text;
  if (failed) {
    text = ",\"error\":";
    AppendJsonString(&text, DescribeThrown(host_.isolate(), outcome));
  } else {
    text = ",\"result\":";
    AppendTraceValue(&text, host_.isolate(), op, kResult, result);
    if (frame.resource.empty()) text += state.DescribeMade(frame, result);
  }
  state.sink->NotePlace({frame.id, now, state.thread});
  state.WriteEnd(frame, now, text);
}

void Tracer::EndDelivery() {
  if (state_) state_->cause = 0;
}

uint64_t Tracer::cause() const {
  if (!state_) return 0;
  for (auto frame = state_->stack.rbegin(); frame != state_->stack.rend(); ++frame) {
    if (frame->op != nullptr && frame->name != kMicrotasks) return frame->id;
  }
  return state_->cause;
}

void Tracer::SetCause(uint64_t cause) {
  if (state_) state_->cause = cause;
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
