// The event loop of one runtime: owns the uv_loop_t, says whether anything keeps the program alive,
// and runs closures on libuv's thread pool. It knows no JavaScript; the order of a turn is
// src/runtime's. All members belong to the runtime's thread, except Wake().
#pragma once

#include <uv.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "src/base/result.h"

namespace rt {

class JobPool;

// Told of functions on the thread pool: how tracing learns what an op waited for. Loop's thread.
class PoolObserver {
 public:
  // On uv_hrtime()'s clock; `thread` is the kernel's number of the pool's thread. A job that was
  // cancelled has neither start nor end.
  struct Times {
    uint64_t queued = 0;
    uint64_t started = 0;
    uint64_t ended = 0;
    int thread = 0;
  };
  // A function goes to the pool: what the job is known by below; 0: of no interest.
  virtual uint64_t JobQueued() = 0;
  // It ended. Until JobResumed runs what waited for it.
  virtual void JobDone(uint64_t job, const Times& times) = 0;
  virtual void JobResumed() = 0;

 protected:
  ~PoolObserver() = default;
};

class Loop {
 public:
  static Result<std::unique_ptr<Loop>> Create();
  // Closes every handle that is still open and runs their close callbacks. Requests nobody can
  // cancel, such as a job that is stuck in a system call, are left to a thread that frees what is
  // theirs when they end.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  uv_loop_t* uv() { return &core_->uv; }

  // Runs what is ready; with `block`, waits for the first event if nothing is. Always able to wait:
  // the loop holds a handle of its own, and what keeps the *program* alive is counted below
  // instead.
  void Poll(bool block);

  // At the latest then a blocked Poll returns, and all later ones, until this is called again:
  // milliseconds on the clock of NowMs(). kNever: no limit.
  static constexpr uint64_t kNever = UINT64_MAX;
  void SetPollDeadline(uint64_t at_ms);

  // Something is ready for the next turn: Poll must not block any more. libuv runs timers before it
  // polls, so a timer's callback may finish work that nothing would wake the poll for.
  void NoteWork() {
    if (polling_) uv_stop(&core_->uv);
  }

  // Makes a blocked Poll return. May be called on any thread, and by a signal handler.
  void Wake();

  // What keeps the program running: referenced pending ops, timers and workers. libuv's own notion
  // is not used, since a pending request of an unreferenced op must not keep the program alive.
  void AddRef() { ++refs_; }
  void ReleaseRef() { --refs_; }
  bool alive() const { return refs_ > 0; }
  size_t refs() const { return refs_; }

  // Its threads for what blocks.
  JobPool& jobs() { return *jobs_; }
  // Functions on them right now.
  size_t pool_work() const;
  // Null: nobody. The observer outlives the loop or is taken off before.
  void ObservePool(PoolObserver* observer) { pool_observer_ = observer; }
  PoolObserver* pool_observer() const { return pool_observer_; }

  // How often the loop has polled: tells one turn from the next.
  uint64_t turn() const { return turn_; }

  // Milliseconds on a monotonic clock, as of the start of this turn.
  uint64_t NowMs() { return uv_now(&core_->uv); }

  // Work at the end of a turn, after JavaScript ran and before the loop polls again: writes that
  // were gathered go out here. Callbacks stay registered; they must not run JavaScript.
  void AddTurnEnd(std::function<void()> callback) { turn_end_.push_back(std::move(callback)); }
  void RunTurnEnd() {
    for (auto& callback : turn_end_) callback();
  }

 private:
  // What requests under way refer to.
  struct Core {
    uv_loop_t uv;
  };

  Loop() = default;

  // Where Wake() finds the loop's thread.
  enum WakeState : uint8_t {
    kUnaware,   // it has to be told through the descriptor
    kSpinning,  // it watches wake_state_ itself
    kSent,      // somebody woke it, and it has not heard yet
  };

  Result<void> StartWake();
  void OnWake();
  bool MayBeWokenSoon();
  bool SpinForWake();
  bool HasEvents();

  std::unique_ptr<Core> core_ = std::make_unique<Core>();
  std::shared_ptr<JobPool> jobs_;  // its threads have their share
  PoolObserver* pool_observer_ = nullptr;
  int wake_fd_ = -1;  // an eventfd
  uv_poll_t wake_;
  std::atomic<uint8_t> wake_state_ = kUnaware;
  bool wake_by_edge_ = false;
  bool was_woken_ = false;  // the last blocking poll ended by Wake(), and for no job
  int cores_ = 0;           // this process may use; 0: not asked yet
  uint32_t spins_to_skip_ = 0;
  uint32_t spin_penalty_ = 0;
  uv_timer_t deadline_;
  uint64_t deadline_at_ = kNever;
  bool initialized_ = false;
  bool polling_ = false;
  size_t refs_ = 0;
  uint64_t turn_ = 0;
  std::vector<std::function<void()>> turn_end_;
};

}  // namespace rt
