#include "src/engine/isolate_tasks.h"

#include <v8.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace rt {

double SteadySeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void IsolateTasks::Announce() {
  if (wake_) wake_();
}

void IsolateTasks::AddReady(Entry entry) {
  if (entry.purpose == For::kProgram) program_ready_.fetch_add(1, std::memory_order_release);
  ready_.push_back(std::move(entry));
  ready_count_.store(ready_.size(), std::memory_order_release);
}

void IsolateTasks::Post(std::unique_ptr<v8::Task> task, For purpose, bool nestable) {
  const std::lock_guard lock(mutex_);
  // A dropped task is destroyed after the lock is gone: parameters outlive local variables.
  if (closed_) return;
  AddReady({std::move(task), purpose, nestable});
  Announce();
}

void IsolateTasks::PostDelayed(std::unique_ptr<v8::Task> task, For purpose, bool nestable,
                               double seconds) {
  const double due = SteadySeconds() + std::max(0.0, seconds);
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  delayed_.push_back({due, posted_++, {std::move(task), purpose, nestable}});
  std::push_heap(delayed_.begin(), delayed_.end(), Later);
  next_due_.store(delayed_.front().due, std::memory_order_relaxed);
  has_delayed_.store(true, std::memory_order_release);
  Announce();
}

void IsolateTasks::SetWake(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

std::optional<double> IsolateTasks::NextDue() const {
  if (!has_delayed_.load(std::memory_order_acquire)) return std::nullopt;
  return next_due_.load(std::memory_order_relaxed);
}

void IsolateTasks::TakeDue() {
  const double now = SteadySeconds();
  while (!delayed_.empty() && delayed_.front().due <= now) {
    std::pop_heap(delayed_.begin(), delayed_.end(), Later);
    AddReady(std::move(delayed_.back().entry));
    delayed_.pop_back();
  }
  has_delayed_.store(!delayed_.empty(), std::memory_order_release);
  if (!delayed_.empty()) next_due_.store(delayed_.front().due, std::memory_order_relaxed);
}

std::unique_ptr<v8::Task> IsolateTasks::TakeNext(bool only_nestable) {
  const std::lock_guard lock(mutex_);
  auto next = only_nestable ? std::find_if(ready_.begin(), ready_.end(),
                                           [](const Entry& entry) { return entry.nestable; })
                            : ready_.begin();
  if (next == ready_.end()) return nullptr;
  std::unique_ptr<v8::Task> task = std::move(next->task);
  if (next->purpose == For::kProgram) program_ready_.fetch_sub(1, std::memory_order_release);
  ready_.erase(next);
  ready_count_.store(ready_.size(), std::memory_order_release);
  return task;
}

size_t IsolateTasks::RunReady(const std::function<bool()>& stopped) {
  if (!HasReady()) {
    const std::optional<double> due = NextDue();
    if (!due || *due > SteadySeconds()) return 0;
  }
  size_t left = 0;
  {
    const std::lock_guard lock(mutex_);
    TakeDue();
    left = ready_.size();
  }
  size_t ran = 0;
  ++depth_;
  while (ran < left && !(ran > 0 && stopped && stopped())) {
    std::unique_ptr<v8::Task> task = TakeNext(depth_ > 1);
    if (!task) break;
    const v8::HandleScope handles(isolate_);
    task->Run();
    task.reset();
    ++ran;
  }
  --depth_;
  return ran;
}

void IsolateTasks::Close() {
  // Destroyed without the lock: a task's destructor is V8's code.
  std::deque<Entry> ready;
  std::vector<Delayed> delayed;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    wake_ = nullptr;
    ready.swap(ready_);
    delayed.swap(delayed_);
    ready_count_.store(0, std::memory_order_release);
    program_ready_.store(0, std::memory_order_release);
    has_delayed_.store(false, std::memory_order_release);
  }
}

}  // namespace rt
