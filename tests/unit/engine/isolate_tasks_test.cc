// IsolateTasks: order, fairness, delays, nesting, and what happens to tasks of isolates that end.
#include "src/engine/isolate_tasks.h"

#include <atomic>
#include <string>
#include <thread>

#include "fixture.h"
#include "src/engine/platform.h"

namespace rt {
namespace {

using For = IsolateTasks::For;

struct CallTask final : v8::Task {
  explicit CallTask(std::function<void()> run) : run_(std::move(run)) {}
  ~CallTask() override {
    if (destroyed_) ++*destroyed_;
  }
  void Run() override { run_(); }
  std::function<void()> run_;
  std::atomic<int>* destroyed_ = nullptr;
};

std::unique_ptr<v8::Task> Call(std::function<void()> run) {
  return std::make_unique<CallTask>(std::move(run));
}
std::unique_ptr<v8::Task> Counted(std::atomic<int>* destroyed) {
  auto task = std::make_unique<CallTask>([] { ADD_FAILURE() << "ran"; });
  task->destroyed_ = destroyed;
  return task;
}

class IsolateTasksTest : public EngineFixture {
 protected:
  IsolateTasks& tasks() { return *TasksOf(isolate()); }
  std::shared_ptr<v8::TaskRunner> runner() {
    return GetPlatform()->GetForegroundTaskRunner(isolate());
  }
  // What V8 itself posted while the isolate was made.
  void SetUp() override {
    EngineFixture::SetUp();
    while (tasks().HasReady()) tasks().RunReady();
  }
  std::string seen_;
};

TEST_F(IsolateTasksTest, RunsInTheOrderPosted) {
  runner()->PostTask(Call([&] { seen_ += 'a'; }));
  runner()->PostNonNestableTask(Call([&] { seen_ += 'b'; }));
  runner()->PostTask(Call([&] { seen_ += 'c'; }));
  EXPECT_TRUE(tasks().HasReady());
  EXPECT_TRUE(tasks().HasProgramReady());
  EXPECT_EQ(tasks().RunReady(), 3u);
  EXPECT_EQ(seen_, "abc");
  EXPECT_FALSE(tasks().HasReady());
  EXPECT_FALSE(tasks().HasProgramReady());
  EXPECT_EQ(tasks().RunReady(), 0u);
}

TEST_F(IsolateTasksTest, WhatATaskPostsWaitsForTheNextTurn) {
  runner()->PostTask(Call([&] {
    seen_ += 'a';
    runner()->PostTask(Call([&] { seen_ += 'b'; }));
  }));
  EXPECT_EQ(tasks().RunReady(), 1u);
  EXPECT_EQ(seen_, "a");
  EXPECT_TRUE(tasks().HasProgramReady());
  EXPECT_EQ(tasks().RunReady(), 1u);
  EXPECT_EQ(seen_, "ab");
}

TEST_F(IsolateTasksTest, InsideATaskOnlyNestableOnesRun) {
  runner()->PostTask(Call([&] {
    seen_ += '(';
    EXPECT_EQ(tasks().RunReady(), 1u);
    seen_ += ')';
  }));
  runner()->PostNonNestableTask(Call([&] { seen_ += 'b'; }));
  runner()->PostTask(Call([&] { seen_ += 'c'; }));
  tasks().RunReady();
  EXPECT_EQ(seen_, "(c)b");
}

TEST_F(IsolateTasksTest, DelayedOnesRunWhenDueSoonestFirst) {
  runner()->PostDelayedTask(Call([&] { seen_ += 'c'; }), 0.03);
  runner()->PostNonNestableDelayedTask(Call([&] { seen_ += 'a'; }), 0.01);
  runner()->PostDelayedTask(Call([&] { seen_ += 'b'; }), 0.02);
  runner()->PostDelayedTask(Call([&] { seen_ += 'z'; }), 3600);
  EXPECT_EQ(tasks().RunReady(), 0u);
  EXPECT_FALSE(tasks().HasReady());
  const double due = tasks().NextDue().value();
  EXPECT_GT(due, SteadySeconds() - 1);
  EXPECT_LT(due, SteadySeconds() + 1);
  while (seen_.size() < 3) tasks().RunReady();
  EXPECT_EQ(seen_, "abc");
  EXPECT_GT(tasks().NextDue().value(), SteadySeconds() + 3000);
}

TEST_F(IsolateTasksTest, DueAtTheSameTimeRunInTheOrderPosted) {
  for (char c = 'a'; c <= 'z'; ++c) {
    runner()->PostDelayedTask(Call([this, c] { seen_ += c; }), -1);
  }
  while (tasks().NextDue() || tasks().HasReady()) tasks().RunReady();
  EXPECT_EQ(seen_, "abcdefghijklmnopqrstuvwxyz");
}

TEST_F(IsolateTasksTest, EveryPostWakes) {
  std::atomic<int> woken = 0;
  tasks().SetWake([&] { ++woken; });
  std::thread other([&] {
    runner()->PostTask(Call([] {}));
    runner()->PostDelayedTask(Call([] {}), 3600);
  });
  other.join();
  EXPECT_EQ(woken, 2);
  tasks().SetWake(nullptr);
  runner()->PostTask(Call([] {}));
  EXPECT_EQ(woken, 2);
  tasks().RunReady();
}

TEST_F(IsolateTasksTest, ManyThreadsMayPost) {
  int ran = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const auto mine = runner();
      for (int k = 0; k < 500; ++k) mine->PostTask(Call([&] { ++ran; }));
    });
  }
  while (ran < 2000) tasks().RunReady();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ran, 2000);
}

TEST_F(IsolateTasksTest, StopsWhenToldToAndGoesOnLater) {
  runner()->PostTask(Call([&] { seen_ += 'a'; }));
  runner()->PostTask(Call([&] { seen_ += 'b'; }));
  EXPECT_EQ(tasks().RunReady([] { return true; }), 1u);
  EXPECT_EQ(tasks().RunReady(), 1u);
  EXPECT_EQ(seen_, "ab");
}

TEST(IsolateTasksEnd, WhatWaitsIsDestroyedAndLaterPostsAreDropped) {
  UniqueIsolate isolate = NewIsolate({});
  std::atomic<int> destroyed = 0;
  const auto runner = GetPlatform()->GetForegroundTaskRunner(isolate.get());
  const auto tasks = TasksOf(isolate.get());
  int woken = 0;
  tasks->SetWake([&] { ++woken; });
  runner->PostTask(Counted(&destroyed));
  runner->PostNonNestableDelayedTask(Counted(&destroyed), 3600);
  EXPECT_EQ(woken, 2);
  v8::Isolate* const address = isolate.get();
  isolate.reset();
  EXPECT_EQ(destroyed, 2);
  runner->PostTask(Counted(&destroyed));
  runner->PostDelayedTask(Counted(&destroyed), 0);
  EXPECT_EQ(destroyed, 4);
  EXPECT_EQ(woken, 2);
  EXPECT_FALSE(tasks->HasReady());
  // The platform no longer knows it.
  EXPECT_EQ(TasksOf(address), nullptr);
  GetPlatform()->GetForegroundTaskRunner(address)->PostTask(Counted(&destroyed));
  EXPECT_EQ(destroyed, 5);
}

TEST(IsolateTasksEnd, ThreadsMayPostWhileTheIsolateEnds) {
  for (int round = 0; round < 20; ++round) {
    UniqueIsolate isolate = NewIsolate({});
    const auto runner = GetPlatform()->GetForegroundTaskRunner(isolate.get());
    std::atomic<bool> stop = false;
    std::thread poster([&] {
      while (!stop) runner->PostTask(Call([] {}));
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    isolate.reset();
    stop = true;
    poster.join();
  }
}

TEST(IsolateTasksEnd, IsolatesOnTheirOwnThreadsDoNotMix) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([] {
      UniqueIsolate isolate = NewIsolate({});
      const auto here = std::this_thread::get_id();
      const auto tasks = TasksOf(isolate.get());
      int ran = 0;
      for (int k = 0; k < 50; ++k) {
        GetPlatform()->GetForegroundTaskRunner(isolate.get())->PostTask(Call([&, here] {
          EXPECT_EQ(std::this_thread::get_id(), here);
          ++ran;
        }));
      }
      const v8::Isolate::Scope in(isolate.get());
      while (ran < 50) tasks->RunReady();
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// The heap asks for its runner before there is any JavaScript: its tasks are told from the
// program's.
TEST(IsolateTasksPurpose, TheCollectorsTasksAreNoReasonToGoOn) {
  v8::Isolate* const isolate = AllocateIsolate();
  const auto early = GetPlatform()->GetForegroundTaskRunner(isolate);
  v8::Isolate::Initialize(isolate, MakeCreateParams({}));
  IsolateInitialized(isolate);
  const auto tasks = TasksOf(isolate);
  {
    const v8::Isolate::Scope in(isolate);
    while (tasks->HasReady()) tasks->RunReady();
    bool ran = false;
    early->PostTask(Call([&] { ran = true; }));
    EXPECT_TRUE(tasks->HasReady());
    EXPECT_FALSE(tasks->HasProgramReady());
    tasks->RunReady();
    EXPECT_TRUE(ran);
    GetPlatform()->GetForegroundTaskRunner(isolate)->PostTask(Call([] {}));
    EXPECT_TRUE(tasks->HasProgramReady());
  }
  DisposeIsolate(isolate);
}

}  // namespace
}  // namespace rt
