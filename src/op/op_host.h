// OpHost: what ops see of their runtime, one per isolate. It owns the state ops share (isolate,
// loop, permissions, resources, per-extension state, async calls in flight); src/runtime owns it.
// All of it belongs to the runtime's thread.
#pragma once

#include <v8.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "src/engine/exception.h"
#include "src/loop/loop.h"
#include "src/op/async_calls.h"
#include "src/op/op_decl.h"
#include "src/op/recent_ops.h"
#include "src/op/trace.h"
#include "src/permissions/permissions.h"
#include "src/resource/resource_table.h"

namespace rt {

// Something that keeps a program running, for whoever asks why it does.
struct AliveItem {
  std::string what;         // "op_net_accept", "timer", "message port"
  std::string target = {};  // what it is about; empty: not known
  std::string at = {};      // who started it: "file:///a.js:1:2"; empty: not known
  uint64_t since_ms = 0;    // on Loop::NowMs's clock; 0: not known
};

// State an extension keeps per runtime. Destroyed before the isolate, after all async calls ended.
class ExtensionState {
 public:
  virtual ~ExtensionState() = default;
  // The program is over: close handles, drop Globals. The loop still runs after.
  virtual void Shutdown() {}
  // What of it keeps the program running, besides pending ops. Runs no JavaScript.
  virtual void ListAlive(std::vector<AliveItem>*) const {}
};

// A feature: its name (ops are imported from "rt:ops/<name>"), its ops, its state.
struct Extension {
  std::string_view name;
  std::span<const OpDecl> ops;
  std::unique_ptr<ExtensionState> (*make_state)(OpHost&) = nullptr;
  // Addresses besides its ops that its objects put into the snapshot.
  std::span<const intptr_t> external_references = {};
  // Its functions are not in the snapshot but made when a lazy bundle asks for them.
  bool lazy = false;
};

struct TlsSettings;
struct ProxySettings;
class TestHost;
class BroadcastHub;
class WorkerStarter;

// Facts about this run that ops may ask for. Filled by src/runtime from the command line.
struct RunInfo {
  std::string main_module;        // URL, or empty
  std::vector<std::string> args;  // the script's
  uint64_t seed = 0;              // 0: none given
  bool color_stdout = false;
  bool color_stderr = false;
  bool is_worker = false;
  std::string worker_name;                       // of `new Worker(url, {name})`
  std::string location;                          // --location: an http or https URL, or empty
  bool quiet = false;                            // --quiet: no lines of rt's own besides errors
  std::shared_ptr<const TlsSettings> tls;        // null: nothing was said
  std::shared_ptr<const ProxySettings> proxies;  // the same
  TestHost* test_host = nullptr;                 // of `rt test` and `rt bench` (src/ext/testing)
  std::shared_ptr<BroadcastHub> hub;  // whom broadcast channels reach; null: this runtime only
};

class OpHost {
 public:
  OpHost(std::span<const Extension> extensions, std::unique_ptr<Loop> loop, Permissions permissions,
         RunInfo run_info, TraceOptions trace);
  ~OpHost();
  OpHost(const OpHost&) = delete;
  OpHost& operator=(const OpHost&) = delete;

  // Called once the isolate exists (its creation needs external_references()).
  void AttachIsolate(v8::Isolate* isolate) { isolate_ = isolate; }

  v8::Isolate* isolate() const { return isolate_; }
  Loop& loop() const { return *loop_; }
  Permissions& permissions() { return permissions_; }
  ResourceTable& resources() { return resources_; }
  ErrorClasses& errors() { return errors_; }
  AsyncCalls& async_calls() { return async_calls_; }
  Tracer& tracer() { return tracer_; }
  RecentOps& recent_ops() { return recent_ops_; }
  const RunInfo& run_info() const { return run_info_; }
  RunInfo& run_info() { return run_info_; }

  // The zero-terminated table V8 maps snapshot references through. Its order depends only on the
  // list of extensions.
  const intptr_t* external_references() const { return external_references_.data(); }
  // One more address at the end of the table, before the isolate exists.
  void AddExternalReference(const void* address);

  // One per op, in table order.
  struct Context {
    OpHost* host;
    const OpDecl* decl;
    const Extension* extension;
    ExtensionState* state;
    bool traced = false;  // looked at by every call; set by Tracer::Configure
  };
  std::span<Context> contexts() { return contexts_; }
  std::span<const Extension> extensions() const { return extensions_; }
  std::span<const std::unique_ptr<ExtensionState>> states() const { return states_; }
  // The state of an extension by its name; null: it has none.
  ExtensionState* FindState(std::string_view extension) const;

  // Who starts workers for this runtime: src/runtime. Null: nobody (when the snapshot is built).
  void SetWorkerStarter(WorkerStarter* starter) { worker_starter_ = starter; }
  WorkerStarter* worker_starter() const { return worker_starter_; }

  // A worker's heap is full for good: whoever made the runtime is told why, and its thread will not
  // come back. Runs no JavaScript.
  void SetOnAbandon(std::function<void(std::string)> callback) {
    on_abandon_ = std::move(callback);
  }
  void Abandon(std::string why) const {
    if (on_abandon_) on_abandon_(std::move(why));
  }

  // Called when a script gave up a permission, after it is gone here.
  void SetOnRevoke(std::function<void(Perm, const PermDescriptor&)> callback) {
    on_revoke_ = std::move(callback);
  }
  void TellRevoked(Perm perm, const PermDescriptor& descriptor) const {
    if (on_revoke_) on_revoke_(perm, descriptor);
  }

  // The JavaScript functions of one extension's ops, as {op_x: function}; for the snapshot's
  // builder.
  v8::Local<v8::Object> InstallOps(v8::Local<v8::Context> context, const Extension& extension);

  // Functions JavaScript gives C++ to call (js/bootstrap/main.js), kept through the snapshot.
  void SetHooks(v8::Local<v8::Object> hooks) { hooks_.Reset(isolate_, hooks); }
  v8::Local<v8::Object> hooks() const { return hooks_.Get(isolate_); }
  bool has_hooks() const { return !hooks_.IsEmpty(); }

  // What an async op returns to its stub when the result comes later.
  v8::Local<v8::Value> pending_marker() const { return pending_marker_.Get(isolate_); }
  void SetPendingMarker(v8::Local<v8::Symbol> marker) { pending_marker_.Reset(isolate_, marker); }

  // A cached template for objects with these own properties, in this order; keyed by the names'
  // address.
  v8::Local<v8::DictionaryTemplate> ObjectTemplate(std::span<const std::string_view> names);

  // A timer is due: the next turn of the event loop calls the `fireTimers` hook first.
  void RaiseAlarm() {
    alarm_raised_ = true;
    loop_->NoteWork();
  }
  bool alarm_raised() const { return alarm_raised_; }
  void ClearAlarm() { alarm_raised_ = false; }

  // A message port has something: the next turn calls the `deliverMessages` hook. May be called on
  // any thread.
  void RaiseMessages() {
    if (!messages_raised_.exchange(true)) loop_->Wake();
  }
  // The same on the runtime's own thread: cheaper, because nothing must be woken.
  void RaiseMessagesHere() {
    messages_raised_ = true;
    loop_->NoteWork();
  }
  bool messages_raised() const { return messages_raised_; }
  void ClearMessages() { messages_raised_ = false; }

  // Asks the event loop to end the program with this exit code; JavaScript stops where it is. Any
  // thread, while the runtime is sure to be there; a blocked poll needs Loop::Wake besides.
  void RequestExit(int code) {
    exit_code_ = code;
    exit_requested_ = true;
    isolate_->TerminateExecution();
  }
  // A worker's close(): the end comes with the end of the task that runs now.
  void RequestClose() { close_requested_ = true; }
  // ---- the end of a task
  // Runs the microtasks and the ticks of Node's process.nextTick, until neither is left.
  void RunMicrotasks();
  // There are ticks: the next RunMicrotasks() calls `runner`, which is the same function each time.
  void RaiseTicks(v8::Local<v8::Function> runner);
  // ES modules ran. Node runs them in a microtask, so the others come before ticks for once.
  void NoteModulesRan() { modules_ran_ = true; }

  bool exit_requested() const { return exit_requested_; }
  int exit_code() const { return exit_code_; }
  void set_exit_code(int code) { exit_code_ = code; }

  // An error nobody can catch any more (a listener's, a timer's): JavaScript stops, and the event
  // loop reports it as uncaught.
  void ReportException(v8::Local<v8::Value> exception) {
    reported_exception_.Reset(isolate_, exception);
    isolate_->TerminateExecution();
  }
  bool has_reported_exception() const { return !reported_exception_.IsEmpty(); }
  void ClearReportedException() { reported_exception_.Reset(); }
  v8::Local<v8::Value> reported_exception() const { return reported_exception_.Get(isolate_); }

  // Ends everything ops own: async calls, resources, extension state. The isolate must still be
  // alive.
  void Shutdown();

 private:
  // False: JavaScript was stopped.
  bool RunTicks();

  v8::Isolate* isolate_ = nullptr;
  std::span<const Extension> extensions_;
  std::unique_ptr<Loop> loop_;
  Permissions permissions_;
  ResourceTable resources_;
  ErrorClasses errors_;
  RecentOps recent_ops_;
  Tracer tracer_;
  AsyncCalls async_calls_;
  RunInfo run_info_;
  std::vector<std::unique_ptr<ExtensionState>> states_;
  std::vector<Context> contexts_;
  std::vector<intptr_t> external_references_;
  v8::Global<v8::Object> hooks_;
  v8::Global<v8::Symbol> pending_marker_;
  v8::Global<v8::Value> reported_exception_;
  std::unordered_map<const void*, v8::Global<v8::DictionaryTemplate>> object_templates_;
  bool alarm_raised_ = false;
  std::atomic<bool> messages_raised_ = false;
  std::atomic<bool> exit_requested_ = false;
  std::atomic<int> exit_code_ = 0;
  bool close_requested_ = false;
  v8::Global<v8::Function> tick_runner_;
  bool ticks_raised_ = false;
  bool modules_ran_ = false;
  WorkerStarter* worker_starter_ = nullptr;
  std::function<void(Perm, const PermDescriptor&)> on_revoke_;
  std::function<void(std::string)> on_abandon_;
};

// What an op receives first: the host, its own row, its extension's state.
class OpContext {
 public:
  // `promise_id`: of the async op this is for, else 0.
  explicit OpContext(OpHost::Context& context, uint32_t promise_id = 0)
      : context_(context), promise_id_(promise_id) {}

  OpHost& host() const { return *context_.host; }
  v8::Isolate* isolate() const { return host().isolate(); }
  v8::Local<v8::Context> v8_context() const { return isolate()->GetCurrentContext(); }
  Loop& loop() const { return host().loop(); }
  Permissions& permissions() const { return host().permissions(); }
  ResourceTable& resources() const {
    host().resources().set_maker(promise_id_);
    return host().resources();
  }
  std::string_view op_name() const { return context_.decl->name; }

  // The state this op's extension made; T must be what its make_state returns.
  template <class T>
  T& State() const {
    return static_cast<T&>(*context_.state);
  }

  OpHost::Context& row() const { return context_; }

 private:
  OpHost::Context& context_;
  uint32_t promise_id_;
};

}  // namespace rt
