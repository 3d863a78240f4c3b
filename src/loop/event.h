// Signal<T>: one coroutine waits, something else (a libuv callback) sets the value. The bridge
// between callback code and Tasks. Single-threaded; at most one waiter at a time.
#pragma once

#include <coroutine>
#include <optional>
#include <utility>

#include "src/base/check.h"

namespace rt {

template <class T>
class Signal {
 public:
  Signal() = default;
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  // Stores the value and resumes the waiter, if there is one, before returning. A value that nobody
  // waits for yet is kept; setting it again before it was taken replaces it.
  void Set(T value) {
    value_.emplace(std::move(value));
    if (auto waiter = std::exchange(waiter_, nullptr)) waiter.resume();
  }
  bool waiting() const { return static_cast<bool>(waiter_); }
  bool ready() const { return value_.has_value(); }

  // An object of its own, because GCC 12 copies an awaitable that a function returns by reference.
  class Awaiter {
   public:
    explicit Awaiter(Signal& signal) : signal_(signal) {}
    bool await_ready() const noexcept { return signal_.value_.has_value(); }
    void await_suspend(std::coroutine_handle<> awaiting) {
      RT_CHECK(!signal_.waiter_);
      signal_.waiter_ = awaiting;
    }
    T await_resume() {
      T value = std::move(*signal_.value_);
      signal_.value_.reset();
      return value;
    }

   private:
    Signal& signal_;
  };
  Awaiter operator co_await() { return Awaiter(*this); }

 private:
  std::optional<T> value_;
  std::coroutine_handle<> waiter_;
};

}  // namespace rt
