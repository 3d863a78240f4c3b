// SleepMs: lets a coroutine wait. For retries, never for timers of scripts. Runtime's thread only.
#pragma once

#include <uv.h>

#include <coroutine>
#include <cstdint>

#include "src/base/check.h"
#include "src/loop/loop.h"

namespace rt {

// `co_await SleepMs(loop, 5)`. Destroying the coroutine ends the wait.
class SleepMs {
 public:
  SleepMs(Loop& loop, uint64_t ms) : loop_(loop), ms_(ms) {}
  SleepMs(const SleepMs&) = delete;
  SleepMs& operator=(const SleepMs&) = delete;
  ~SleepMs() {
    if (timer_ != nullptr) CloseTimer();
  }

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> awaiting) {
    awaiting_ = awaiting;
    timer_ = new uv_timer_t();  // libuv's until it has closed it
    RT_CHECK(uv_timer_init(loop_.uv(), timer_) == 0);
    timer_->data = this;
    uv_update_time(loop_.uv());
    const auto fire = [](uv_timer_t* timer) {
      auto* self = static_cast<SleepMs*>(timer->data);
      const std::coroutine_handle<> awaiting = self->awaiting_;
      self->CloseTimer();
      awaiting.resume();
    };
    RT_CHECK(uv_timer_start(timer_, fire, ms_, 0) == 0);
  }
  void await_resume() const noexcept {}

 private:
  void CloseTimer() {
    uv_close(reinterpret_cast<uv_handle_t*>(timer_),
             [](uv_handle_t* closed) { delete reinterpret_cast<uv_timer_t*>(closed); });
    timer_ = nullptr;
  }

  Loop& loop_;
  uint64_t ms_;
  uv_timer_t* timer_ = nullptr;
  std::coroutine_handle<> awaiting_;
};

}  // namespace rt
