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
      auto started = InspectorServer::Start({}, live);
      // The usual port is another program's: any other will do.
      if (!started.ok()) started = InspectorServer::Start({.host = "127.0.0.1", .port = 0}, live);
      if (!started.ok()) return PrintWarning("no debugger: " + started.error().message);
      server = std::move(*started);
      (void)live->VisitAll([this](Runtime& runtime, const LiveRuntimes::Entry& entry,
                                  bool) { server->Attach(runtime, entry); },
                           kVisitMs);
    }
    SayWhereToDebug(*server);
  }
};

Outside::Outside(const Invocation& invocation)
    : invocation_(invocation), late_(std::make_shared<Late>()) {}

Outside::~Outside() = default;

Result<std::unique_ptr<Outside>> Outside::Prepare(const Invocation& invocation,
                                                  RuntimeOptions& options) {
  std::unique_ptr<Outside> outside(new Outside(invocation));
  options.live = std::make_shared<LiveRuntimes>();
  outside->sink_ = options.trace.sink;
  if (invocation.inspect) {
    auto address = ParseInspectorAddress(*invocation.inspect);
    if (!address.ok()) return Error::Type("--inspect: " + address.error().message);
    auto started = InspectorServer::Start(*address, options.live);
    if (!started.ok()) {
      return Error::Make(ErrorClass::kError, "--inspect: " + started.error().message);
    }
    outside->late_->server = std::move(*started);
    options.inspectable = true;
  }
  InstallControl(
      {.live = options.live,
       .cache_folder = CacheFolder(),
       .on_plain_signal = [live = options.live, late = outside->late_] { late->Start(live); }});
  if (!invocation.heapsnapshot_signal.empty()) {
    RT_TRY_VOID(WriteSnapshotsOnSignal(invocation.heapsnapshot_signal, options.live));
  }
  if (options.trace.sink) FinishTraceOnSignals(options.trace.sink);
  if (invocation.why_alive) {
    std::thread([live = options.live, seconds = *invocation.why_alive] {
      std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
      WriteInTurn(STDERR_FILENO, "rt: --why-alive\n" + DescribeWhyAlive(*live));
    }).detach();
  }
  if (!invocation.crash_test.empty()) {
    RT_TRY_VOID(StartCrashTest(invocation.crash_test, options.live));
  }
  return outside;
}

Result<void> Outside::Begin(Runtime& runtime) {
  SetControlLoop(&runtime.host().loop());
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

void Outside::Finish() {
  SetControlLoop(nullptr);
  if (profile_) profile_->Finish();
  if (sink_) sink_->Finish();
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
