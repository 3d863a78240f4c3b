// The event loop of one runtime: owns the uv_loop_t, says whether anything keeps the program alive, and
// runs closures on libuv's thread pool. It knows no JavaScript; the order of a turn is src/runtime's.
// All members belong to the runtime's thread, except Wake().
#pragma once

#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "src/base/result.h"

namespace rt {

class Loop {
 public:
  static Result<std::unique_ptr<Loop>> Create();
  // Closes every handle that is still open and runs their close callbacks.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  uv_loop_t* uv() { return &loop_; }

  // Runs what is ready; with `block`, waits for the first event if nothing is. Always able to wait:
  // the loop holds a handle of its own, and what keeps the *program* alive is counted below instead.
  void Poll(bool block);

  // Something is ready for the next turn: Poll must not block any more. libuv runs timers before it polls, so
  // a timer's callback may finish work that nothing would wake the poll for.
  void NoteWork() {
    if (polling_) uv_stop(&loop_);
  }

  // Makes a blocked Poll return. May be called on any thread.
  void Wake() { uv_async_send(&wake_); }

  // What keeps the program running: referenced pending ops, timers and workers. libuv's own notion is
  // not used, since a pending request of an unreferenced op must not keep the program alive.
  void AddRef() { ++refs_; }
  void ReleaseRef() { --refs_; }
  bool alive() const { return refs_ > 0; }
  size_t refs() const { return refs_; }

  // Functions on the thread pool right now. Their frames must not be destroyed before they return.
  void PoolWorkStarted() { ++pool_work_; }
  void PoolWorkEnded() { --pool_work_; }
  size_t pool_work() const { return pool_work_; }

  // Milliseconds on a monotonic clock, as of the start of this turn.
  uint64_t NowMs() { return uv_now(&loop_); }

  // Work at the end of a turn, after JavaScript ran and before the loop polls again: writes that were
  // gathered go out here. Callbacks stay registered; they must not run JavaScript.
  void AddTurnEnd(std::function<void()> callback) { turn_end_.push_back(std::move(callback)); }
  void RunTurnEnd() {
    for (auto& callback : turn_end_) callback();
  }

 private:
  Loop() = default;

  uv_loop_t loop_;
  uv_async_t wake_;
  bool initialized_ = false;
  bool polling_ = false;
  size_t refs_ = 0;
  size_t pool_work_ = 0;
  std::vector<std::function<void()>> turn_end_;
};

}  // namespace rt
