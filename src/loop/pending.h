// Pending<T>: what a coroutine awaits when a callback will bring the value. Unlike a
// bare Signal it may be destroyed before the callback comes, as happens to every pending op when
// the program ends; the callback then does nothing.
#pragma once

#include <functional>
#include <memory>

#include "src/loop/event.h"

namespace rt {

template <class T>
class Pending {
 public:
  Pending() : link_(std::make_shared<Pending*>(this)) {}
  ~Pending() { *link_ = nullptr; }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  std::function<void(T)> Callback() {
    return [link = link_](T value) {
      if (*link != nullptr) (*link)->signal_.Set(std::move(value));
    };
  }
  Signal<T>& Wait() { return signal_; }

 private:
  std::shared_ptr<Pending*> link_;
  Signal<T> signal_;
};

}  // namespace rt
