// Cancellation: whoever may cancel holds a CancelSource, whoever can be cancelled a CancelToken.
// Both may outlive the other. Single-threaded. Cancelling is a request: the operation answers in
// its own time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace rt {

class CancelToken {
 public:
  struct State {
    bool cancelled = false;
    uint64_t next_id = 0;
    std::map<uint64_t, std::function<void()>> callbacks;  // in the order of registration
  };
  // Unregisters its callback when destroyed.
  class Registration {
   public:
    Registration() = default;
    Registration(std::shared_ptr<State> state, uint64_t id) : state_(std::move(state)), id_(id) {}
    Registration(Registration&& other) noexcept
        : state_(std::exchange(other.state_, nullptr)), id_(other.id_) {}
    Registration& operator=(Registration&& other) noexcept {
      std::swap(state_, other.state_);
      std::swap(id_, other.id_);
      return *this;
    }
    ~Registration() {
      if (state_) state_->callbacks.erase(id_);
    }

   private:
    std::shared_ptr<State> state_;
    uint64_t id_ = 0;
  };

  CancelToken() = default;  // never cancelled
  explicit CancelToken(std::shared_ptr<State> state) : state_(std::move(state)) {}

  bool cancelled() const { return state_ && state_->cancelled; }

  // Calls back once on cancellation, at once if that has happened. Keep the registration as long as
  // the callback may run.
  [[nodiscard]] Registration OnCancel(std::function<void()> callback) {
    if (!state_) return {};
    if (state_->cancelled) {
      callback();
      return {};
    }
    const uint64_t id = state_->next_id++;
    state_->callbacks.emplace(id, std::move(callback));
    return Registration(state_, id);
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
    // One at a time: a callback may end the registration of a later one, or this source.
    auto state = state_;
    while (!state->callbacks.empty()) {
      auto next = state->callbacks.extract(state->callbacks.begin());
      next.mapped()();
    }
  }

 private:
  std::shared_ptr<CancelToken::State> state_ = std::make_shared<CancelToken::State>();
};

}  // namespace rt
