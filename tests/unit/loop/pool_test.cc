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
