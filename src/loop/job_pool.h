// JobPool: the threads on which one loop's blocking work runs (RunOnPool in pool.h is how to use
// them). A thread starts when a job finds none free, and ends after some seconds without one. The
// way there and back is short: while jobs are short, the thread that ran the last one watches for
// the next before it sleeps, as the loop's thread watches for the answer.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

namespace rt {

class Loop;

// Something to be done on a thread of the pool. It belongs to whoever queued it, and to the pool
// while it is queued or runs.
class PoolJob {
 public:
  virtual ~PoolJob() = default;
  // On a thread of the pool.
  virtual void Run() = 0;
  // On the loop's thread, after Run(). The job is the caller's again.
  virtual void OnDone() = 0;

 private:
  friend class JobPool;
  PoolJob* next_ = nullptr;
};

class JobPool : public std::enable_shared_from_this<JobPool> {
 public:
  // Jobs that run at once: what libuv's pool has.
  static constexpr size_t kMostThreads = 4;

  explicit JobPool(Loop& loop) : loop_(&loop) {}
  JobPool(const JobPool&) = delete;
  JobPool& operator=(const JobPool&) = delete;

  // --- the loop's thread ---
  // Jobs start in this order.
  void Queue(PoolJob* job);
  // True: it had not started and never will, and is the caller's again. False: OnDone() comes.
  bool Cancel(PoolJob* job);
  // Calls OnDone() of what has ended, which may queue more. True: there was something.
  bool Deliver();
  // Queued or running, or not delivered yet.
  size_t outstanding() const { return outstanding_; }
  // One of them may end in the next microseconds: falling asleep would take longer.
  bool MayEndSoon() const {
    return outstanding_ > 0 && took_ns_.load(std::memory_order_relaxed) < kShortNs;
  }
  // There is a core to stay awake on.
  void AllowSpinning() { may_spin_.store(true, std::memory_order_relaxed); }
  // The loop ends. Nothing may be queued any more; what runs is left to itself, and destroyed by
  // the thread that runs it.
  void Close();

 private:
  static constexpr uint64_t kShortNs = 50'000;

  static void* ThreadMain(void* pool);
  void Work();
  PoolJob* Take(bool stays_awake);
  void Spin();
  void Finish(PoolJob* job);
  bool StartThread();

  Loop* const loop_;  // until closed_
  size_t outstanding_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  PoolJob* first_ = nullptr;
  PoolJob* last_ = nullptr;
  size_t queued_ = 0;
  size_t threads_ = 0;
  size_t idle_ = 0;        // asleep
  bool spinning_ = false;  // one watches; the rest of these is its
  uint32_t spins_to_skip_ = 0;
  uint32_t spin_penalty_ = 0;

  // What the watching thread looks at: jobs ever queued, and taken out again. `pushed_` is told
  // when the lock is free, so that who sees it need not wait for that.
  std::atomic<uint64_t> pushed_ = 0;
  std::atomic<uint64_t> taken_ = 0;

  std::atomic<PoolJob*> ended_ = nullptr;       // the last one first
  std::atomic<uint64_t> took_ns_ = UINT64_MAX;  // the job that ended last
  std::atomic<bool> may_spin_ = false;
  std::atomic<bool> closed_ = false;
  std::atomic<size_t> telling_ = 0;  // threads that may be using loop_
};

// Tells the processor that this thread waits for another core.
inline void RelaxCore() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  asm volatile("yield" ::: "memory");
#endif
}

// How often staying awake is to be left out, after it was in vain: each time twice as often, so
// that a program whose answers come at leisure pays a thousandth of a moment for each.
inline uint32_t NextSpinPenalty(uint32_t penalty, bool in_vain) {
  constexpr uint32_t kMost = 1024;
  if (!in_vain) return 0;
  return penalty == 0 ? 1 : penalty * 2 > kMost ? kMost : penalty * 2;
}

}  // namespace rt
