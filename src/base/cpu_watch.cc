#include "src/base/cpu_watch.h"

namespace rt {

CpuWatch::CpuWatch(std::chrono::nanoseconds most, std::function<void()> end)
    : most_(most), end_(std::move(end)) {
  if (pthread_getcpuclockid(pthread_self(), &clock_) != 0) return;
  start_ = Used();
  // Not std::thread, which throws where there is none to be had.
  const auto watch = [](void* self) -> void* {
    static_cast<CpuWatch*>(self)->Watch();
    return nullptr;
  };
  is_watched_ = pthread_create(&thread_, nullptr, watch, this) == 0;
}

bool CpuWatch::Stop() {
  if (!is_watched_) return ended_;
  {
    const std::lock_guard guard(mutex_);
    done_ = true;
  }
  changed_.notify_one();
  pthread_join(thread_, nullptr);
  is_watched_ = false;
  return ended_;
}

std::chrono::nanoseconds CpuWatch::Used() const {
  timespec time{};
  clock_gettime(clock_, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

void CpuWatch::Watch() {
  std::unique_lock lock(mutex_);
  while (!done_) {
    const std::chrono::nanoseconds left = most_ - (Used() - start_);
    if (left <= std::chrono::nanoseconds::zero()) {
      ended_ = true;
      end_();
      return;
    }
    changed_.wait_for(lock, left);
  }
}

}  // namespace rt
