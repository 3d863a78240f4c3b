// Turnstile and OnPool: who comes next, and what a job on the pool owns.
#include "src/ext/io/turnstile.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

#include "src/loop/event.h"
#include "src/loop/pool_task.h"

namespace rt {
namespace {

Task<int> Visit(Turnstile& turnstile, Signal<bool>& until, std::vector<int>& log, int who) {
  const Turnstile::Pass pass = co_await turnstile.Enter();
  log.push_back(who);
  if (who == 0) co_await until;
  co_return who;
}

TEST(TurnstileTest, LetsInOneAtATimeInOrder) {
  Turnstile turnstile;
  Signal<bool> go;
  std::vector<int> order;
  std::vector<Task<int>> tasks;
  for (int i = 0; i < 3; ++i) {
    tasks.push_back(Visit(turnstile, go, order, i));
    tasks.back().Start(nullptr);
  }
  EXPECT_EQ(order, std::vector<int>{0});
  EXPECT_TRUE(turnstile.taken());
  go.Set(true);
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
  EXPECT_FALSE(turnstile.taken());
}

TEST(TurnstileTest, CanBeEnteredAgain) {
  Turnstile turnstile;
  Signal<bool> go;
  std::vector<int> order;
  for (int i = 1; i < 4; ++i) {
    Task<int> task = Visit(turnstile, go, order, i);
    task.Start(nullptr);
    EXPECT_TRUE(task.done());
  }
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(TurnstileTest, WhoIsDestroyedInLineIsPassedOver) {
  Turnstile turnstile;
  Signal<bool> go;
  std::vector<int> order;
  Task<int> inside = Visit(turnstile, go, order, 0);
  inside.Start(nullptr);
  {
    Task<int> gone = Visit(turnstile, go, order, 1);
    gone.Start(nullptr);
  }
  Task<int> next = Visit(turnstile, go, order, 2);
  next.Start(nullptr);
  go.Set(true);
  EXPECT_TRUE(next.done());
  EXPECT_EQ(order, (std::vector<int>{0, 2}));
}

TEST(TurnstileTest, WhoIsDestroyedInsideLetsInTheNext) {
  Turnstile turnstile;
  Signal<bool> go;
  std::vector<int> order;
  std::optional<Task<int>> inside(Visit(turnstile, go, order, 0));
  inside->Start(nullptr);
  Task<int> next = Visit(turnstile, go, order, 1);
  next.Start(nullptr);
  inside.reset();
  EXPECT_TRUE(next.done());
  EXPECT_FALSE(turnstile.taken());
}

TEST(PoolTaskTest, CapturesAreDestroyedOnce) {
  auto loop = Loop::Create();
  ASSERT_TRUE(loop.ok());
  auto held = std::make_shared<int>(5);
  {
    Task<int> task = OnPool(**loop, [held] { return *held + 1; });
    task.Start(nullptr);
    while (!task.done()) (*loop)->Poll(true);
    EXPECT_EQ(task.TakeValue(), 6);
  }
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace rt
