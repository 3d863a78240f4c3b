#include "src/runtime/live_runtimes.h"

#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "src/engine/platform.h"
#include "src/permissions/prompt.h"
#include "src/runtime/runtime.h"

namespace rt {

// One question to some runtimes. Each has an interrupt and a task that may come first, and either
// may never come: both hold this.
struct LiveRuntimes::Round {
  std::mutex mutex;
  std::condition_variable changed;
  Visit visit;
  bool over = false;               // nobody waits any more
  std::vector<uint64_t> answered;  // or being answered
  size_t running = 0;

  void Take(const Entry& entry, bool idle) {
    {
      const std::lock_guard lock(mutex);
      if (over || std::find(answered.begin(), answered.end(), entry.id) != answered.end()) return;
      answered.push_back(entry.id);
      ++running;
    }
    visit(*entry.runtime, entry, idle);
    const std::lock_guard lock(mutex);
    --running;
    changed.notify_all();
  }
};

namespace {

class CallTask final : public v8::Task {
 public:
  explicit CallTask(std::function<void()> run) : run_(std::move(run)) {}
  void Run() override { run_(); }

 private:
  std::function<void()> run_;
};

}  // namespace

uint64_t LiveRuntimes::Add(Runtime& runtime) {
  const RunInfo& info = runtime.host().run_info();
  Entry entry{
      .runtime = &runtime,
      .name = info.is_worker ? "worker \"" + EscapeForTerminal(info.worker_name) + "\"" : "main",
      .url = info.main_module,
      .is_worker = info.is_worker,
      .thread = static_cast<int>(syscall(SYS_gettid)),
      .started_ms = uv_hrtime() / 1'000'000};
  Listener* listener = nullptr;
  {
    const std::lock_guard lock(mutex_);
    entry.id = next_id_++;
    entries_.push_back(entry);
    listener = listener_;
  }
  if (listener != nullptr) listener->RuntimeCame(runtime, entry);
  return entry.id;
}

void LiveRuntimes::Remove(uint64_t id) {
  Listener* listener = nullptr;
  Entry gone;
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& entry) { return entry.id == id; });
    if (found == entries_.end()) return;
    gone = *found;
    entries_.erase(found);
    listener = listener_;
  }
  if (listener != nullptr) listener->RuntimeGoes(*gone.runtime, gone);
}

void LiveRuntimes::SetListener(Listener* listener) {
  const std::lock_guard lock(mutex_);
  listener_ = listener;
}

std::vector<LiveRuntimes::Entry> LiveRuntimes::List() {
  const std::lock_guard lock(mutex_);
  return entries_;
}

void LiveRuntimes::Send(const Entry& entry, const std::shared_ptr<Round>& round) {
  v8::Isolate* isolate = entry.runtime->isolate();
  struct Interrupt {
    std::shared_ptr<Round> round;
    Entry entry;
  };
  isolate->RequestInterrupt(
      [](v8::Isolate*, void* data) {
        const std::unique_ptr<Interrupt> interrupt(static_cast<Interrupt*>(data));
        interrupt->round->Take(interrupt->entry, false);
      },
      new Interrupt{round, entry});
  TasksOf(isolate)->Post(std::make_unique<CallTask>([round, entry] { round->Take(entry, true); }),
                         IsolateTasks::For::kHousekeeping, false);
}

std::vector<LiveRuntimes::Entry> LiveRuntimes::Wait(const std::shared_ptr<Round>& round,
                                                    std::vector<Entry> asked, unsigned timeout_ms) {
  std::unique_lock lock(round->mutex);
  round->changed.wait_for(lock, std::chrono::milliseconds(timeout_ms), [&] {
    return round->answered.size() == asked.size() && round->running == 0;
  });
  round->over = true;
  // One that has begun is not left in the middle: what it writes to is the caller's.
  round->changed.wait(lock, [&] { return round->running == 0; });
  std::erase_if(asked, [&](const Entry& entry) {
    return std::find(round->answered.begin(), round->answered.end(), entry.id) !=
           round->answered.end();
  });
  return asked;
}

std::vector<LiveRuntimes::Entry> LiveRuntimes::VisitAll(const Visit& visit, unsigned timeout_ms) {
  auto round = std::make_shared<Round>();
  round->visit = visit;
  std::vector<Entry> asked;
  {
    const std::lock_guard lock(mutex_);
    asked = entries_;
    for (const Entry& entry : asked) Send(entry, round);
  }
  return Wait(round, std::move(asked), timeout_ms);
}

bool LiveRuntimes::VisitOne(uint64_t id, const Visit& visit, unsigned timeout_ms) {
  auto round = std::make_shared<Round>();
  round->visit = visit;
  std::vector<Entry> asked;
  {
    const std::lock_guard lock(mutex_);
    for (const Entry& entry : entries_) {
      if (entry.id == id) asked.push_back(entry);
    }
    if (asked.empty()) return false;
    Send(asked[0], round);
  }
  return Wait(round, std::move(asked), timeout_ms).empty();
}

}  // namespace rt
