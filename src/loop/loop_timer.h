// LoopTimer: a one-shot libuv timer for C++ code (attempt delays, timeouts). It does not keep the
// program alive. Runtime's thread only; the callback must not run JavaScript.
#pragma once

#include <uv.h>

#include <cstdint>
#include <functional>
#include <utility>

#include "src/loop/loop.h"

namespace rt {

class LoopTimer {
 public:
  explicit LoopTimer(Loop& loop) : loop_(loop) {}
  ~LoopTimer() {
    if (handle_ == nullptr) return;
    handle_->callback = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(&handle_->timer),
             [](uv_handle_t* closed) { delete static_cast<Handle*>(closed->data); });
  }
  LoopTimer(const LoopTimer&) = delete;
  LoopTimer& operator=(const LoopTimer&) = delete;

  // Calls back once, in `delay_ms` from now; replaces what was set before. The callback may destroy
  // the timer.
  void Start(uint64_t delay_ms, std::function<void()> callback) {
    if (handle_ == nullptr) {
      handle_ = new Handle();
      RT_CHECK(uv_timer_init(loop_.uv(), &handle_->timer) == 0);
      handle_->timer.data = handle_;
      uv_unref(reinterpret_cast<uv_handle_t*>(&handle_->timer));
    }
    handle_->callback = std::move(callback);
    uv_update_time(loop_.uv());
    RT_CHECK(uv_timer_start(
                 &handle_->timer,
                 [](uv_timer_t* timer) {
                   auto* handle = static_cast<Handle*>(timer->data);
                   if (auto callback = std::exchange(handle->callback, nullptr)) callback();
                 },
                 delay_ms, 0) == 0);
  }
  void Stop() {
    if (handle_ == nullptr) return;
    handle_->callback = nullptr;
    uv_timer_stop(&handle_->timer);
  }

 private:
  // Lives until libuv has let go of the handle.
  struct Handle {
    uv_timer_t timer;
    std::function<void()> callback;
  };

  Loop& loop_;
  Handle* handle_ = nullptr;
};

}  // namespace rt
