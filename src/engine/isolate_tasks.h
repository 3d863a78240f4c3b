// IsolateTasks: what V8 wants to run on an isolate's own thread. V8 posts from any thread; only the
// isolate's thread takes, in its turn of the loop. Must never run a task of an isolate that is
// gone.
#pragma once

#include <v8-platform.h>

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace v8 {
class Isolate;
}

namespace rt {

class IsolateTasks {
 public:
  // Whose task it is. The collector's may wait for ever: they alone never hold up the end of a
  // program, and some of them post themselves again for as long as marking goes on.
  enum class For : uint8_t { kProgram, kHousekeeping };

  explicit IsolateTasks(v8::Isolate* isolate) : isolate_(isolate) {}
  IsolateTasks(const IsolateTasks&) = delete;
  IsolateTasks& operator=(const IsolateTasks&) = delete;

  // ---- any thread ----
  void Post(std::unique_ptr<v8::Task> task, For purpose, bool nestable);
  void PostDelayed(std::unique_ptr<v8::Task> task, For purpose, bool nestable, double seconds);

  // ---- the isolate's thread ----
  // `wake` is called after each post, on the poster's thread and under a lock: it must be short and
  // must not post. Null: nobody needs to know.
  void SetWake(std::function<void()> wake);
  // Runs what was ready when it was called, in the order it was posted; what that posts waits for
  // the next call, so that the loop gets its turn. Stops early, after a task, when `stopped` says
  // so. Inside a running task only nestable tasks run. The number that ran.
  size_t RunReady(const std::function<bool()>& stopped = nullptr);
  // Something waits for RunReady.
  bool HasReady() const { return ready_count_.load(std::memory_order_acquire) > 0; }
  // The same, not counting the collector's.
  bool HasProgramReady() const { return program_ready_.load(std::memory_order_acquire) > 0; }
  // When the next delayed task is due, on std::chrono::steady_clock in seconds.
  std::optional<double> NextDue() const;
  // Drops all tasks, and every later post. Before the isolate is disposed.
  void Close();

 private:
  struct Entry {
    std::unique_ptr<v8::Task> task;
    For purpose = For::kProgram;
    bool nestable = true;
  };
  struct Delayed {
    double due = 0;
    uint64_t order = 0;  // of posting, between tasks due at the same time
    Entry entry;
  };
  static bool Later(const Delayed& a, const Delayed& b) {
    return a.due != b.due ? a.due > b.due : a.order > b.order;
  }

  void Announce();  // with mutex_ held
  void AddReady(Entry entry);
  void TakeDue();
  // Null: none that may run now.
  std::unique_ptr<v8::Task> TakeNext(bool only_nestable);

  v8::Isolate* const isolate_;
  mutable std::mutex mutex_;
  std::deque<Entry> ready_;
  std::vector<Delayed> delayed_;  // a heap, soonest first
  std::function<void()> wake_;
  uint64_t posted_ = 0;
  bool closed_ = false;
  // Read without the lock: a turn with nothing to do costs three loads.
  std::atomic<size_t> ready_count_ = 0;
  std::atomic<size_t> program_ready_ = 0;
  std::atomic<double> next_due_;
  std::atomic<bool> has_delayed_ = false;
  int depth_ = 0;  // the isolate's thread only
};

// What V8 holds: a handle on the tasks of one isolate, valid beyond its end.
class IsolateTaskRunner final : public v8::TaskRunner {
 public:
  // Without tasks: the isolate is unknown, everything posted is dropped.
  IsolateTaskRunner(std::shared_ptr<IsolateTasks> tasks, IsolateTasks::For purpose)
      : tasks_(std::move(tasks)), purpose_(purpose) {}

  bool IdleTasksEnabled() override { return false; }
  bool NonNestableTasksEnabled() const override { return true; }
  bool NonNestableDelayedTasksEnabled() const override { return true; }

 protected:
  void PostTaskImpl(std::unique_ptr<v8::Task> task, const v8::SourceLocation&) override {
    if (tasks_) tasks_->Post(std::move(task), purpose_, true);
  }
  void PostNonNestableTaskImpl(std::unique_ptr<v8::Task> task, const v8::SourceLocation&) override {
    if (tasks_) tasks_->Post(std::move(task), purpose_, false);
  }
  void PostDelayedTaskImpl(std::unique_ptr<v8::Task> task, double seconds,
                           const v8::SourceLocation&) override {
    if (tasks_) tasks_->PostDelayed(std::move(task), purpose_, true, seconds);
  }
  void PostNonNestableDelayedTaskImpl(std::unique_ptr<v8::Task> task, double seconds,
                                      const v8::SourceLocation&) override {
    if (tasks_) tasks_->PostDelayed(std::move(task), purpose_, false, seconds);
  }

 private:
  const std::shared_ptr<IsolateTasks> tasks_;
  const IsolateTasks::For purpose_;
};

// On the clock of IsolateTasks::NextDue.
double SteadySeconds();

}  // namespace rt
