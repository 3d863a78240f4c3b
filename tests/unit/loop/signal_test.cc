// Signal: a value set before, while and after somebody waits.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "src/loop/event.h"
#include "src/loop/task.h"

namespace rt {
namespace {

Task<std::string> Collect(Signal<std::string>& signal, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += co_await signal;
  co_return all;
}

TEST(Signal, KeepsAValueNobodyWaitsForYet) {
  Signal<std::string> signal;
  signal.Set("a");
  EXPECT_TRUE(signal.ready());
  EXPECT_FALSE(signal.waiting());
  auto task = Collect(signal, 1);
  task.Start(nullptr);
  EXPECT_TRUE(task.done());
  EXPECT_EQ(task.TakeValue(), "a");
  EXPECT_FALSE(signal.ready());
}

TEST(Signal, ALaterValueReplacesOneNotTaken) {
  Signal<std::string> signal;
  signal.Set("a");
  signal.Set("b");
  auto task = Collect(signal, 1);
  task.Start(nullptr);
  EXPECT_EQ(task.TakeValue(), "b");
}

TEST(Signal, ResumesTheWaiterBeforeSetReturns) {
  Signal<std::string> signal;
  auto task = Collect(signal, 3);
  task.Start(nullptr);
  EXPECT_TRUE(signal.waiting());
  signal.Set("a");
  EXPECT_TRUE(signal.waiting());  // for the next one already
  signal.Set("b");
  EXPECT_FALSE(task.done());
  signal.Set("c");
  EXPECT_EQ(task.TakeValue(), "abc");
  EXPECT_FALSE(signal.waiting());
}

TEST(Signal, MovesValuesThatCannotBeCopied) {
  Signal<std::unique_ptr<int>> signal;
  auto take = [](Signal<std::unique_ptr<int>>& from) -> Task<int> {
    std::unique_ptr<int> value = co_await from;
    co_return *value;
  };
  auto task = take(signal);
  task.Start(nullptr);
  signal.Set(std::make_unique<int>(9));
  EXPECT_EQ(task.TakeValue(), 9);
}

TEST(SignalDeathTest, TwoWaitersAreABug) {
  Signal<std::string> signal;
  auto first = Collect(signal, 1);
  auto second = Collect(signal, 1);
  first.Start(nullptr);
  EXPECT_DEATH(second.Start(nullptr), "internal check failed: .*waiter_");
}

}  // namespace
}  // namespace rt
