// Running a function on libuv's thread pool from a coroutine: `auto result = co_await RunOnPool(loop, f);`
// f runs on another thread: it must own what it touches and must not see V8. The uv_work_t lives in the
// coroutine's frame, so nothing is allocated.
#pragma once

#include <uv.h>

#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

#include "src/loop/loop.h"

namespace rt {

template <class F>
class PoolWork {
 public:
  using Value = std::invoke_result_t<F&>;

  PoolWork(Loop& loop, F function) : loop_(loop), function_(std::move(function)) {}
  PoolWork(const PoolWork&) = delete;
  PoolWork& operator=(const PoolWork&) = delete;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> awaiting) {
    awaiting_ = awaiting;
    request_.data = this;
    const int status = uv_queue_work(
        loop_.uv(), &request_,
        [](uv_work_t* request) {
          auto* self = static_cast<PoolWork*>(request->data);
          self->value_.emplace(self->function_());
        },
        [](uv_work_t* request, int) {
          auto* self = static_cast<PoolWork*>(request->data);
          self->loop_.PoolWorkEnded();
          self->awaiting_.resume();
        });
    RT_CHECK(status == 0);  // fails only without a work callback
    loop_.PoolWorkStarted();
  }
  Value await_resume() { return std::move(*value_); }

 private:
  Loop& loop_;
  F function_;
  uv_work_t request_;
  std::optional<Value> value_;
  std::coroutine_handle<> awaiting_;
};

template <class F>
PoolWork<std::decay_t<F>> RunOnPool(Loop& loop, F&& function) {
  return PoolWork<std::decay_t<F>>(loop, std::forward<F>(function));
}

}  // namespace rt
