// Turnstile: lets one coroutine in at a time, in the order they came. It keeps the reads (or
// writes) of a file in the order the script asked for them, though each may wait. Single-threaded.
#pragma once

#include <coroutine>
#include <deque>
#include <utility>

namespace rt {

class Turnstile {
 public:
  // Held while inside. Leaving resumes the next in line before it returns.
  class [[nodiscard]] Pass {
   public:
    explicit Pass(Turnstile& turnstile) : turnstile_(&turnstile) {}
    Pass(Pass&& other) noexcept : turnstile_(std::exchange(other.turnstile_, nullptr)) {}
    Pass& operator=(Pass&&) = delete;
    ~Pass() {
      if (turnstile_) turnstile_->Leave();
    }

   private:
    Turnstile* turnstile_;
  };

  // Leaves the line when its coroutine is destroyed there.
  class Awaiter {
   public:
    explicit Awaiter(Turnstile& turnstile) : turnstile_(turnstile) {}
    Awaiter(const Awaiter&) = delete;
    Awaiter& operator=(const Awaiter&) = delete;
    ~Awaiter() {
      if (waiting_) std::erase(turnstile_.line_, waiting_);
    }
    bool await_ready() const noexcept { return !std::exchange(turnstile_.taken_, true); }
    void await_suspend(std::coroutine_handle<> waiting) {
      waiting_ = waiting;
      turnstile_.line_.push_back(waiting);
    }
    Pass await_resume() {
      waiting_ = nullptr;
      return Pass(turnstile_);
    }

   private:
    Turnstile& turnstile_;
    std::coroutine_handle<> waiting_;
  };
  // `Turnstile::Pass pass = co_await turnstile.Enter();`
  Awaiter Enter() { return Awaiter(*this); }
  bool taken() const { return taken_; }

 private:
  void Leave() {
    if (line_.empty()) {
      taken_ = false;
      return;
    }
    const std::coroutine_handle<> next = line_.front();
    line_.pop_front();
    next.resume();  // takes over: taken_ stays set
  }

  bool taken_ = false;
  std::deque<std::coroutine_handle<>> line_;
};

}  // namespace rt
