#include "src/cli/outside.h"

#include <unistd.h>

#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

#include "src/base/output.h"
#include "src/cli/cache_folder.h"
#include "src/cli/control/listener.h"
#include "src/cli/crash/crash_test.h"
#include "src/cli/inspector/server.h"
#include "src/cli/messages.h"
#include "src/cli/trace_option.h"
#include "src/ext/inspector/inspector.h"
#include "src/op/trace_sink.h"
#include "src/runtime/why_alive.h"

namespace rt::cli {
namespace {

constexpr unsigned kVisitMs = 1000;
// What debuggers are owed at the end, if they read.
constexpr auto kFarewell = std::chrono::milliseconds(500);

void SayWhereToDebug(InspectorServer& server) {
  WriteInTurn(STDERR_FILENO, "Debugger listening on " + server.MainUrl() +
                                 "\nVisit chrome://inspect to connect to the debugger.\n");
}

}  // namespace

// The debugger's server, which may start at any time, on the control thread.
struct Outside::Late {
  std::mutex mutex;
  std::shared_ptr<InspectorServer> server;
  bool over = false;

  // A person sent SIGUSR2.
  void Start(const std::shared_ptr<LiveRuntimes>& live) {
    const std::lock_guard lock(mutex);
    if (over) return;
    if (!server) {
      auto listener = InspectorServer::Listen({});
      // The usual port is another program's: any other will do.
      if (!listener.ok()) listener = InspectorServer::Listen({.host = "127.0.0.1", .port = 0});
      if (!listener.ok()) {
        return PrintWarning("no debugger: " + listener.error().message +
                            "; a program whose permissions are limited must be started with "
                            "--inspect or --no-os-sandbox");
      }
      auto started = InspectorServer::Start(std::move(*listener), live);
      if (!started.ok()) return PrintWarning("no debugger: " + started.error().message);
      server = std::move(*started);
      (void)live->VisitAll([this](Runtime& runtime, const LiveRuntimes::Entry& entry,
                                  bool) { server->Attach(runtime, entry); },
                           kVisitMs);
    }
    SayWhereToDebug(*server);
  }
};

// inspector.open, url and close of the main program (node:inspector). Its thread.
class Outside::Control final : public InspectorControl {
 public:
  Control(std::shared_ptr<Late> late, std::shared_ptr<LiveRuntimes> live, Runtime& runtime)
      : late_(std::move(late)), live_(std::move(live)), runtime_(runtime) {}

  std::string Url() override {
    const auto server = Server();
    return server ? server->MainUrl() : "";
  }

  Result<void> Open(const std::string& host, uint16_t port) override {
    const std::lock_guard lock(late_->mutex);
    if (late_->server) {
      return Error::Make(ErrorClass::kError,
                         "Inspector is already activated. Close it with inspector.close() before "
                         "activating it again.",
                         "ERR_INSPECTOR_ALREADY_ACTIVATED");
    }
    auto listener = InspectorServer::Listen({.host = host, .port = port});
    if (!listener.ok()) {
      Error error = listener.TakeError();
      if (error.error_class == ErrorClass::kPermissionDenied) {
        error.message +=
            "; a program whose permissions are limited must be started with --inspect or "
            "--no-os-sandbox";
      }
      return error;
    }
    RT_TRY(late_->server, InspectorServer::Start(std::move(*listener), live_));
    for (const LiveRuntimes::Entry& entry : live_->List()) {
      if (entry.runtime == &runtime_) late_->server->Attach(runtime_, entry);
    }
    // The workers, on their threads.
    std::thread([live = live_, server = late_->server] {
      (void)live->VisitAll([server](Runtime& runtime, const LiveRuntimes::Entry& entry,
                                    bool) { server->Attach(runtime, entry); },
                           kVisitMs);
    }).detach();
    SayWhereToDebug(*late_->server);
    return {};
  }

  void Close() override {
    std::shared_ptr<InspectorServer> server;
    {
      const std::lock_guard lock(late_->mutex);
      server = std::exchange(late_->server, nullptr);
    }
    if (!server) return;
    live_->SetListener(nullptr);
    server->Finish(kFarewell);
  }

 private:
  std::shared_ptr<InspectorServer> Server() {
    const std::lock_guard lock(late_->mutex);
    return late_->server;
  }

  std::shared_ptr<Late> late_;
  std::shared_ptr<LiveRuntimes> live_;
  Runtime& runtime_;
};

Outside::Outside(const Invocation& invocation)
    : invocation_(invocation), late_(std::make_shared<Late>()) {}

Outside::~Outside() = default;

Result<std::unique_ptr<Outside>> Outside::Prepare(const Invocation& invocation) {
  std::unique_ptr<Outside> outside(new Outside(invocation));
  PrepareControl();
  if (!invocation.inspect) return outside;
  auto address = ParseInspectorAddress(*invocation.inspect);
  if (!address.ok()) return Error::Type("--inspect: " + address.error().message);
  auto listener = InspectorServer::Listen(*address);
  if (!listener.ok()) {
    return Error::Make(ErrorClass::kError, "--inspect: " + listener.error().message);
  }
  outside->listener_ = std::move(*listener);
  return outside;
}

Result<void> Outside::Watch(RuntimeOptions& options) {
  options.live = std::make_shared<LiveRuntimes>();
  live_ = options.live;
  sink_ = options.trace.sink;
  if (listener_) {
    RT_TRY(late_->server, InspectorServer::Start(std::move(*listener_), options.live));
    listener_.reset();
    options.inspectable = true;
  }
  InstallControl({.live = options.live,
                  .cache_folder = CacheFolder(),
                  .on_plain_signal = [live = options.live, late = late_] { late->Start(live); }});
  if (!invocation_.heapsnapshot_signal.empty()) {
    RT_TRY_VOID(WriteSnapshotsOnSignal(invocation_.heapsnapshot_signal, options.live));
  }
  if (options.trace.sink) FinishTraceOnSignals(options.trace.sink);
  if (invocation_.why_alive) {
    std::thread([live = options.live, seconds = *invocation_.why_alive] {
      std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
      WriteInTurn(STDERR_FILENO, "rt: --why-alive\n" + DescribeWhyAlive(*live));
    }).detach();
  }
  if (!invocation_.crash_test.empty()) {
    RT_TRY_VOID(StartCrashTest(invocation_.crash_test, options.live));
  }
  return {};
}

Result<void> Outside::Begin(Runtime& runtime) {
  SetControlLoop(&runtime.host().loop());
  SetInspectorControl(runtime.host(), std::make_shared<Control>(late_, live_, runtime));
  // Nothing else can have started one: the signal's thread waits for the loop.
  if (const auto server = late_->server) {
    SayWhereToDebug(*server);
    if (invocation_.inspect_start != InspectStart::kRun) {
      runtime.WaitForDebugger(invocation_.inspect_start == InspectStart::kBreak);
    }
  }
  RT_TRY(profile_, Profile::Start(invocation_, runtime));
  return {};
}

void Outside::Finish(Runtime& runtime) {
  SetControlLoop(nullptr);
  if (profile_) profile_->Finish();
  if (sink_) {
    runtime.EndWorkers();
    sink_->Finish();
  }
  std::shared_ptr<InspectorServer> server;
  {
    // Unless one is being started, which may wait for this very thread: then nobody uses it yet.
    const std::unique_lock lock(late_->mutex, std::try_to_lock);
    if (!lock.owns_lock()) return;
    late_->over = true;
    server = late_->server;
  }
  if (server) server->Finish(kFarewell);
}

}  // namespace rt::cli
