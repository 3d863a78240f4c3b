// An end to what JavaScript of ours computes on somebody's text. Made and destroyed on the
// isolate's thread, around the call.
#pragma once

#include <pthread.h>
#include <v8.h>

#include <chrono>
#include <condition_variable>
#include <ctime>
#include <mutex>

namespace rt {

class Patience {
 public:
  // JavaScript that this thread runs from now on is ended when it has computed for `most`; the
  // isolate is as good as new afterwards.
  Patience(v8::Isolate* isolate, std::chrono::nanoseconds most);
  ~Patience();
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

 private:
  std::chrono::nanoseconds Used() const;
  void Watch();

  v8::Isolate* isolate_;
  std::chrono::nanoseconds most_;
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
