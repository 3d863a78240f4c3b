// An end to what a thread computes: after so much of its processor time (other processes may be
// computing, too) a function is called on another thread. Made and destroyed on the thread that is
// watched, around the work. Where the machine gives no thread there is no limit, but no error
// either.
#pragma once

#include <pthread.h>

#include <chrono>
#include <condition_variable>
#include <ctime>
#include <functional>
#include <mutex>

namespace rt {

class CpuWatch {
 public:
  CpuWatch(std::chrono::nanoseconds most, std::function<void()> end);
  ~CpuWatch() { Stop(); }
  CpuWatch(const CpuWatch&) = delete;
  CpuWatch& operator=(const CpuWatch&) = delete;

  // `end` is not called from here on. True: it was.
  bool Stop();

 private:
  std::chrono::nanoseconds Used() const;
  void Watch();

  std::chrono::nanoseconds most_;
  std::function<void()> end_;
  clockid_t clock_{};
  std::chrono::nanoseconds start_{};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  bool ended_ = false;
  bool is_watched_ = false;
  pthread_t thread_{};  // runs Watch()
};

}  // namespace rt
