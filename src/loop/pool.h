// Running a function on the loop's threads (JobPool) from a coroutine: `auto result = co_await
// RunOnPool(loop, f);` f runs on another thread: it must own what it touches and must not see V8 or
// the coroutine's frame. The frame may be destroyed at any time before the loop is; a job that has
// not started is dropped then, one that runs is left to itself, and its result is dropped.
#pragma once

#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

#include "src/loop/job_pool.h"
#include "src/loop/loop.h"

namespace rt {

template <class F>
class PoolWork {
 public:
  using Value = std::invoke_result_t<F&>;

  PoolWork(Loop& loop, F function) : loop_(loop), job_(new Job(loop, std::move(function))) {}
  PoolWork(const PoolWork&) = delete;
  PoolWork& operator=(const PoolWork&) = delete;
  ~PoolWork() {
    if (job_->state == State::kQueued && !loop_.jobs().Cancel(job_)) {
      job_->waiter = nullptr;
    } else {
      delete job_;
    }
  }

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> awaiting) {
    awaiting_ = awaiting;
    job_->waiter = this;
    if (PoolObserver* const observer = loop_.pool_observer(); observer != nullptr) [[unlikely]] {
      job_->observed = observer->JobQueued();
      job_->times.queued = uv_hrtime();
    }
    job_->state = State::kQueued;
    loop_.jobs().Queue(job_);
  }
  Value await_resume() { return std::move(*job_->value); }

 private:
  enum class State : uint8_t { kNew, kQueued, kDone };
  // Owned by the waiter; by the pool while it is queued or runs and nobody waits any more. While it
  // runs, the pool's thread has `function`, `value` and `times`; the rest is the loop's thread's.
  struct Job final : PoolJob {
    Job(Loop& its_loop, F its_function) : loop(its_loop), function(std::move(its_function)) {}

    void Run() override {
      if (observed == 0) [[likely]] {
        value.emplace(function());
        return;
      }
      times.thread = static_cast<int>(syscall(SYS_gettid));
      times.started = uv_hrtime();
      value.emplace(function());
      times.ended = uv_hrtime();
    }
    void OnDone() override {
      state = State::kDone;
      Loop& its_loop = loop;
      PoolObserver* const observer = its_loop.pool_observer();
      const bool is_observed = observed != 0 && observer != nullptr;
      if (is_observed) [[unlikely]]
        observer->JobDone(observed, times);
      if (waiter) {
        waiter->awaiting_.resume();
      } else {
        delete this;
      }
      if (is_observed && its_loop.pool_observer() != nullptr) [[unlikely]]
        its_loop.pool_observer()->JobResumed();
    }

    Loop& loop;
    F function;
    std::optional<Value> value = std::nullopt;
    PoolWork* waiter = nullptr;
    uint64_t observed = 0;  // what the observer knows it by
    PoolObserver::Times times = {};
    State state = State::kNew;
  };

  Loop& loop_;
  Job* job_;
  std::coroutine_handle<> awaiting_;
};

template <class F>
PoolWork<std::decay_t<F>> RunOnPool(Loop& loop, F&& function) {
  return PoolWork<std::decay_t<F>>(loop, std::forward<F>(function));
}

}  // namespace rt
