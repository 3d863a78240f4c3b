#include "src/engine/worker_pool.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "src/engine/isolate_tasks.h"

namespace rt {

size_t WorkerPool::threads() const {
  const std::lock_guard lock(mutex_);
  return threads_;
}

bool WorkerPool::IsIdle() const {
  const std::lock_guard lock(mutex_);
  return queued_ == 0 && idle_ == threads_;
}

void WorkerPool::Call() {
  const size_t wanted = queued_ + (delayed_.empty() ? 0 : 1);
  if (wanted > idle_ && threads_ < max_threads_) {
    pthread_t thread;
    const auto run = [](void* pool) -> void* { static_cast<WorkerPool*>(pool)->Work(); };
    // When the system has no thread for us, the task waits for one of the others or for the next
    // post; V8 itself does work that it waits for.
    if (pthread_create(&thread, nullptr, run, this) == 0) {
      pthread_setname_np(thread, "v8-worker");
      pthread_detach(thread);
      if (++threads_ == 1 && on_first_thread_) on_first_thread_();
    }
  }
  changed_.notify_one();
}

void WorkerPool::OnFirstThread(std::function<void()> callback) {
  const std::lock_guard lock(mutex_);
  on_first_thread_ = std::move(callback);
}

void WorkerPool::Post(v8::TaskPriority priority, std::unique_ptr<v8::Task> task) {
  const std::lock_guard lock(mutex_);
  queues_[static_cast<size_t>(priority)].push_back(std::move(task));
  ++queued_;
  Call();
}

void WorkerPool::PostDelayed(v8::TaskPriority priority, std::unique_ptr<v8::Task> task,
                             double seconds) {
  const std::lock_guard lock(mutex_);
  delayed_.push_back({SteadySeconds() + std::max(0.0, seconds), priority, std::move(task)});
  std::push_heap(delayed_.begin(), delayed_.end(), Later);
  Call();
}

std::unique_ptr<v8::Task> WorkerPool::Take(std::unique_lock<std::mutex>& lock) {
  for (;;) {
    const double now = delayed_.empty() ? 0 : SteadySeconds();
    while (!delayed_.empty() && delayed_.front().due <= now) {
      std::pop_heap(delayed_.begin(), delayed_.end(), Later);
      Delayed due = std::move(delayed_.back());
      delayed_.pop_back();
      queues_[static_cast<size_t>(due.priority)].push_back(std::move(due.task));
      ++queued_;
    }
    for (auto queue = queues_.rbegin(); queue != queues_.rend(); ++queue) {
      if (queue->empty()) continue;
      std::unique_ptr<v8::Task> task = std::move(queue->front());
      queue->pop_front();
      --queued_;
      return task;
    }
    ++idle_;
    if (delayed_.empty()) {
      changed_.wait(lock);
    } else {
      changed_.wait_for(lock, std::chrono::duration<double>(delayed_.front().due - now));
    }
    --idle_;
  }
}

void WorkerPool::Work() {
  for (;;) {
    std::unique_ptr<v8::Task> task;
    {
      std::unique_lock lock(mutex_);
      task = Take(lock);
    }
    task->Run();
  }
}

}  // namespace rt
