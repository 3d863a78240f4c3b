// WorkerPool: threads only when there is work, never more than allowed, urgent work first.
#include "src/engine/worker_pool.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <string>
#include <thread>

namespace rt {
namespace {

struct CallTask final : v8::Task {
  explicit CallTask(std::function<void()> run) : run_(std::move(run)) {}
  void Run() override { run_(); }
  std::function<void()> run_;
};

constexpr v8::TaskPriority kLow = v8::TaskPriority::kBestEffort;
constexpr v8::TaskPriority kMiddle = v8::TaskPriority::kUserVisible;
constexpr v8::TaskPriority kHigh = v8::TaskPriority::kUserBlocking;

// Pools are never destroyed; LeakSanitizer finds these through this list.
WorkerPool& NewPool(size_t max_threads) {
  static std::vector<WorkerPool*> pools;
  pools.push_back(new WorkerPool(max_threads));
  return *pools.back();
}

class Gate {
 public:
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void Wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

void Post(WorkerPool& pool, v8::TaskPriority priority, std::function<void()> run) {
  pool.Post(priority, std::make_unique<CallTask>(std::move(run)));
}

TEST(WorkerPool, StartsNoThreadWithoutWork) {
  WorkerPool& pool = NewPool(4);
  EXPECT_EQ(pool.threads(), 0u);
  EXPECT_EQ(pool.max_threads(), 4u);
  Gate done;
  std::thread::id there;
  Post(pool, kMiddle, [&] {
    there = std::this_thread::get_id();
    done.Open();
  });
  done.Wait();
  EXPECT_NE(there, std::this_thread::get_id());
  EXPECT_EQ(pool.threads(), 1u);
}

TEST(WorkerPool, IsIdleWhenNothingWaitsOrRuns) {
  WorkerPool& pool = NewPool(1);
  EXPECT_TRUE(pool.IsIdle());
  Gate begun, release;
  Post(pool, kMiddle, [&] {
    begun.Open();
    release.Wait();
  });
  Post(pool, kMiddle, [] {});
  EXPECT_FALSE(pool.IsIdle());
  begun.Wait();
  EXPECT_FALSE(pool.IsIdle());
  release.Open();
  while (!pool.IsIdle()) std::this_thread::yield();
}

TEST(WorkerPool, GrowsWithTheWorkUpToItsLimit) {
  WorkerPool& pool = NewPool(2);
  Gate first_two[2], release, all;
  std::atomic<int> ran = 0;
  for (Gate& gate : first_two) {
    Post(pool, kMiddle, [&] {
      gate.Open();
      release.Wait();
      if (++ran == 4) all.Open();
    });
  }
  for (Gate& gate : first_two) gate.Wait();
  for (int i = 0; i < 2; ++i) {
    Post(pool, kMiddle, [&] {
      if (++ran == 4) all.Open();
    });
  }
  EXPECT_EQ(pool.threads(), 2u);
  EXPECT_EQ(ran, 0);
  release.Open();
  all.Wait();
  EXPECT_EQ(pool.threads(), 2u);
}

TEST(WorkerPool, UrgentWorkComesFirst) {
  WorkerPool& pool = NewPool(1);
  Gate busy, release, done;
  Post(pool, kHigh, [&] {
    busy.Open();
    release.Wait();
  });
  busy.Wait();
  std::string order;  // one thread only
  Post(pool, kLow, [&] {
    order += 'l';
    done.Open();
  });
  Post(pool, kMiddle, [&] { order += 'm'; });
  Post(pool, kHigh, [&] { order += 'h'; });
  Post(pool, kMiddle, [&] { order += 'n'; });
  release.Open();
  done.Wait();
  EXPECT_EQ(order, "hmnl");
}

TEST(WorkerPool, DelayedWorkWaitsAndDoesNotHoldUpOther) {
  WorkerPool& pool = NewPool(1);
  Gate now, later;
  const auto start = std::chrono::steady_clock::now();
  std::chrono::steady_clock::duration waited{};
  pool.PostDelayed(kHigh, std::make_unique<CallTask>([&] {
                     waited = std::chrono::steady_clock::now() - start;
                     later.Open();
                   }),
                   0.05);
  Post(pool, kLow, [&] { now.Open(); });
  now.Wait();
  later.Wait();
  EXPECT_GE(waited, std::chrono::milliseconds(50));
}

}  // namespace
}  // namespace rt
