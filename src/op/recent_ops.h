// RecentOps: the last ops a runtime called, for crash reports. Written with every call, so it does
// nothing but store; read by a signal handler on the same thread, which may see it half written.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rt {

struct OpDecl;

class RecentOps {
 public:
  static constexpr size_t kCount = 64;

  void Note(const OpDecl* op) { ops_[next_++ % kCount] = op; }

  // How many were ever called (modulo 2^32), and the one called `age` calls before the newest; null
  // if there was none.
  uint32_t total() const { return next_; }
  const OpDecl* At(uint32_t age) const {
    return age < kCount ? ops_[(next_ - 1 - age) % kCount] : nullptr;
  }

 private:
  const OpDecl* ops_[kCount] = {};
  uint32_t next_ = 0;
};

}  // namespace rt
