// Task: laziness, chains, who is told of the end, and destruction in the middle.
#include "src/loop/task.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/loop/event.h"

namespace rt {
namespace {

struct CountingListener final : Task<int>::Listener {
  void OnTaskDone() override { ++told; }
  int told = 0;
};
// As AsyncCalls does: the end of the task ends the task's owner.
struct DestroyingListener final : Task<int>::Listener {
  void OnTaskDone() override {
    value = task->TakeValue();
    task.reset();
  }
  std::optional<Task<int>> task;
  int value = 0;
};

Task<int> Immediate(int value, int* ran) {
  ++*ran;
  co_return value;
}
Task<int> Waiting(Signal<int>& signal, std::shared_ptr<int> kept) {
  const int value = co_await signal;
  co_return value + *kept;
}
Task<int> Adds(Signal<int>& signal, std::shared_ptr<int> kept) {
  const int first = co_await Waiting(signal, kept);
  const int second = co_await Waiting(signal, kept);
  co_return first * 100 + second;
}

TEST(Task, RunsNothingUntilStarted) {
  int ran = 0;
  {
    Task<int> task = Immediate(1, &ran);
    EXPECT_EQ(ran, 0);
  }
  EXPECT_EQ(ran, 0);
}

TEST(Task, EndingAtOnceTellsNobody) {
  int ran = 0;
  CountingListener listener;
  Task<int> task = Immediate(7, &ran);
  task.Start(&listener);
  EXPECT_TRUE(task.done());
  EXPECT_EQ(listener.told, 0);
  EXPECT_EQ(task.TakeValue(), 7);
}

TEST(Task, EndingLaterTellsTheListenerOnce) {
  Signal<int> signal;
  CountingListener listener;
  Task<int> task = Adds(signal, std::make_shared<int>(1));
  task.Start(&listener);
  EXPECT_FALSE(task.done());
  signal.Set(2);
  EXPECT_FALSE(task.done());
  EXPECT_EQ(listener.told, 0);
  signal.Set(4);
  EXPECT_TRUE(task.done());
  EXPECT_EQ(listener.told, 1);
  EXPECT_EQ(task.TakeValue(), 305);
}

TEST(Task, TheListenerMayDestroyTheTask) {
  Signal<int> signal;
  auto kept = std::make_shared<int>(1);
  DestroyingListener listener;
  listener.task.emplace(Waiting(signal, kept));
  listener.task->Start(&listener);
  EXPECT_EQ(kept.use_count(), 2);
  signal.Set(5);
  EXPECT_EQ(listener.value, 6);
  EXPECT_EQ(kept.use_count(), 1);
}

TEST(Task, DestroyedMidwayFreesEveryFrameOfTheChain) {
  Signal<int> signal;
  auto kept = std::make_shared<int>(1);
  {
    Task<int> task = Adds(signal, kept);
    CountingListener listener;
    task.Start(&listener);
    EXPECT_EQ(kept.use_count(), 3);  // outer frame, inner frame, here
  }
  EXPECT_EQ(kept.use_count(), 1);
}

TEST(Task, MoveAssignmentDestroysTheOldFrame) {
  Signal<int> signal;
  auto first = std::make_shared<int>(1);
  auto second = std::make_shared<int>(2);
  Task<int> task = Waiting(signal, first);
  task = Waiting(signal, second);
  EXPECT_EQ(first.use_count(), 1);
  EXPECT_EQ(second.use_count(), 2);
  task.Start(nullptr);
  signal.Set(40);
  EXPECT_EQ(task.TakeValue(), 42);
}

// A long chain must not grow the native stack: each end hands over to its awaiter.
Task<int> Countdown(int left) {
  int total = 0;
  for (int i = 0; i < left; ++i) {
    int ran = 0;
    total += co_await Immediate(1, &ran);
  }
  co_return total;
}
TEST(Task, ManyImmediateAwaits) {
  Task<int> task = Countdown(1000);
  task.Start(nullptr);
  EXPECT_EQ(task.TakeValue(), 1000);
}

Task<Result<int>> Fails() {
  co_return Error::Type("no");
}
Task<Result<int>> Passes() {
  RT_CO_TRY(const int value, co_await Fails());
  co_return value;
}
TEST(Task, ErrorsTravelThroughCoTry) {
  Task<Result<int>> task = Passes();
  task.Start(nullptr);
  EXPECT_EQ(task.TakeValue().error().message, "no");
}

TEST(TaskDeathTest, TakingAValueTooEarly) {
  Signal<int> signal;
  Task<int> task = Waiting(signal, std::make_shared<int>(1));
  task.Start(nullptr);
  EXPECT_DEATH(task.TakeValue(), "internal check failed");
}

}  // namespace
}  // namespace rt
