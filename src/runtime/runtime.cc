#include "src/runtime/runtime.h"

#include <cmath>
#include <thread>

#include "src/base/cache_names.h"
#include "src/engine/platform.h"
#include "src/engine/strings.h"
#include "src/ext/core/core.h"
#include "src/ext/inspector/inspector.h"
#include "src/ext/messaging/messaging.h"
#include "src/ext/sqlite/sqlite.h"
#include "src/ext/wasm/wasm.h"
#include "src/ext/web/web.h"
#include "src/runtime/builtins.h"
#include "src/runtime/extensions.h"
#include "src/runtime/report.h"
#include "src/runtime/snapshot.h"
#include "src/typescript/fallback/fallback.h"

namespace rt {
namespace {

// How long the end of a program waits for the threads of its workers. One may be stuck in a system
// call; the process leaves without it.
constexpr unsigned kWorkersGraceMs = 10'000;
// A program that ends does not wait longer for what a trace would still show of its workers.
constexpr unsigned kTracedWorkersGraceMs = 500;

WorkerTemplate TemplateOf(RuntimeOptions& options) {
  if (options.worker_template) return std::move(*options.worker_template);
  return {.live_runtimes = options.live,
          .inspectable = options.inspectable,
          .may_prompt = !options.permissions.no_prompt,
          .transpiled_folder = options.transpiled_folder,
          .compiler_options = options.compiler_options,
          .remote = options.remote,
          .max_memory = options.limits.max_memory,
          .permission_observer = options.permission_observer,
          .permission_audit = options.permission_audit,
          .embedded = options.embedded,
          .features = options.features,
          .live = nullptr};
}

}  // namespace

Runtime::Runtime(RuntimeOptions options, std::unique_ptr<Loop> loop, Permissions permissions)
    : features_(options.features),
      host_(features_ ? std::span<const Extension>(features_->extensions) : AllExtensions(),
            std::move(loop), std::move(permissions), std::move(options.run_info), options.trace),
      isolate_options_{.max_heap_bytes = options.limits.max_memory,
                       .max_old_bytes = options.max_old_bytes,
                       .max_young_bytes = options.max_young_bytes,
                       .code_range_bytes = options.code_range_bytes},
      limits_(options.limits, host_),
      worker_template_(TemplateOf(options)),
      live_(std::move(options.live)),
      own_trace_(std::move(options.trace)),
      module_options_{.import_map = std::move(options.import_map),
                      .transpiler = {.cache_folder = std::move(options.transpiled_folder),
                                     .compiler_options = std::move(options.compiler_options)},
                      .remote = std::move(options.remote),
                      .main_media = options.main_media,
                      .worker = std::move(options.worker_modules),
                      .code_folder = std::move(options.code_folder),
                      .on_module = std::move(options.on_module),
                      .on_loaded = std::move(options.on_loaded),
                      .embedded = std::move(options.embedded),
                      .inline_source_maps = options.inspectable},
      preloads_(std::move(options.preloads)) {
  // Beside the folder for what was transpiled, in rt's cache.
  const std::string& transpiled = module_options_.transpiler.cache_folder;
  if (const size_t slash = transpiled.rfind('/'); slash != std::string::npos) {
    SetStorageFolder(host_, cache::PathOf(transpiled.substr(0, slash), cache::kStorage));
  }
  SetStorageOwner(host_, std::move(options.storage_owner));
}

Result<std::unique_ptr<Runtime>> Runtime::Create(RuntimeOptions options) {
  RT_TRY(auto loop, Loop::Create());
  if (!options.made_permissions) {
    const bool may_prompt = options.prompt_tty != nullptr;
    RT_TRY(options.made_permissions,
           Permissions::FromOptions(options.permissions, std::move(options.prompt_tty)));
    if (options.permission_observer != nullptr) {
      options.made_permissions->Observe(options.permission_observer, options.permission_audit);
    }
    if (!may_prompt) options.permissions.no_prompt = true;
  }
  Permissions permissions = std::move(*options.made_permissions);
  std::unique_ptr<Runtime> runtime(
      new Runtime(std::move(options), std::move(loop), std::move(permissions)));
  RT_TRY_VOID(runtime->Initialize());
  return runtime;
}

Result<void> Runtime::Initialize() {
  const v8::StartupData* snapshot = BuiltinSnapshot();
  host_.AddExternalReference(BuiltinSource());
  isolate_options_.snapshot = snapshot;
  isolate_options_.external_references = host_.external_references();
  isolate_options_.allocator = limits_.allocator();
  isolate_ = NewIsolate(isolate_options_);
  v8::Isolate* isolate = isolate_.get();
  host_.AttachIsolate(isolate);
  isolate->Enter();
  isolate->SetData(kIsolateOpHost, &host_);
  isolate->SetData(kIsolateRuntime, this);
  isolate->SetPromiseRejectCallback(OnPromiseReject);
  isolate->AddMessageListener(OnMessage);
  isolate->SetWasmStreamingCallback(StartWasmStreaming);  // before the context is made
  isolate->SetIsJSApiWrapperNativeErrorCallback(IsErrorObject);
  tasks_ = TasksOf(isolate);
  tasks_->SetWake([loop = &host_.loop(), here = std::this_thread::get_id()] {
    // Before it polls, this thread looks for itself.
    if (std::this_thread::get_id() == here) {
      loop->NoteWork();
    } else {
      loop->Wake();
    }
  });
  limits_.Watch(isolate);

  v8::HandleScope handles(isolate);
  v8::Local<v8::Context> context = v8::Context::New(isolate);
  context_.Reset(isolate, context);
  context->Enter();
  v8::Local<v8::Object> hooks;
  if (!context->GetDataFromSnapshotOnce<v8::Object>(kSnapshotHooks).ToLocal(&hooks)) {
    return Error::Make(ErrorClass::kError, "the executable has no snapshot of its built-ins");
  }
  host_.SetHooks(hooks);
  RT_CHECK(CollectFunctions());
  module_options_.transpiler.make_fallback = [this] {
    return typescript::MakeFallback({BuiltinSnapshot(), host_.external_references()});
  };
  modules_ = std::make_unique<ModuleMap>(host_, std::move(module_options_));
  workers_ = std::make_unique<Workers>(host_, *modules_, std::move(worker_template_));
  host_.SetWorkerStarter(workers_.get());
  SetBundleLoader(host_, [this](std::string_view name) -> Result<v8::Local<v8::Object>> {
    const LazyBundle bundle = FindLazyBundle(name);
    if (bundle.text.empty()) {
      return Error::Make(ErrorClass::kError, "no such bundle: " + std::string(name));
    }
    return LoadLazyBundle(host_, this->context(), bundle);
  });

  v8::TryCatch caught(isolate);
  const RunInfo& info = host_.run_info();
  v8::Local<v8::Value> started;
  if (!CallHook("start", {v8::Boolean::New(isolate, info.color_stdout),
                          v8::Boolean::New(isolate, info.color_stderr),
                          v8::Boolean::New(isolate, info.quiet)})
           .ToLocal(&started)) {
    return Error::Make(ErrorClass::kError,
                       "start failed: " + DescribeException(isolate, caught.Exception()));
  }
  SetInspectorAgent(host_, [this] { return EnsureInspector(); });
  if (features_) RT_TRY_VOID(RunFeatureScripts(host_, context, *features_));
  PrepareTracing();
  if (live_) live_id_ = live_->Add(*this);
  return {};
}

bool Runtime::CollectFunctions() {
  v8::Isolate* isolate = isolate_.get();
  v8::Local<v8::Context> context = this->context();
  v8::Local<v8::Object> hooks = host_.hooks();
  auto get = [&](const char* name) {
    return hooks->Get(context, ToInternalized(isolate, name)).ToLocalChecked();
  };
  v8::Local<v8::Value> marker = get("pendingMarker");
  v8::Local<v8::Value> deliver = get("deliver");
  v8::Local<v8::Value> fire_timers = get("fireTimers");
  v8::Local<v8::Value> deliver_messages = get("deliverMessages");
  v8::Local<v8::Value> prototypes = get("errorPrototypes");
  v8::Local<v8::Value> make_dom_exception = get("makeDomException");
  if (!marker->IsSymbol() || !deliver->IsFunction() || !fire_timers->IsFunction() ||
      !deliver_messages->IsFunction() || !prototypes->IsObject() ||
      !make_dom_exception->IsFunction()) {
    return false;
  }
  host_.SetPendingMarker(marker.As<v8::Symbol>());
  host_.errors().Initialize(isolate, context, prototypes.As<v8::Object>());
  host_.errors().SetDomExceptionFactory(isolate, make_dom_exception.As<v8::Function>());
  deliver_.Reset(isolate, deliver.As<v8::Function>());
  fire_timers_.Reset(isolate, fire_timers.As<v8::Function>());
  deliver_messages_.Reset(isolate, deliver_messages.As<v8::Function>());
  return true;
}

void Runtime::Leave() {
  CloseDatabases(host_);
}

void Runtime::EndWorkers() {
  if (!workers_) return;
  host_.FindState("worker")->Shutdown();
  workers_->live().WaitUntilNone(kTracedWorkersGraceMs);
}

Runtime::~Runtime() {
  if (!isolate_) return;
  if (live_ && live_id_ != 0) live_->Remove(live_id_);
  limits_.Detach();
  v8::Isolate* isolate = isolate_.get();
  isolate->CancelTerminateExecution();
  {
    v8::HandleScope handles(isolate);
    rejections_.clear();
    reported_rejections_.clear();
    handled_rejections_.clear();
    deliver_.Reset();
    fire_timers_.Reset();
    deliver_messages_.Reset();
    testing_.Reset();
    evaluated_.Reset();
    if (inspector_) inspector_->Close();
    inspector_.reset();
    coverage_.reset();
    host_.SetWorkerStarter(nullptr);
    modules_.reset();
    host_.Shutdown();
    if (!context_.IsEmpty()) context()->Exit();
    context_.Reset();
  }
  // Only here the thread can be waited for: a worker's own workers go on ending without it.
  if (workers_ && !host_.run_info().is_worker) workers_->live().WaitUntilNone(kWorkersGraceMs);
  isolate->Exit();
  isolate_.reset();
}

v8::MaybeLocal<v8::Value> Runtime::CallHook(const char* name,
                                            std::vector<v8::Local<v8::Value>> arguments) {
  v8::Isolate* isolate = isolate_.get();
  v8::Local<v8::Value> hook;
  if (!host_.hooks()->Get(context(), ToInternalized(isolate, name)).ToLocal(&hook) ||
      !hook->IsFunction()) {
    return {};
  }
  return hook.As<v8::Function>()->Call(context(), v8::Undefined(isolate),
                                       static_cast<int>(arguments.size()), arguments.data());
}

int Runtime::ExitCode() const {
  if (host_.exit_requested()) return host_.exit_code();
  if (fatal_) return 1;
  return host_.exit_code();
}

std::optional<int> Runtime::RunPreloads(const std::string& main_url) {
  for (const std::string& url : preloads_) {
    v8::Local<v8::Promise> evaluated;
    {
      v8::TryCatch caught(isolate_.get());
      if (!modules_->EvaluatePreload(context(), url, main_url).ToLocal(&evaluated)) {
        HandleException(caught);
        return ExitCode();
      }
    }
    if (!RunLoop(evaluated)) return ExitCode();
    if (evaluated->State() == v8::Promise::kPending) {
      ReportStalledAwaits(isolate_.get(), context(), modules_->StalledAwaits(), url);
      return 1;
    }
  }
  return std::nullopt;
}

int Runtime::RunMain(const std::string& url, const std::optional<std::string>& text,
                     const std::optional<std::string>& serve_options_json) {
  v8::Isolate* isolate = isolate_.get();
  v8::HandleScope handles(isolate);
  if (const auto ended = RunPreloads(url)) return *ended;
  v8::Local<v8::Promise> evaluated;
  {
    v8::TryCatch caught(isolate);
    if (!modules_->EvaluateMain(context(), url, text ? &*text : nullptr).ToLocal(&evaluated)) {
      HandleException(caught);
      return ExitCode();
    }
  }
  evaluated_.Reset(isolate, evaluated);
  // The module's own task ends before any message is dispatched.
  if (!RunMicrotasks() || !RunLoop(evaluated)) return ExitCode();
  if (evaluated->State() == v8::Promise::kPending) {
    ReportStalledAwaits(isolate, context(), modules_->StalledAwaits(), url);
    return 1;
  }
  {
    v8::TryCatch caught(isolate);
    if (CallHook("load", {}).IsEmpty() && !HandleException(caught)) return ExitCode();
  }
  if (serve_options_json) {
    v8::TryCatch caught(isolate);
    v8::Local<v8::Value> served;
    if (!CallHook("serveModule",
                  {modules_->MainNamespace(), ToV8String(isolate, *serve_options_json)})
             .ToLocal(&served)) {
      HandleException(caught);
      return ExitCode();
    }
  }
  return FinishMain();
}

int Runtime::FinishMain() {
  v8::Isolate* isolate = isolate_.get();
  v8::HandleScope handles(isolate);
  // The program's last word: `beforeunload` and `unload` may start more work.
  for (;;) {
    if (!RunLoop({})) return ExitCode();
    v8::TryCatch caught(isolate);
    if (CallHook("beforeExit", {}).IsEmpty()) {
      if (!HandleException(caught)) return ExitCode();
      break;
    }
    if (!RunMicrotasks()) return ExitCode();
    if (!Alive() && !tasks_->HasProgramReady()) break;
  }
  v8::TryCatch caught(isolate);
  if (CallHook("exit", {}).IsEmpty()) HandleException(caught);
  return ExitCode();
}

bool Runtime::StartEmptyMain(const std::string& url) {
  v8::HandleScope handles(isolate_.get());
  v8::TryCatch caught(isolate_.get());
  const std::string nothing;
  v8::Local<v8::Promise> evaluated;
  if (!modules_->EvaluateMain(context(), url, &nothing).ToLocal(&evaluated) ||
      CallHook("load", {}).IsEmpty()) {
    HandleException(caught);
    return false;
  }
  return RunMicrotasks();
}

bool Runtime::RunWhile(const std::function<bool()>& goes_on, const std::atomic<bool>& interrupted,
                       bool* stopped) {
  for (;;) {
    const bool runs = RunTurn();
    if (interrupted) {
      if (stopped != nullptr) *stopped = !runs;
      return !host_.exit_requested();
    }
    if (!runs) return false;
    if (!goes_on()) return true;
    const bool ready = host_.async_calls().HasFinished() || host_.alarm_raised() ||
                       host_.messages_raised() || modules_->HasDynamicImports();
    if (ready) continue;
    SetPollDeadline();
    host_.loop().Poll(!tasks_->HasReady());
  }
}

bool Runtime::LoadGraph(const std::string& url, ModuleType type, bool quiet) {
  v8::HandleScope handles(isolate_.get());
  v8::TryCatch caught(isolate_.get());
  if (modules_->LoadOnly(context(), url, type)) return true;
  if (!quiet) HandleException(caught);
  return false;
}

WorkerOutcome Runtime::RunWorker(const std::string& url, const std::optional<std::string>& text,
                                 std::unique_ptr<PortEnd> port) {
  v8::Isolate* isolate = isolate_.get();
  v8::HandleScope handles(isolate);
  const uint32_t id = AdoptPort(host_, std::move(port));
  {
    v8::TryCatch caught(isolate);
    if (CallHook("startWorker", {ToV8String(isolate, host_.run_info().worker_name),
                                 v8::Integer::NewFromUnsigned(isolate, id)})
            .IsEmpty()) {
      HandleException(caught);
      return outcome_;
    }
  }
  bool running = false;
  {
    v8::TryCatch caught(isolate);
    v8::Local<v8::Promise> evaluated;
    running = modules_->EvaluateMain(context(), url, text ? &*text : nullptr).ToLocal(&evaluated);
    if (running) {
      evaluated_.Reset(isolate, evaluated);
    } else {
      HandleException(caught);
    }
  }
  // The channel with the parent is what keeps it running. Its own task ends first, as RunMain's.
  if (running && RunMicrotasks()) RunLoop({});
  if (std::string message = limits_.WorkerMessage(); !message.empty()) {
    ReportWorkerError(host_.run_info(), host_.run_info().worker_name, message);
    return {.failed = true, .message = std::move(message), .filename = {}};
  }
  return std::move(outcome_);
}

bool Runtime::RunMicrotasks() {
  v8::TryCatch caught(isolate_.get());
  if (host_.tracer().traces_microtasks()) {
    host_.tracer().BeginPhase("op_run_microtasks");
    host_.RunMicrotasks();
    host_.tracer().End({});
  } else {
    host_.RunMicrotasks();
  }
  if (host_.exit_requested() || host_.has_reported_exception()) return HandleException(caught);
  return true;
}

bool Runtime::RunTasks() {
  v8::TryCatch caught(isolate_.get());
  tasks_->RunReady([this] { return host_.exit_requested() || host_.has_reported_exception(); });
  if (host_.exit_requested() || host_.has_reported_exception()) return HandleException(caught);
  return true;
}

bool Runtime::Alive() const {
  if (host_.loop().alive()) return true;
  // Asynchronous WebAssembly compilation is V8's own, and counted nowhere else.
  if (!isolate_->HasPendingBackgroundTasks()) return false;
  // One that waits for bytes nobody can bring any more is no reason to go on, but V8 does not tell
  // it from others: those have a thread at work, or something ready for this one.
  return !WaitsForWasmBytes(host_) || !WorkerThreadsIdle() || tasks_->HasProgramReady();
}

void Runtime::SetPollDeadline() {
  std::optional<double> due = tasks_->NextDue();
  if (!host_.loop().alive() && WaitsForWasmBytes(host_)) {
    // Threads that fall idle wake nobody: see Alive().
    due = std::min(due.value_or(HUGE_VAL), SteadySeconds() + 0.02);
  }
  if (!due) return host_.loop().SetPollDeadline(Loop::kNever);
  host_.loop().SetPollDeadline(static_cast<uint64_t>(std::ceil(std::max(0.0, *due) * 1e3)));
}

bool Runtime::RunTurn() {
  v8::Isolate* isolate = isolate_.get();
  v8::HandleScope handles(isolate);
  if (limits_.Reached() || host_.exit_requested()) return false;
  if (!RunTasks()) return false;
  if (host_.alarm_raised()) {
    host_.ClearAlarm();
    v8::TryCatch caught(isolate);
    if (host_.tracer().enabled()) host_.tracer().BeginPhase("timers");
    const bool threw =
        fire_timers_.Get(isolate)->Call(context(), v8::Undefined(isolate), 0, nullptr).IsEmpty();
    if (host_.tracer().enabled()) host_.tracer().End({});
    if (threw && !HandleException(caught)) return false;
  }
  if (host_.async_calls().HasFinished()) {
    v8::TryCatch caught(isolate);
    host_.async_calls().Deliver(isolate, context(), deliver_.Get(isolate));
    if (caught.HasCaught() && !HandleException(caught)) return false;
  }
  if (host_.messages_raised()) {
    host_.ClearMessages();
    v8::TryCatch caught(isolate);
    v8::Local<v8::Value> more;
    if (host_.tracer().enabled()) host_.tracer().BeginPhase("messages");
    const bool delivered = deliver_messages_.Get(isolate)
                               ->Call(context(), v8::Undefined(isolate), 0, nullptr)
                               .ToLocal(&more);
    if (host_.tracer().enabled()) host_.tracer().End({});
    if (delivered) {
      if (more->IsTrue()) host_.RaiseMessages();
    } else if (!HandleException(caught)) {
      return false;
    }
  }
  if (modules_->HasDynamicImports()) {
    v8::TryCatch caught(isolate);
    modules_->RunDynamicImports(context());
    if (caught.HasCaught() && !HandleException(caught)) return false;
  }
  if (!RunMicrotasks() || !ReportRejections()) return false;
  host_.loop().RunTurnEnd();
#ifdef RT_GC_STRESS
  // One full collection, which takes nothing on the stack for a pointer. (LowMemoryNotification
  // collects up to seven times, until nothing more goes.)
  isolate->RequestGarbageCollectionForTesting(v8::Isolate::kFullGarbageCollection,
                                              cppgc::EmbedderStackState::kNoHeapPointers);
#endif
  return true;
}

bool Runtime::RunLoop(v8::Local<v8::Promise> until) {
  for (;;) {
    if (live_ && !host_.run_info().is_worker) live_->AttendIfCalled();
    if (!RunTurn()) return false;
    if (!until.IsEmpty() && until->State() != v8::Promise::kPending) return true;
    const bool ready = host_.async_calls().HasFinished() || host_.alarm_raised() ||
                       host_.messages_raised() || modules_->HasDynamicImports();
    if (ready) continue;
    // The collector's tasks are no reason to go on, but no reason to sleep either.
    if (!tasks_->HasProgramReady() && !Alive() && (until.IsEmpty() || !MayYetSettle())) return true;
    SetPollDeadline();
    host_.loop().Poll(!tasks_->HasReady());
  }
}

bool Runtime::MayYetSettle() {
  if (host_.async_calls().pending_count() > 0) return true;
  v8::HandleScope handles(isolate_.get());
  v8::TryCatch caught(isolate_.get());
  v8::Local<v8::Value> has;
  return CallHook("hasTimers", {}).ToLocal(&has) && has->IsTrue();
}

}  // namespace rt
