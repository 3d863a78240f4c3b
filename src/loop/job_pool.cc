// See the header.
#include "src/loop/job_pool.h"

#include <pthread.h>
#include <sched.h>
#include <uv.h>

#include <chrono>
#include <utility>

#include "src/loop/loop.h"

namespace rt {
namespace {

// From one job's end to the next one's beginning there is a little JavaScript.
constexpr uint64_t kSpinNs = 30'000;
constexpr auto kIdleTime = std::chrono::seconds(5);

}  // namespace

void JobPool::Queue(PoolJob* job) {
  ++outstanding_;
  if (closed_) return;  // nobody would be told of its end
  job->next_ = nullptr;
  bool runs_here = false;
  bool call = false;
  {
    const std::lock_guard lock(mutex_);
    (first_ == nullptr ? first_ : last_->next_) = job;
    last_ = job;
    ++queued_;
    const size_t awake = spinning_ ? 1 : 0;
    if (queued_ > idle_ + awake && threads_ < kMostThreads) {
      // Without a thread it waits for one of the others. If there is none at all, a loop that is
      // held up is better than one that waits for ever.
      runs_here = !StartThread() && threads_ == 0;
    } else {
      call = queued_ > awake;
    }
    if (runs_here) {
      first_ = last_ = nullptr;
      queued_ = 0;
    }
  }
  if (runs_here) {
    job->Run();
    Finish(job);
    return;
  }
  pushed_.fetch_add(1, std::memory_order_release);
  if (call) changed_.notify_one();
}

bool JobPool::Cancel(PoolJob* job) {
  const std::lock_guard lock(mutex_);
  PoolJob* before = nullptr;
  for (PoolJob* at = first_; at != nullptr; before = at, at = at->next_) {
    if (at != job) continue;
    (before == nullptr ? first_ : before->next_) = job->next_;
    if (last_ == job) last_ = before;
    --queued_;
    --outstanding_;
    taken_.fetch_add(1, std::memory_order_relaxed);
    return true;
  }
  return false;
}

bool JobPool::Deliver() {
  PoolJob* ended = ended_.load(std::memory_order_relaxed);
  if (ended == nullptr) return false;
  ended = ended_.exchange(nullptr, std::memory_order_acquire);
  PoolJob* in_order = nullptr;
  while (ended != nullptr) {
    PoolJob* const next = std::exchange(ended->next_, in_order);
    in_order = std::exchange(ended, next);
  }
  while (in_order != nullptr) {
    PoolJob* const job = in_order;
    in_order = job->next_;
    --outstanding_;
    job->OnDone();
  }
  return true;
}

void JobPool::Close() {
  closed_ = true;
  {
    // Who has read closed_ under the lock before waits by now. What no frame has cancelled is left
    // to its frame.
    const std::lock_guard lock(mutex_);
    first_ = last_ = nullptr;
    queued_ = 0;
  }
  changed_.notify_all();
  while (telling_ > 0) sched_yield();
  PoolJob* ended = ended_.exchange(nullptr);
  while (ended != nullptr) delete std::exchange(ended, ended->next_);
}

bool JobPool::StartThread() {
  auto* self = new std::shared_ptr<JobPool>(shared_from_this());
  pthread_t thread;
  if (pthread_create(&thread, nullptr, &ThreadMain, self) != 0) {
    delete self;
    return false;
  }
  pthread_setname_np(thread, "rt-pool");
  pthread_detach(thread);
  ++threads_;
  return true;
}

void* JobPool::ThreadMain(void* pool) {
  auto* self = static_cast<std::shared_ptr<JobPool>*>(pool);
  (*self)->Work();
  delete self;
  return nullptr;
}

void JobPool::Work() {
  bool was_short = false;
  while (PoolJob* const job = Take(was_short)) {
    const uint64_t start = uv_hrtime();
    job->Run();
    const uint64_t took = uv_hrtime() - start;
    took_ns_.store(took, std::memory_order_relaxed);
    was_short = took < kShortNs;
    Finish(job);
  }
}

// Null: the thread is not needed any more.
PoolJob* JobPool::Take(bool stays_awake) {
  std::unique_lock lock(mutex_);
  if (queued_ == 0 && stays_awake && !spinning_ && may_spin_) {
    if (spins_to_skip_ > 0) {
      --spins_to_skip_;
    } else {
      spinning_ = true;
      lock.unlock();
      Spin();
      lock.lock();
      spinning_ = false;
      spin_penalty_ = NextSpinPenalty(spin_penalty_, queued_ == 0);
      spins_to_skip_ = spin_penalty_;
    }
  }
  while (queued_ == 0) {
    if (closed_) {
      --threads_;
      return nullptr;
    }
    ++idle_;
    const bool told = changed_.wait_for(lock, kIdleTime) == std::cv_status::no_timeout;
    --idle_;
    if (!told && queued_ == 0) {
      --threads_;
      return nullptr;
    }
  }
  PoolJob* const job = first_;
  first_ = job->next_;
  if (first_ == nullptr) last_ = nullptr;
  --queued_;
  taken_.fetch_add(1, std::memory_order_relaxed);
  return job;
}

void JobPool::Spin() {
  const auto nothing = [this] {
    return pushed_.load(std::memory_order_acquire) <= taken_.load(std::memory_order_relaxed) &&
           !closed_.load(std::memory_order_relaxed);
  };
  const uint64_t end = uv_hrtime() + kSpinNs;
  do {
    for (int i = 0; i < 16 && nothing(); ++i) RelaxCore();
  } while (nothing() && uv_hrtime() < end);
}

void JobPool::Finish(PoolJob* job) {
  ++telling_;
  if (closed_) {
    delete job;
  } else {
    PoolJob* head = ended_.load(std::memory_order_relaxed);
    do {
      job->next_ = head;
    } while (!ended_.compare_exchange_weak(head, job, std::memory_order_release,
                                           std::memory_order_relaxed));
    loop_->Wake();
  }
  --telling_;
}

}  // namespace rt
