#include "src/runtime/worker_thread.h"

#include <uv.h>

#include "src/base/crash.h"
#include "src/engine/platform.h"
#include "src/runtime/report.h"

namespace rt {
namespace {

// Enough for V8's own limit and for the native code that transpiles TypeScript.
constexpr size_t kStackBytes = 4 * 1024 * 1024;

struct ThreadArguments {
  std::shared_ptr<WorkerThread> worker;
  std::shared_ptr<LiveThreads> live;
  WorkerThread::Start start;
  void (WorkerThread::*run)(WorkerThread::Start, std::shared_ptr<LiveThreads>);
};

class TurnTask final : public v8::Task {
 public:
  explicit TurnTask(std::function<void()> run) : run_(std::move(run)) {}
  void Run() override { run_(); }

 private:
  std::function<void()> run_;
};

}  // namespace

Result<std::shared_ptr<WorkerThread>> WorkerThread::Launch(Start start,
                                                           std::shared_ptr<LiveThreads> live) {
  auto worker = std::make_shared<WorkerThread>();
  uv_thread_options_t options{};
  options.flags = UV_THREAD_HAS_STACK_SIZE;
  options.stack_size = start.stack_bytes != 0 ? start.stack_bytes : kStackBytes;
  live->Add();
  auto arguments = std::make_unique<ThreadArguments>(
      ThreadArguments{worker, live, std::move(start), &WorkerThread::Run});
  uv_thread_t thread;
  const int status = uv_thread_create_ex(
      &thread, &options,
      [](void* data) {
        const CrashStack crash_stack;
        std::unique_ptr<ThreadArguments> own(static_cast<ThreadArguments*>(data));
        const std::shared_ptr<LiveThreads> all = own->live;
        (own->worker.get()->*own->run)(std::move(own->start), all);
        own.reset();
        all->Remove();
      },
      arguments.get());
  if (status < 0) {
    live->Remove();
    return Error::FromErrno(status, "pthread_create");
  }
  (void)arguments.release();
  pthread_detach(thread);
  return worker;
}

std::shared_ptr<WorkerThread> WorkerThread::Stillborn(WorkerOutcome outcome) {
  auto worker = std::make_shared<WorkerThread>();
  worker->outcome_ = std::move(outcome);
  return worker;
}

void WorkerThread::Abandon(OpHost& host, LiveThreads& live, std::string why) {
  ReportWorkerError(host.run_info(), host.run_info().worker_name, why);
  {
    const std::lock_guard guard(mutex_);
    runtime_ = nullptr;
    outcome_ = {.failed = true, .message = std::move(why), .filename = {}};
  }
  // Its workers end, and the channels to it close.
  for (const char* extension : {"worker", "messaging"}) host.FindState(extension)->Shutdown();
  live.Remove();
}

void WorkerThread::Run(Start start, std::shared_ptr<LiveThreads> live) {
  auto made = Runtime::Create(std::move(start.options));
  if (!made.ok()) {
    const std::lock_guard guard(mutex_);
    outcome_ = {.failed = true, .message = made.error().message, .filename = {}};
    return;
  }
  std::unique_ptr<Runtime> runtime = std::move(*made);
  bool stop = false;
  {
    const std::lock_guard guard(mutex_);
    runtime_ = runtime.get();
    stop = terminated_;
  }
  runtime->host().SetOnAbandon([this, &host = runtime->host(), &live](std::string why) {
    Abandon(host, *live, std::move(why));
  });
  if (!stop) {
    ApplyRevocations();
    WorkerOutcome outcome = runtime->RunWorker(start.url, start.text, std::move(start.port));
    const std::lock_guard guard(mutex_);
    outcome_ = std::move(outcome);
  }
  {
    const std::lock_guard guard(mutex_);
    runtime_ = nullptr;
  }
  // Closes the channel, early on: who waits for the end need not wait for the heap to go.
  runtime.reset();
}

void WorkerThread::Terminate() {
  const std::lock_guard guard(mutex_);
  if (std::exchange(terminated_, true) || runtime_ == nullptr) return;
  runtime_->host().RequestExit(0);
  runtime_->host().loop().Wake();
}

WorkerOutcome WorkerThread::Outcome() {
  const std::lock_guard guard(mutex_);
  return outcome_;
}

void WorkerThread::Revoke(Perm perm, const PermDescriptor& descriptor) {
  const std::lock_guard guard(mutex_);
  revoked_.emplace_back(perm, descriptor);
  if (runtime_ == nullptr) return;
  v8::Isolate* isolate = runtime_->host().isolate();
  // Served where JavaScript enters a function or a loop, before the next op; or, if none runs, in
  // the next turn, since the worker's own workers are to be told.
  isolate->RequestInterrupt(
      [](v8::Isolate*, void* self) { static_cast<WorkerThread*>(self)->ApplyRevocations(); }, this);
  TasksOf(isolate)->Post(std::make_unique<TurnTask>([this] { ApplyRevocations(); }),
                         IsolateTasks::For::kHousekeeping, true);
}

void WorkerThread::ApplyRevocations() {
  std::vector<std::pair<Perm, PermDescriptor>> revoked;
  Runtime* runtime = nullptr;
  {
    const std::lock_guard guard(mutex_);
    revoked.swap(revoked_);
    runtime = runtime_;
  }
  if (runtime == nullptr) return;
  for (const auto& [perm, descriptor] : revoked) {
    // The parent could read the descriptor, so this one can.
    (void)runtime->host().permissions().Revoke(perm, descriptor);
    runtime->host().TellRevoked(perm, descriptor);
  }
}

}  // namespace rt
