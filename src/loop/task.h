// Task<T>: a coroutine that yields one T. It is lazy: nothing runs until it is awaited or
// Start()ed. A Task is owned by exactly one place; destroying one that has not finished destroys
// its frame, so nothing may still point into it (awaitables of this layer finish or are cancelled
// first).
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <utility>

#include "src/base/check.h"
#include "src/loop/frame_pool.h"

namespace rt {

template <class T>
class [[nodiscard]] Task {
 public:
  using Value = T;

  // Told when a started task has finished; runs in the context of whatever resumed the task last.
  class Listener {
   public:
    virtual void OnTaskDone() = 0;

   protected:
    ~Listener() = default;
  };

  struct promise_type {
    std::optional<T> value;
    std::coroutine_handle<> continuation;
    Listener* listener = nullptr;

    static void* operator new(size_t size) { return AllocateFrame(size); }
    static void operator delete(void* frame, size_t size) noexcept { FreeFrame(frame, size); }

    Task get_return_object() {
      return Task(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct FinalAwaiter {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
        promise_type& promise = self.promise();
        if (promise.continuation) return promise.continuation;
        // The listener may destroy the task, and with it this frame: nothing is touched after.
        if (promise.listener) promise.listener->OnTaskDone();
        return std::noop_coroutine();
      }
      void await_resume() noexcept {}
    };
    FinalAwaiter final_suspend() noexcept { return {}; }
    template <class U = T>  // `co_return {};` too
    void return_value(U&& result) {
      value.emplace(std::forward<U>(result));
    }
    void unhandled_exception() noexcept { std::abort(); }  // built without exceptions
  };

  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, {})) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      if (frame_) frame_.destroy();
      frame_ = std::exchange(other.frame_, {});
    }
    return *this;
  }
  ~Task() {
    if (frame_) frame_.destroy();
  }

  // Runs the task until it first waits. The listener is told when it ends, unless it ended at once:
  // then done() is already true on return and the listener is not called.
  void Start(Listener* listener) {
    frame_.resume();
    if (!frame_.done()) frame_.promise().listener = listener;
  }
  bool done() const { return frame_.done(); }
  T TakeValue() {
    RT_CHECK(frame_.done() && frame_.promise().value.has_value());
    return std::move(*frame_.promise().value);
  }

  // co_await task: runs it, and gives its value.
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    frame_.promise().continuation = awaiting;
    return frame_;
  }
  T await_resume() { return TakeValue(); }

 private:
  explicit Task(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
  std::coroutine_handle<promise_type> frame_;
};

}  // namespace rt
