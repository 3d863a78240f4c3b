// RunOnPool when nobody waits any more: jobs that have not started, that run, and that never
// return.
#include "src/loop/pool.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "src/loop/pool_task.h"

namespace rt {
namespace {

constexpr int kPoolThreads = 4;  // libuv's default

std::unique_ptr<Loop> NewLoop() {
  return std::move(Loop::Create()).value();
}

// A FIFO without another end: opening it blocks.
class Fifo {
 public:
  Fifo() {
    EXPECT_NE(mkdtemp(folder_), nullptr);
    path_ = std::string(folder_) + "/fifo";
    EXPECT_EQ(mkfifo(path_.c_str(), 0600), 0);
  }
  ~Fifo() {
    unlink(path_.c_str());
    rmdir(folder_);
  }
  const std::string& path() const { return path_; }
  // Lets every blocked open() return.
  void Release() {
    const int fd = open(path_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    EXPECT_GE(fd, 0);
    released_.push_back(fd);
  }
  void Close() {
    for (const int fd : released_) close(fd);
  }

 private:
  char folder_[32] = "/tmp/rt-pool-test-XXXXXX";
  std::string path_;
  std::vector<int> released_;
};

// Counts how many copies of a job are left: what it owns must go in the end.
struct Owned {
  explicit Owned(std::atomic<int>& count) : count_(count) { ++count_; }
  ~Owned() { --count_; }
  std::atomic<int>& count_;
};

void WaitFor(const std::atomic<int>& value, int expected) {
  for (int i = 0; i < 5000 && value != expected; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(value, expected);
}

Task<int> OpenFifo(Loop& loop, std::string path, std::shared_ptr<Owned> owned,
                   std::atomic<int>& started) {
  return OnPool(loop, [path = std::move(path), owned = std::move(owned), &started] {
    ++started;
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd >= 0) close(fd);
    return fd;
  });
}

TEST(AbandonedPoolWork, TheFrameMayGoWhileItsJobRuns) {
  static std::atomic<int> alive = 0;
  static std::atomic<int> started = 0;
  Fifo fifo;
  auto loop = NewLoop();
  {
    auto task = OpenFifo(*loop, fifo.path(), std::make_shared<Owned>(alive), started);
    task.Start(nullptr);
    WaitFor(started, 1);
  }
  EXPECT_EQ(loop->pool_work(), 1u);
  EXPECT_EQ(alive, 1);
  fifo.Release();
  while (loop->pool_work() > 0) loop->Poll(true);
  EXPECT_EQ(alive, 0);
  fifo.Close();
}

TEST(AbandonedPoolWork, TheLoopMayGoWhileAJobRuns) {
  static std::atomic<int> alive = 0;
  static std::atomic<int> started = 0;
  Fifo fifo;
  {
    auto loop = NewLoop();
    auto task = OpenFifo(*loop, fifo.path(), std::make_shared<Owned>(alive), started);
    task.Start(nullptr);
    WaitFor(started, 1);
  }
  EXPECT_EQ(alive, 1);  // not waited for
  fifo.Release();
  WaitFor(alive, 0);
  fifo.Close();
}

TEST(AbandonedPoolWork, JobsThatWaitForAThreadNeverStart) {
  static std::atomic<int> alive = 0;
  static std::atomic<int> started = 0;
  Fifo fifo;
  {
    auto loop = NewLoop();
    std::vector<Task<int>> tasks;
    for (int i = 0; i < kPoolThreads + 20; ++i) {
      tasks.push_back(OpenFifo(*loop, fifo.path(), std::make_shared<Owned>(alive), started));
      tasks.back().Start(nullptr);
    }
    WaitFor(started, kPoolThreads);
  }
  EXPECT_EQ(alive, kPoolThreads);
  fifo.Release();
  WaitFor(alive, 0);
  EXPECT_EQ(started, kPoolThreads);
  fifo.Close();
}

TEST(AbandonedPoolWork, AJobThatWasNeverAwaitedIsFreed) {
  std::atomic<int> alive = 0;
  auto loop = NewLoop();
  {
    auto owned = std::make_shared<Owned>(alive);
    auto work = RunOnPool(*loop, [owned] { return 1; });
    owned.reset();
    EXPECT_EQ(alive, 1);
  }
  EXPECT_EQ(alive, 0);
  EXPECT_EQ(loop->pool_work(), 0u);
}

Task<int> Await(Loop& loop, int times) {
  int total = 0;
  for (int i = 0; i < times; ++i) {
    auto work = [i] {
      // Now and then so late that whoever stayed awake for it has given up.
      if (i % 500 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return 1;
    };
    total += co_await RunOnPool(loop, std::move(work));
  }
  co_return total;
}

// Each job is queued by what the one before brought: one lost call would block for ever.
TEST(PoolThreads, NoJobAndNoAnswerIsLost) {
  constexpr int kTimes = 20'000;
  auto loop = NewLoop();
  auto task = Await(*loop, kTimes);
  task.Start(nullptr);
  while (!task.done()) loop->Poll(true);
  EXPECT_EQ(task.TakeValue(), kTimes);
}

TEST(PoolThreads, SeveralInARowAtOnce) {
  constexpr int kTimes = 2000;
  auto loop = NewLoop();
  std::vector<Task<int>> tasks;
  for (int i = 0; i < 9; ++i) tasks.push_back(Await(*loop, kTimes));
  for (auto& task : tasks) task.Start(nullptr);
  while (loop->pool_work() > 0) loop->Poll(true);
  for (auto& task : tasks) EXPECT_EQ(task.TakeValue(), kTimes);
}

Task<int> Answer(Loop& loop, std::shared_ptr<Owned> owned, int value, std::vector<int>& order) {
  auto work = [owned = std::move(owned), value] { return value; };
  const int answer = co_await RunOnPool(loop, std::move(work));
  order.push_back(answer);
  co_return answer;
}

TEST(PoolThreads, WhatEndsIsToldInThatOrder) {
  std::atomic<int> alive = 0;
  auto loop = NewLoop();
  std::vector<int> order;
  auto first = Answer(*loop, std::make_shared<Owned>(alive), 1, order);
  first.Start(nullptr);
  WaitFor(alive, 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  auto second = Answer(*loop, std::make_shared<Owned>(alive), 2, order);
  second.Start(nullptr);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  // Nothing is told but by Poll.
  EXPECT_TRUE(order.empty());
  EXPECT_EQ(loop->pool_work(), 2u);
  while (loop->pool_work() > 0) loop->Poll(true);
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

// A loop may end at any moment of a job's way: before a thread has it, while it runs, and while
// its end is told.
TEST(PoolThreads, ALoopMayEndAtAnyTime) {
  std::atomic<int> alive = 0;
  for (int round = 0; round < 500; ++round) {
    auto loop = NewLoop();
    std::vector<int> order;
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 6; ++i) {
      tasks.push_back(Answer(*loop, std::make_shared<Owned>(alive), i, order));
      tasks.back().Start(nullptr);
    }
    for (int i = 0; i < round % 4; ++i) loop->Poll(false);
    tasks.clear();
  }
  WaitFor(alive, 0);
}

// A job that takes long keeps nothing else from being heard.
TEST(PoolThreads, OthersAreHeardWhileOneWaits) {
  Fifo fifo;
  static std::atomic<int> alive = 0;
  static std::atomic<int> started = 0;
  auto loop = NewLoop();
  {
    auto short_ones = Await(*loop, 3);
    short_ones.Start(nullptr);
    while (!short_ones.done()) loop->Poll(true);
    auto task = OpenFifo(*loop, fifo.path(), std::make_shared<Owned>(alive), started);
    task.Start(nullptr);
    WaitFor(started, 1);
    auto others = Await(*loop, 100);
    others.Start(nullptr);
    while (!others.done()) loop->Poll(true);
    EXPECT_FALSE(task.done());
    fifo.Release();
    while (!task.done()) loop->Poll(true);
  }
  fifo.Close();
}

TEST(LoopDeadline, ABlockedPollReturnsThen) {
  auto loop = NewLoop();
  const uint64_t start = uv_hrtime();
  loop->SetPollDeadline(start / 1000000 + 30);
  while (uv_hrtime() - start < 29000000) loop->Poll(true);
  EXPECT_LT(uv_hrtime() - start, 20'000'000'000u);
  // Past, and not yet changed: polls do not sleep.
  loop->Poll(true);
  loop->Poll(true);
  loop->SetPollDeadline(Loop::kNever);
  std::thread waker([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    loop->Wake();
  });
  const uint64_t blocked = uv_hrtime();
  loop->Poll(true);
  EXPECT_GT(uv_hrtime() - blocked, 10'000'000u);
  waker.join();
}

}  // namespace
}  // namespace rt
