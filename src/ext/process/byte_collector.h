// ByteCollector: memory that grows while a pipe of unknown length is read. Any thread.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <span>
#include <utility>

#include "src/base/bytes.h"

namespace rt {

class ByteCollector {
 public:
  ByteCollector() = default;
  ~ByteCollector() { std::free(data_); }
  ByteCollector(const ByteCollector&) = delete;
  ByteCollector& operator=(const ByteCollector&) = delete;

  // Where the next bytes go. Empty: no memory.
  std::span<uint8_t> Room() {
    if (capacity_ - size_ < kLeast) {
      const size_t wanted = capacity_ == 0 ? kFirst : capacity_ * 2;
      auto* grown = static_cast<uint8_t*>(std::realloc(data_, wanted));
      if (grown == nullptr) return {};
      data_ = grown;
      capacity_ = wanted;
    }
    return {data_ + size_, capacity_ - size_};
  }
  void Filled(size_t count) { size_ += count; }

  Bytes Take() {
    if (size_ == 0) return Bytes::Allocate(0);
    if (auto* fitted = static_cast<uint8_t*>(std::realloc(data_, size_))) data_ = fitted;
    uint8_t* data = std::exchange(data_, nullptr);
    return Bytes(std::shared_ptr<void>(data, [](void* memory) { std::free(memory); }), data,
                 std::exchange(size_, 0));
  }

 private:
  static constexpr size_t kFirst = 16 * 1024;
  static constexpr size_t kLeast = 4 * 1024;
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace rt
