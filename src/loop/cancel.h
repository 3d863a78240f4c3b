// Cancellation: whoever may cancel holds a CancelSource, whoever can be cancelled a CancelToken. Both may
// outlive the other. Single-threaded. Cancelling is a request: the operation answers in its own time.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <utility>

namespace rt {

class CancelToken {
 public:
  struct State {
    bool cancelled = false;
    std::list<std::function<void()>> callbacks;
  };
  // Unregisters its callback when destroyed.
  class Registration {
   public:
    Registration() = default;
    Registration(std::shared_ptr<State> state, std::list<std::function<void()>>::iterator at)
        : state_(std::move(state)), at_(at) {}
    Registration(Registration&& other) noexcept
        : state_(std::exchange(other.state_, nullptr)), at_(other.at_) {}
    Registration& operator=(Registration&& other) noexcept {
      std::swap(state_, other.state_);
      std::swap(at_, other.at_);
      return *this;
    }
    ~Registration() {
      if (state_ && !state_->cancelled) state_->callbacks.erase(at_);
    }

   private:
    std::shared_ptr<State> state_;
    std::list<std::function<void()>>::iterator at_;
  };

  CancelToken() = default;  // never cancelled
  explicit CancelToken(std::shared_ptr<State> state) : state_(std::move(state)) {}

  bool cancelled() const { return state_ && state_->cancelled; }

  // Calls back once on cancellation, at once if that has happened. Keep the registration as long as the
  // callback may run.
  [[nodiscard]] Registration OnCancel(std::function<void()> callback) {
    if (!state_) return {};
    if (state_->cancelled) {
      callback();
      return {};
    }
    state_->callbacks.push_back(std::move(callback));
    return Registration(state_, std::prev(state_->callbacks.end()));
  }

 private:
  std::shared_ptr<State> state_;
};

class CancelSource {
 public:
  CancelToken token() const { return CancelToken(state_); }
  void Cancel() {
    if (state_->cancelled) return;
    state_->cancelled = true;
    auto callbacks = std::move(state_->callbacks);
    for (auto& callback : callbacks) callback();
  }

 private:
  std::shared_ptr<CancelToken::State> state_ = std::make_shared<CancelToken::State>();
};

}  // namespace rt
