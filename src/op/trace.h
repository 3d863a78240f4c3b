// Tracing: which ops are traced, and what is noted of a traced call. A call looks at one flag of
// its row of the op table (OpHost::Context::traced); all the rest is behind it. One Tracer a
// runtime, on its thread; what it writes goes to a TraceSink, which runtimes share. Must never run
// user code: arguments are only looked at.
#pragma once

#include <v8.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rt {

class OpHost;
class TraceSink;
struct Error;
struct OpDecl;

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

struct TraceOptions {
  TraceOptions() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a filter alone is the text format on stderr
  TraceOptions(TraceFilter only) : filter(std::move(only)) {}

  TraceFilter filter;
  std::shared_ptr<TraceSink> sink;  // null: text on stderr
  // Keep, of each async op that waits, where it was called and with what (`--why-alive`).
  bool origins = false;
  // Of a worker: the traced call that started it, 0: none.
  uint64_t cause = 0;
};

enum class TraceEvent : uint8_t { kDispatched, kCompleted, kCompletedAsync, kThrew, kThrewAsync };
enum class CallPath : uint8_t { kSlow, kFast, kAsync };

// An argument or result, as a fast call has it (a number) or as V8 does.
struct TraceValue {
  enum class Kind : uint8_t { kNothing, kBoolean, kNumber, kValue };

  TraceValue() = default;
  static TraceValue Of(bool value) { return {Kind::kBoolean, value ? 1.0 : 0.0, {}}; }
  static TraceValue Of(double value) { return {Kind::kNumber, value, {}}; }
  static TraceValue Of(int32_t value) { return Of(static_cast<double>(value)); }
  static TraceValue Of(uint32_t value) { return Of(static_cast<double>(value)); }
  static TraceValue Of(v8::Local<v8::Value> value) { return {Kind::kValue, 0, value}; }

  Kind kind = Kind::kNothing;
  double number = 0;
  v8::Local<v8::Value> value;

 private:
  TraceValue(Kind kind, double number, v8::Local<v8::Value> value)
      : kind(kind), number(number), value(value) {}
};

// Where an async op that waits comes from, as far as it was noted.
struct OpOrigin {
  std::string at;      // "file:///a.js:1:2"; empty: unknown
  std::string target;  // its arguments, without secrets
};

class Tracer {
 public:
  // `host` owns it. Configure() says what is traced; until then nothing is.
  explicit Tracer(OpHost& host);
  ~Tracer();
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  // From now on; may be called again. Calls that are under way are told of no more.
  void Configure(TraceOptions options);
  const TraceOptions& options() const { return options_; }

  bool enabled() const { return state_ != nullptr; }
  bool Traces(std::string_view op_name) const;
  // The loop's own checkpoints write lines under the name of the op that does the same for
  // JavaScript.
  bool traces_microtasks() const { return traces_microtasks_; }
  // Calls are noted one by one with all they have; else only their names are.
  bool detailed() const;

  // ---- a call, on its way: one Begin, then one End…. They nest.
  void Begin(const OpDecl& op, CallPath path, std::span<const TraceValue> arguments);
  void End(const TraceValue& result);
  void EndThrew(v8::Local<v8::Value> exception);  // empty: not known
  void EndFailed(const Error& error);
  // The result comes later, under this id.
  void EndPending(uint32_t promise_id);

  // ---- an async op's result. What JavaScript does about it between the two is caused by it.
  void BeginDelivery(const OpDecl& op, uint32_t promise_id, v8::Local<v8::Value> outcome,
                     bool failed);
  void EndDelivery();

  // ---- a part of the turn: "op_run_microtasks", "timers". It ends like a call.
  void BeginPhase(const char* name);

  // The call that what runs now belongs to or is caused by; 0: none, or not known.
  uint64_t cause() const;
  // Something that happened elsewhere, such as the sending of a message, causes what runs from now
  // to the end of this part of the turn.
  void SetCause(uint64_t cause);

  // How `url:line:column` of what V8 runs is called in the source. Null: as it is.
  using Places = std::function<std::string(const std::string& url, int line, int column)>;
  void SetPlaces(Places places) { places_ = std::move(places); }
  // Where the script is that runs now; empty: nowhere.
  std::string CallerPlace() const;
  // Null: nothing was noted.
  const OpOrigin* OriginOf(uint32_t promise_id) const;

  // The line without its end, as text; for tests.
  static std::string Format(double seconds, std::string_view op_name, TraceEvent event,
                            CallPath path);

 private:
  struct State;

  OpHost& host_;
  TraceOptions options_;
  Places places_;
  bool traces_microtasks_ = false;
  uint64_t start_ns_;
  std::unique_ptr<State> state_;  // null: nothing is traced
};

}  // namespace rt
