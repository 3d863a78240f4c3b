// Runtime: one isolate with its loop, ops, modules and built-ins, put together. The main program
// has one, and each worker. Created, run and destroyed on one thread.
#pragma once

#include <v8.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/engine/coverage.h"
#include "src/engine/inspector_agent.h"
#include "src/engine/isolate.h"
#include "src/engine/isolate_tasks.h"
#include "src/module/module_map.h"
#include "src/op/op_host.h"
#include "src/runtime/features.h"
#include "src/runtime/limits.h"
#include "src/runtime/live_runtimes.h"
#include "src/runtime/workers.h"

namespace rt {

struct RuntimeOptions {
  PermissionOptions permissions;
  std::unique_ptr<PromptTty> prompt_tty;  // null: never ask
  RunInfo run_info;
  TraceOptions trace;
  std::shared_ptr<LiveRuntimes> live;  // told of this one and its workers; may be null
  bool inspectable = false;            // a debugger may come: scripts carry their source maps
  ImportMap import_map;
  // Where what was transpiled is kept from one run to the next; "": nowhere.
  std::string transpiled_folder;
  std::string code_folder;            // the same for compiled code
  std::vector<std::string> preloads;  // URLs of modules to evaluate before the main module
  std::optional<typescript::MediaType> main_media;  // the main module's language, whatever its name
  std::function<void(const std::string& url)> on_module;  // told of each module; may be empty
  // Told of each module that was read; may be empty.
  std::function<void(const LoadedModule&)> on_loaded = {};
  std::shared_ptr<const EmbeddedModules> embedded = {};  // of a compiled program
  RuntimeLimits limits;
  PermissionObserver* permission_observer = nullptr;  // told of every check; outlives the runtime
  RemoteOptions remote = {};                          // modules of other hosts
  bool permission_audit = false;                      // do what is not granted all the same
  // For every file; nothing: those of the deno.json or tsconfig.json nearest to it.
  std::optional<typescript::CompilerOptions> compiler_options;
  std::shared_ptr<const Features> features = {};  // of a program that embeds rt; may be null

  // Of a worker (src/runtime/workers.cc): its permissions, instead of `permissions`,
  std::optional<Permissions> made_permissions;
  std::optional<WorkerModules> worker_modules;
  std::optional<WorkerTemplate> worker_template;  // what its own workers are made like,
  std::string storage_owner;                      // whose stores it uses (src/ext/sqlite/sqlite.h),
  size_t max_old_bytes = 0;                       // and limits of its heap; 0: the usual.
  size_t max_young_bytes = 0;
  size_t code_range_bytes = 0;
};

class Runtime {
 public:
  // InitializePlatform must have succeeded before.
  static Result<std::unique_ptr<Runtime>> Create(RuntimeOptions options);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  // Runs the main module and then the event loop until nothing keeps the program alive. The exit
  // code: what Deno.exit or Deno.exitCode said, 1 after an uncaught error (which was printed to
  // stderr). `text` stands in for the file at `url`. With `serve`, the module's default export is
  // served over HTTP.
  int RunMain(const std::string& url, const std::optional<std::string>& text = std::nullopt,
              const std::optional<std::string>& serve_options_json = std::nullopt);

  // Loads a graph without running any of it. False: it was told on stderr why not, unless `quiet`.
  bool LoadGraph(const std::string& url, ModuleType type = ModuleType::kJavaScript,
                 bool quiet = false);
  ModuleMap& modules() { return *modules_; }

  // What the REPL (repl_session.h) is made of. An empty main module, evaluated; false: it threw.
  bool StartEmptyMain(const std::string& url);
  // Turns and polls as long as `goes_on` says so, whether or not anything keeps the program alive.
  // False: the program ended itself, or JavaScript was terminated. True as soon as `interrupted`,
  // which another thread sets before it wakes the loop; `*stopped`, which may be null, says then
  // whether that stopped JavaScript, or none ran.
  bool RunWhile(const std::function<bool()>& goes_on, const std::atomic<bool>& interrupted,
                bool* stopped = nullptr);
  // Gets what nobody caught, instead of that ending the program. Empty: as usual.
  void SetUncaughtHandler(std::function<void(v8::Local<v8::Value>, bool in_promise)> handler) {
    on_uncaught_ = std::move(handler);
  }
  // The program's last part: until nothing keeps it alive, `beforeunload` and `unload` included.
  // The exit code.
  int FinishMain();
  int EndedWith() const { return ExitCode(); }
  // After RunMain: keeps what was compiled for the next run.
  void SaveCode() { modules_->SaveCode(); }

  // Loads js/testing, which puts the real Deno.test and Deno.bench in place. Before RunTestFile.
  Result<void> LoadTesting();

  // Runs a file of tests (or benchmarks): evaluates the module, then runs what it registered, and
  // tells RunInfo::test_host event by event. Errors nobody catches are such events, too. The exit
  // code is 0 unless the file ended the program itself: then it is what it said, and `*ended` is
  // true.
  struct TestFile {
    std::string url;
    std::string options_json;  // for runTests of js/testing/run.js
    bool bench = false;
    bool no_run = false;  // only load it
  };
  int RunTestFile(const TestFile& file, bool* ended);

  // Counts what runs from now on; before the file is loaded. And V8's answer, see
  // src/engine/coverage.h.
  void StartCoverage();
  std::string TakeCoverage();
  const SourcePositions& positions() const { return modules_->positions(); }
  // Runs a worker until it closes itself, fails, its parent ends or somebody calls RequestExit.
  // `text`: its main module's, unless another host has it; `port`: its end of the channel with its
  // parent.
  WorkerOutcome RunWorker(const std::string& url, const std::optional<std::string>& text,
                          std::unique_ptr<PortEnd> port);

  // The process ends without destroying the runtime: what must reach the disk. Runs no JavaScript.
  void Leave();
  // The workers end where they are, and theirs: what they did last is in the trace then. Waits for
  // them, but only a moment for one that is in a system call. After RunMain.
  void EndWorkers();
  // The debugger of this runtime; made when it is first asked for. On its thread.
  std::shared_ptr<InspectorAgent> EnsureInspector();
  // Waits for a debugger; with `breaks`, the first statement of the main module's graph stops.
  void WaitForDebugger(bool breaks);
  // From now on clients see what the script prints, too.
  void MirrorConsole();

  // Where top-level awaits stand that have not settled: "file:///a.js:1:1".
  std::vector<std::string> PendingAwaits();
  // Other tracing than it was made with, until `null`: that again. On its thread.
  void Retrace(const TraceOptions* options);

  OpHost& host() { return host_; }
  v8::Isolate* isolate() const { return isolate_.get(); }
  v8::Local<v8::Context> v8_context() const { return context(); }

 private:
  explicit Runtime(RuntimeOptions options, std::unique_ptr<Loop> loop, Permissions permissions);

  struct Rejection {
    v8::Global<v8::Promise> promise;
    v8::Global<v8::Value> reason;
    v8::Global<v8::Value> async_context;  // in which it was rejected; only where tests run
  };

  Result<void> Initialize();
  // The modules of --preload, one after the other. An exit code: the program ends.
  std::optional<int> RunPreloads(const std::string& main_url);
  v8::Local<v8::Context> context() const { return context_.Get(isolate_.get()); }

  // One turn: timers, finished ops, microtasks, rejections, gathered writes. False: stop (exit,
  // fatal).
  bool RunTurn();
  // Turns and polls until `until` is settled (if given) or nothing is alive. False: stop.
  bool RunLoop(v8::Local<v8::Promise> until);
  // What V8 wants done on this thread. False: stop.
  bool RunTasks();
  // Lets the loop return in time for V8's delayed tasks.
  void SetPollDeadline();
  // Something the program waits for is under way.
  bool Alive() const;
  // Whether there is something unreferenced, such as a signal that is listened to, which a
  // top-level await may wait for: as in Deno, the program does not end before it then.
  bool MayYetSettle();
  // A microtask checkpoint. False: stop.
  bool RunMicrotasks();
  // Reports promises still unhandled. False: one was fatal.
  bool ReportRejections();
  // Tells of promises that were handled after all. False: stop.
  bool ReportHandledRejections();
  // An uncaught error. Prints it and returns false: stop. Where tests run it is a test's failure,
  // and the loop goes on.
  bool Fatal(v8::Local<v8::Value> exception, v8::Local<v8::Message> message, bool in_promise,
             v8::Local<v8::Value> async_context = {});
  // Calls a function of js/testing; empty when it threw or JavaScript was stopped.
  v8::MaybeLocal<v8::Value> CallTesting(const char* name,
                                        std::vector<v8::Local<v8::Value>> arguments);
  // Evaluates the module of a file of tests. False: stop. `*loaded`: it can be run.
  bool LoadTestFile(const TestFile& file, bool* loaded);
  // What JavaScript threw out of a call of ours. False: stop.
  bool HandleException(v8::TryCatch& caught);
  // Calls a hook; empty when it threw (the exception is in `caught`) or is not there.
  v8::MaybeLocal<v8::Value> CallHook(const char* name, std::vector<v8::Local<v8::Value>> arguments);
  bool CollectFunctions();
  // Tells the tracer what it cannot know, and makes timers remember who set them.
  void PrepareTracing();
  int ExitCode() const;

  static void OnPromiseReject(v8::PromiseRejectMessage message);
  // An exception out of JavaScript that V8 itself called: a FinalizationRegistry's callback.
  static void OnMessage(v8::Local<v8::Message> message, v8::Local<v8::Value> exception);

  std::shared_ptr<const Features> features_;  // the host's extensions, if not null
  OpHost host_;
  IsolateOptions isolate_options_;
  LimitGuard limits_;
  UniqueIsolate isolate_;
  std::shared_ptr<IsolateTasks> tasks_;
  v8::Global<v8::Context> context_;
  std::unique_ptr<ModuleMap> modules_;
  WorkerTemplate worker_template_;
  std::unique_ptr<Workers> workers_;
  WorkerOutcome outcome_;  // of a worker
  std::shared_ptr<LiveRuntimes> live_;
  uint64_t live_id_ = 0;
  TraceOptions own_trace_;
  v8::Global<v8::Promise> evaluated_;  // of the main module, while it may be pending
  v8::Global<v8::Function> deliver_;
  v8::Global<v8::Function> fire_timers_;
  v8::Global<v8::Function> deliver_messages_;
  std::vector<Rejection> rejections_;
  ModuleOptions module_options_;
  std::vector<std::string> preloads_;
  std::vector<v8::Global<v8::Promise>>
      reported_rejections_;  // weak: `unhandledrejection` took care of them
  std::vector<v8::Global<v8::Promise>>
      handled_rejections_;  // of those, the ones that now have a handler
  std::unique_ptr<CoverageRecorder> coverage_;
  std::shared_ptr<InspectorAgent> inspector_;
  bool mirrors_console_ = false;
  v8::Global<v8::Object> testing_;  // what js/testing gave; empty in ordinary programs
  std::function<void(v8::Local<v8::Value>, bool)> on_uncaught_;
  bool fatal_ = false;
};

}  // namespace rt
