#include "src/engine/platform.h"

#include <libplatform/libplatform.h>
#include <sys/random.h>
#include <unistd.h>
#include <v8.h>

#include <algorithm>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "src/engine/start_pages.h"
#include "src/engine/worker_pool.h"

// The V8 archive carries an Abseil built with assertions: every lock updates a graph of the order
// in which locks are taken, and its first use fills 1 MB of memory. Declared here since the archive
// has no headers.
namespace absl {
enum class OnDeadlockCycle { kIgnore, kReport, kAbort };
void SetMutexDeadlockDetectionMode(OnDeadlockCycle mode);
}  // namespace absl

namespace rt {
namespace {

// More threads than V8's parallel phases use are of no use.
constexpr long kMaxWorkers = 8;

size_t WorkerCount() {
  return static_cast<size_t>(std::clamp(sysconf(_SC_NPROCESSORS_ONLN) - 1, 1L, kMaxWorkers));
}

// Clocks, memory and tracing are the default platform's, which in its single-threaded form starts
// no thread; tasks are ours.
class Platform final : public v8::Platform {
 public:
  Platform() : workers_(*new WorkerPool(WorkerCount())) {}

  v8::PageAllocator* GetPageAllocator() override { return &pages_; }
  v8::ThreadIsolatedAllocator* GetThreadIsolatedAllocator() override {
    return base_->GetThreadIsolatedAllocator();
  }
  void OnCriticalMemoryPressure() override { base_->OnCriticalMemoryPressure(); }
  double MonotonicallyIncreasingTime() override { return base_->MonotonicallyIncreasingTime(); }
  double CurrentClockTimeMillis() override { return base_->CurrentClockTimeMillis(); }
  StackTracePrinter GetStackTracePrinter() override { return base_->GetStackTracePrinter(); }
  v8::TracingController* GetTracingController() override { return base_->GetTracingController(); }

  int NumberOfWorkerThreads() override { return static_cast<int>(workers_.max_threads()); }
  std::shared_ptr<v8::TaskRunner> GetForegroundTaskRunner(v8::Isolate* isolate,
                                                          v8::TaskPriority) override {
    const std::lock_guard lock(mutex_);
    const auto found = isolates_.find(isolate);
    return found != isolates_.end() ? found->second.Current() : nobody_;
  }

  void Add(v8::Isolate* isolate) {
    auto tasks = std::make_shared<IsolateTasks>(isolate);
    const std::lock_guard lock(mutex_);
    isolates_.insert_or_assign(isolate, Runners(std::move(tasks)));
  }
  void Initialized(v8::Isolate* isolate) {
    const std::lock_guard lock(mutex_);
    if (auto found = isolates_.find(isolate); found != isolates_.end()) {
      found->second.initialized = true;
    }
  }
  void Remove(v8::Isolate* isolate) {
    const std::lock_guard lock(mutex_);
    isolates_.erase(isolate);
  }
  std::shared_ptr<IsolateTasks> Tasks(v8::Isolate* isolate) {
    const std::lock_guard lock(mutex_);
    const auto found = isolates_.find(isolate);
    return found != isolates_.end() ? found->second.tasks : nullptr;
  }
  size_t threads() const { return workers_.threads(); }
  bool idle() const { return workers_.IsIdle(); }
  void OnFirstThread(std::function<void()> callback) {
    workers_.OnFirstThread(std::move(callback));
  }

 protected:
  std::unique_ptr<v8::JobHandle> CreateJobImpl(v8::TaskPriority priority,
                                               std::unique_ptr<v8::JobTask> job,
                                               const v8::SourceLocation&) override {
    return v8::platform::NewDefaultJobHandle(this, priority, std::move(job),
                                             workers_.max_threads());
  }
  void PostTaskOnWorkerThreadImpl(v8::TaskPriority priority, std::unique_ptr<v8::Task> task,
                                  const v8::SourceLocation&) override {
    workers_.Post(priority, std::move(task));
  }
  void PostDelayedTaskOnWorkerThreadImpl(v8::TaskPriority priority, std::unique_ptr<v8::Task> task,
                                         double seconds, const v8::SourceLocation&) override {
    workers_.PostDelayed(priority, std::move(task), seconds);
  }

 private:
  struct Runners {
    explicit Runners(std::shared_ptr<IsolateTasks> made)
        : tasks(std::move(made)),
          program(std::make_shared<IsolateTaskRunner>(tasks, IsolateTasks::For::kProgram)),
          housekeeping(
              std::make_shared<IsolateTaskRunner>(tasks, IsolateTasks::For::kHousekeeping)) {}
    // Who asks before there is any JavaScript is the heap, which keeps the runner: so its tasks can
    // be told from those a program waits for.
    const std::shared_ptr<v8::TaskRunner>& Current() const {
      return initialized ? program : housekeeping;
    }
    std::shared_ptr<IsolateTasks> tasks;
    std::shared_ptr<v8::TaskRunner> program;
    std::shared_ptr<v8::TaskRunner> housekeeping;
    bool initialized = false;
  };

  const std::unique_ptr<v8::Platform> base_ = v8::platform::NewSingleThreadedDefaultPlatform(
      v8::platform::IdleTaskSupport::kDisabled, v8::platform::InProcessStackDumping::kDisabled);
  StartPages pages_{base_->GetPageAllocator()};
  WorkerPool& workers_;
  const std::shared_ptr<v8::TaskRunner> nobody_ =
      std::make_shared<IsolateTaskRunner>(nullptr, IsolateTasks::For::kHousekeeping);
  std::mutex mutex_;
  std::unordered_map<v8::Isolate*, Runners> isolates_;
};

// Leaked on purpose: see the header.
Platform* g_platform = nullptr;

// V8's flag holds 31 bits and reads 0 as none: fold the seed, and never to 0.
uint32_t SeedForV8(uint64_t seed) {
  const uint32_t folded = static_cast<uint32_t>(seed ^ (seed >> 31) ^ (seed >> 62)) & 0x7fffffff;
  return folded != 0 ? folded : 1;
}

}  // namespace

Result<void> InitializePlatform(const PlatformOptions& options) {
  RT_CHECK(g_platform == nullptr);
  // Before the first lock, which V8's flags take.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  // `import source` of WebAssembly. And positions with the code they belong to: V8 would find them
  // out when a stack is shown, and cannot when that is because the stack is full.
  std::string flags = " --js-source-phase-imports --no-enable-lazy-source-positions";
  for (const std::string& flag : options.v8_flags) flags.append(" ").append(flag);
  if (options.seed != 0) {
    flags.append(" --random-seed=").append(std::to_string(SeedForV8(options.seed)));
  }
  // SetFlagsFromCommandLine, unlike SetFlagsFromString, tells which words it did not know.
  std::vector<std::string> words = {"rt"};
  size_t start = 0;
  while (start < flags.size()) {
    size_t end = flags.find(' ', start);
    if (end == std::string::npos) end = flags.size();
    if (end > start) words.push_back(flags.substr(start, end - start));
    start = end + 1;
  }
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  int argc = static_cast<int>(argv.size());
  v8::V8::SetFlagsFromCommandLine(&argc, argv.data(), true);
  if (argc > 1) return Error::Type(std::string("unknown V8 flag: ") + argv[1]);

  // Otherwise V8 opens and reads /dev/urandom several times at start.
  v8::V8::SetEntropySource([](unsigned char* buffer, size_t size) {
    return getrandom(buffer, size, 0) == static_cast<ssize_t>(size);
  });
  g_platform = new Platform();
  v8::V8::InitializePlatform(g_platform);
  v8::V8::Initialize();
  return {};
}

v8::Platform* GetPlatform() {
  return g_platform;
}

void OnFirstWorkerThread(std::function<void()> callback) {
  g_platform->OnFirstThread(std::move(callback));
}

v8::Isolate* AllocateIsolate() {
  v8::Isolate* isolate = v8::Isolate::Allocate();
  g_platform->Add(isolate);
  return isolate;
}

void IsolateInitialized(v8::Isolate* isolate) {
  g_platform->Initialized(isolate);
}

void DisposeIsolate(v8::Isolate* isolate) {
  // Tasks refer to the isolate, so they go first; the runner stays known until V8 has stopped
  // asking. The address may be another isolate's only after Free.
  if (const auto tasks = g_platform->Tasks(isolate)) tasks->Close();
  isolate->Deinitialize();
  g_platform->Remove(isolate);
  v8::Isolate::Free(isolate);
}

std::shared_ptr<IsolateTasks> TasksOf(v8::Isolate* isolate) {
  return g_platform->Tasks(isolate);
}

size_t WorkerThreadsStarted() {
  return g_platform->threads();
}

bool WorkerThreadsIdle() {
  return g_platform->idle();
}

}  // namespace rt
