// CancelHandle: how JavaScript asks a running operation to stop, by closing it. A job on the thread
// pool looks at the flag between two steps; what waits on the loop is told through the token.
#pragma once

#include <atomic>
#include <memory>

#include "src/loop/cancel.h"
#include "src/resource/resource.h"

namespace rt {

// Read on the pool's threads. Null: cannot be cancelled.
using CancelFlag = std::shared_ptr<std::atomic<bool>>;

inline bool IsCancelled(const CancelFlag& flag) {
  return flag && flag->load(std::memory_order_relaxed);
}

class CancelHandle final : public Resource {
 public:
  CancelHandle() : Resource(TypeIdOf<CancelHandle>()) {}

  std::string_view name() const override { return "cancellation"; }
  void Close() override {
    flag_->store(true, std::memory_order_relaxed);
    source_.Cancel();
  }

  const CancelFlag& flag() const { return flag_; }
  // For the runtime's thread.
  CancelToken token() const { return source_.token(); }

 private:
  CancelSource source_;
  CancelFlag flag_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace rt
