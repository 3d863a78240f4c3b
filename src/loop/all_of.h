// AllOf: several tasks at the same time, done when all are. EachOf: a function for each item, at
// most so many at a time. One thread: that of the loop.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "src/base/result.h"
#include "src/loop/event.h"
#include "src/loop/task.h"

namespace rt {

template <class T>
Task<std::vector<T>> AllOf(std::vector<Task<T>> tasks) {
  struct Wait final : Task<T>::Listener {
    void OnTaskDone() override {
      if (--left == 0) all.Set(true);
    }
    size_t left = 1;  // this function itself, while it starts them
    Signal<bool> all;
  };
  Wait wait;
  for (Task<T>& task : tasks) {
    ++wait.left;
    task.Start(&wait);
    if (task.done()) --wait.left;
  }
  if (--wait.left > 0) (void)co_await wait.all;
  std::vector<T> values;
  values.reserve(tasks.size());
  for (Task<T>& task : tasks) values.push_back(task.TakeValue());
  co_return values;
}

namespace all_of_internal {

template <class Item, class F>
Task<Result<void>> Work(const std::vector<Item>& items, size_t& next, bool& failed, F& function) {
  while (next < items.size() && !failed) {
    const Item& item = items[next++];
    auto done = co_await function(item);
    if (done.ok()) continue;
    failed = true;
    co_return done.TakeError();
  }
  co_return {};
}

}  // namespace all_of_internal

// `function` makes a Task<Result<void>> of an item. After an error no more are started; the first
// one in the order of workers is returned when those under way have ended.
template <class Item, class F>
Task<Result<void>> EachOf(std::vector<Item> items, size_t at_once, F function) {
  size_t next = 0;
  bool failed = false;
  std::vector<Task<Result<void>>> workers;
  for (size_t i = 0; i < std::min(at_once, items.size()); ++i) {
    workers.push_back(all_of_internal::Work(items, next, failed, function));
  }
  std::vector<Result<void>> ended = co_await AllOf(std::move(workers));
  for (Result<void>& each : ended) {
    if (!each.ok()) co_return each.TakeError();
  }
  co_return {};
}

}  // namespace rt
