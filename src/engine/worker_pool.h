// WorkerPool: the threads V8's background work (concurrent marking, compiling) runs on, shared by
// all isolates. A thread starts when there is work for it and lives as long as the process; a
// program that ends at once starts none. Must never touch an isolate itself.
#pragma once

#include <v8-platform.h>

#include <array>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace rt {

class WorkerPool {
 public:
  explicit WorkerPool(size_t max_threads) : max_threads_(max_threads) {}
  // Never destroyed: its threads may be in V8 when the process ends.
  ~WorkerPool() = delete;
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Any thread. Of the tasks that wait, those of the highest priority run first.
  void Post(v8::TaskPriority priority, std::unique_ptr<v8::Task> task);
  void PostDelayed(v8::TaskPriority priority, std::unique_ptr<v8::Task> task, double seconds);

  // Called once, on whichever thread starts the pool's first, under its lock: must not post.
  void OnFirstThread(std::function<void()> callback);

  size_t max_threads() const { return max_threads_; }
  size_t threads() const;
  // No task waits for a thread or runs. Those that are delayed do not count.
  bool IsIdle() const;

 private:
  struct Delayed {
    double due = 0;
    v8::TaskPriority priority = v8::TaskPriority::kBestEffort;
    std::unique_ptr<v8::Task> task;
  };
  static bool Later(const Delayed& a, const Delayed& b) { return a.due > b.due; }
  static constexpr size_t kPriorities = static_cast<size_t>(v8::TaskPriority::kMaxPriority) + 1;

  [[noreturn]] void Work();
  std::unique_ptr<v8::Task> Take(std::unique_lock<std::mutex>& lock);
  // With the lock held: sees to it that some thread takes the new work.
  void Call();

  const size_t max_threads_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::array<std::deque<std::unique_ptr<v8::Task>>, kPriorities> queues_;
  std::vector<Delayed> delayed_;  // a heap, soonest first
  size_t queued_ = 0;
  size_t idle_ = 0;
  size_t threads_ = 0;
  std::function<void()> on_first_thread_;
};

}  // namespace rt
