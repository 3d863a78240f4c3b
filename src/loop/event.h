// Signal<T>: one coroutine waits, something else (a libuv callback) sets the value. The bridge between
// callback code and Tasks. Single-threaded; at most one waiter at a time.
#pragma once

#include <coroutine>
#include <optional>
#include <utility>

#include "src/base/check.h"

namespace rt {

template <class T>
class Signal {
 public:
  // Stores the value and resumes the waiter, if there is one, before returning. A value that nobody
  // waits for yet is kept; setting it again before it was taken replaces it.
  void Set(T value) {
    value_.emplace(std::move(value));
    if (auto waiter = std::exchange(waiter_, nullptr)) waiter.resume();
  }
  bool waiting() const { return static_cast<bool>(waiter_); }
  bool ready() const { return value_.has_value(); }

  bool await_ready() const noexcept { return value_.has_value(); }
  void await_suspend(std::coroutine_handle<> awaiting) {
    RT_CHECK(!waiter_);
    waiter_ = awaiting;
  }
  T await_resume() {
    T value = std::move(*value_);
    value_.reset();
    return value;
  }

 private:
  std::optional<T> value_;
  std::coroutine_handle<> waiter_;
};

}  // namespace rt
