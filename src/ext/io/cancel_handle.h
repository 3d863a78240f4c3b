// CancelHandle: how JavaScript asks a running file operation to stop: the operation's job on the
// thread pool looks at the flag between two steps. Closing the resource sets it.
#pragma once

#include <atomic>
#include <memory>

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
  void Close() override { flag_->store(true, std::memory_order_relaxed); }

  const CancelFlag& flag() const { return flag_; }

 private:
  CancelFlag flag_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace rt
