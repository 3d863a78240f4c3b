// Loop and RunOnPool: what keeps a program alive, waking from another thread, work off the thread.
#include "src/loop/loop.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include "src/loop/pool.h"
#include "src/loop/task.h"

namespace rt {
namespace {

std::unique_ptr<Loop> NewLoop() {
  return std::move(Loop::Create()).value();
}

Task<int> SumOnPool(Loop& loop, std::shared_ptr<int> input) {
  const auto here = std::this_thread::get_id();
  int total = 0;
  for (int i = 0; i < 3; ++i) {
    std::thread::id there;
    // Named, since GCC 12 destroys the captures of a lambda inside a co_await expression twice.
    auto work = [&there, input] {
      there = std::this_thread::get_id();
      return *input;
    };
    total += co_await RunOnPool(loop, std::move(work));
    EXPECT_NE(there, here);
    EXPECT_EQ(std::this_thread::get_id(), here);
  }
  co_return total;
}

TEST(PoolWork, RunsOnAnotherThreadAndResumesOnThisOne) {
  auto loop = NewLoop();
  auto input = std::make_shared<int>(14);
  auto task = SumOnPool(*loop, input);
  task.Start(nullptr);
  EXPECT_FALSE(task.done());
  EXPECT_EQ(loop->pool_work(), 1u);
  while (!task.done()) loop->Poll(true);
  EXPECT_EQ(task.TakeValue(), 42);
  EXPECT_EQ(loop->pool_work(), 0u);
}

TEST(PoolWork, ManyAtOnceAllEnd) {
  auto loop = NewLoop();
  std::vector<Task<int>> tasks;
  for (int i = 0; i < 50; ++i) tasks.push_back(SumOnPool(*loop, std::make_shared<int>(i)));
  for (auto& task : tasks) task.Start(nullptr);
  while (loop->pool_work() > 0) loop->Poll(true);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(tasks[static_cast<size_t>(i)].TakeValue(), 3 * i);
}

TEST(PoolWork, TheFunctionIsDestroyedWithTheFrame) {
  auto loop = NewLoop();
  auto input = std::make_shared<int>(1);
  {
    auto task = SumOnPool(*loop, input);
    task.Start(nullptr);
    while (!task.done()) loop->Poll(true);
  }
  EXPECT_EQ(input.use_count(), 1);
}

TEST(Loop, IsAliveOnlyByReference) {
  auto loop = NewLoop();
  EXPECT_FALSE(loop->alive());
  loop->AddRef();
  loop->AddRef();
  loop->ReleaseRef();
  EXPECT_TRUE(loop->alive());
  loop->ReleaseRef();
  EXPECT_FALSE(loop->alive());
  // Pool work alone does not keep the program running.
  auto task = SumOnPool(*loop, std::make_shared<int>(1));
  task.Start(nullptr);
  EXPECT_FALSE(loop->alive());
  while (!task.done()) loop->Poll(true);
}

TEST(Loop, WakesABlockedPollFromAnotherThread) {
  auto loop = NewLoop();
  std::atomic<bool> woken = false;
  std::thread waker([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    woken = true;
    loop->Wake();
  });
  loop->Poll(true);
  EXPECT_TRUE(woken);
  waker.join();
}

// Two loops that wake each other, each only once it was woken: one lost call would block for ever.
TEST(Loop, NoWakeIsLost) {
  constexpr int kTimes = 20'000;
  auto one = NewLoop();
  auto two = NewLoop();
  std::atomic<int> turn = 0;
  const auto play = [&turn](Loop& own, Loop& other, int parity) {
    for (int i = parity; i < kTimes; i += 2) {
      while (turn.load() != i) own.Poll(true);
      // Now and then so late that the other has given up staying awake for it.
      if (i % 1000 < 2) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      turn.store(i + 1);
      other.Wake();
    }
  };
  std::thread other([&] { play(*two, *one, 1); });
  play(*one, *two, 0);
  other.join();
  EXPECT_EQ(turn, kTimes);
}

TEST(Loop, AWakeBeforeThePollCountsAndManyAreOne) {
  auto loop = NewLoop();
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 100; ++i) loop->Wake();
    loop->Poll(true);
  }
  // Nothing is left of them: the deadline ends this one.
  const uint64_t before = uv_hrtime();
  uv_update_time(loop->uv());
  loop->SetPollDeadline(loop->NowMs() + 30);
  loop->Poll(true);
  EXPECT_GE(uv_hrtime() - before, 25'000'000u);
}

TEST(Loop, PollWithoutBlockingReturnsAtOnce) {
  auto loop = NewLoop();
  for (int i = 0; i < 1000; ++i) loop->Poll(false);
}

TEST(Loop, RunsTurnEndCallbacksInOrderEachTime) {
  auto loop = NewLoop();
  std::string seen;
  loop->AddTurnEnd([&] { seen += 'a'; });
  loop->AddTurnEnd([&] { seen += 'b'; });
  loop->RunTurnEnd();
  loop->RunTurnEnd();
  EXPECT_EQ(seen, "abab");
}

TEST(Loop, DestructionClosesHandlesStillOpen) {
  uv_timer_t timer;  // must outlive the loop
  bool fired = false;
  timer.data = &fired;
  {
    auto loop = NewLoop();
    uv_timer_init(loop->uv(), &timer);
    uv_timer_start(
        &timer, [](uv_timer_t* t) { *static_cast<bool*>(t->data) = true; }, 60000, 0);
  }
  EXPECT_FALSE(fired);
}

}  // namespace
}  // namespace rt
