#include "src/engine/patience.h"

namespace rt {

Patience::Patience(v8::Isolate* isolate, std::chrono::nanoseconds most)
    : isolate_(isolate), most_(most) {
  if (pthread_getcpuclockid(pthread_self(), &clock_) != 0) return;
  start_ = Used();
  // Not std::thread: where the machine gives no thread, there is no limit, but no end either.
  const auto watch = [](void* self) -> void* {
    static_cast<Patience*>(self)->Watch();
    return nullptr;
  };
  is_watched_ = pthread_create(&thread_, nullptr, watch, this) == 0;
}

Patience::~Patience() {
  if (!is_watched_) return;
  {
    const std::lock_guard guard(mutex_);
    done_ = true;
  }
  changed_.notify_one();
  pthread_join(thread_, nullptr);
  if (ended_) isolate_->CancelTerminateExecution();
}

// Not the time that passed: other processes may be computing, too.
std::chrono::nanoseconds Patience::Used() const {
  timespec time{};
  clock_gettime(clock_, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

void Patience::Watch() {
  std::unique_lock lock(mutex_);
  while (!done_) {
    const std::chrono::nanoseconds left = most_ - (Used() - start_);
    if (left <= std::chrono::nanoseconds::zero()) {
      ended_ = true;
      isolate_->TerminateExecution();
      return;
    }
    changed_.wait_for(lock, left);
  }
}

}  // namespace rt
