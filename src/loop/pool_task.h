// OnPool: a function on libuv's thread pool as a Task. Prefer it to `co_await RunOnPool(loop, [x =
// …] {…})`: GCC 12 destroys the captures of a lambda written inside a co_await expression twice
// (its bugs 99576 and 100611). An op that does nothing else simply returns it:
//   Task<Result<Bytes>> op_x(OpContext& cx, …) { return OnPool(cx.loop(), [path = …] { return …;
//   }); }
#pragma once

#include <type_traits>
#include <utility>

#include "src/loop/pool.h"
#include "src/loop/task.h"

namespace rt {

// `function` runs on another thread: it must own what it touches and must not see V8. It may
// outlive the task.
template <class F>
Task<std::invoke_result_t<F&>> OnPool(Loop& loop, F function) {
  co_return co_await RunOnPool(loop, std::move(function));
}

}  // namespace rt
