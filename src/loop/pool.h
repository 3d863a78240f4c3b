// Running a function on libuv's thread pool from a coroutine: `auto result = co_await
// RunOnPool(loop, f);` f runs on another thread: it must own what it touches and must not see V8 or
// the coroutine's frame. The frame may be destroyed at any time; a job that has not started is
// cancelled then, one that runs is left to itself, and its result is dropped.
#pragma once

#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

#include <coroutine>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "src/base/check.h"
#include "src/loop/loop.h"

namespace rt {

template <class F>
class PoolWork {
 public:
  using Value = std::invoke_result_t<F&>;

  PoolWork(Loop& loop, F function) : loop_(loop), job_(new Job{std::move(function)}) {}
  PoolWork(const PoolWork&) = delete;
  PoolWork& operator=(const PoolWork&) = delete;
  ~PoolWork() {
    if (job_->state != State::kQueued) {
      delete job_;
      return;
    }
    job_->waiter = nullptr;
    // Fails if it runs already. Either way libuv tells Done.
    (void)uv_cancel(reinterpret_cast<uv_req_t*>(&job_->request));
  }

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> awaiting) {
    awaiting_ = awaiting;
    job_->waiter = this;
    job_->outstanding = loop_.PoolWorkStarted();
    job_->observer = loop_.pool_observer();
    if (*job_->observer != nullptr) [[unlikely]] {
      job_->observed = (*job_->observer)->JobQueued();
      job_->times.queued = uv_hrtime();
    }
    job_->request.data = job_;
    job_->state = State::kQueued;
    const int status = uv_queue_work(
        loop_.uv(), &job_->request,
        [](uv_work_t* request) {
          Job* const job = static_cast<Job*>(request->data);
          if (job->observed == 0) [[likely]] {
            job->value.emplace(job->function());
            return;
          }
          job->times.thread = static_cast<int>(syscall(SYS_gettid));
          job->times.started = uv_hrtime();
          job->value.emplace(job->function());
          job->times.ended = uv_hrtime();
        },
        [](uv_work_t* request, int) { Done(static_cast<Job*>(request->data)); });
    RT_CHECK(status == 0);  // fails only without a work callback
  }
  Value await_resume() { return std::move(*job_->value); }

 private:
  enum class State : uint8_t { kNew, kQueued, kDone };
  // Owned by the waiter; by libuv while it is queued or runs and nobody waits any more. Beyond
  // `function` and `value` it belongs to the loop's thread.
  struct Job {
    F function;
    std::optional<Value> value = std::nullopt;
    uv_work_t request{};
    PoolWork* waiter = nullptr;
    size_t* outstanding = nullptr;      // the loop's count
    PoolObserver** observer = nullptr;  // the loop's
    uint64_t observed = 0;              // what the observer knows it by
    PoolObserver::Times times = {};
    State state = State::kNew;
  };

  static void Done(Job* job) {
    --*job->outstanding;
    job->state = State::kDone;
    PoolObserver** const observer = job->observer;
    const bool is_observed = job->observed != 0 && *observer != nullptr;
    if (is_observed) [[unlikely]]
      (*observer)->JobDone(job->observed, job->times);
    if (job->waiter) {
      job->waiter->awaiting_.resume();
    } else {
      delete job;
    }
    if (is_observed && *observer != nullptr) [[unlikely]]
      (*observer)->JobResumed();
  }

  Loop& loop_;
  Job* job_;
  std::coroutine_handle<> awaiting_;
};

template <class F>
PoolWork<std::decay_t<F>> RunOnPool(Loop& loop, F&& function) {
  return PoolWork<std::decay_t<F>>(loop, std::forward<F>(function));
}

}  // namespace rt
