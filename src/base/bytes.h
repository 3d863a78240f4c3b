// Bytes: a view of memory together with what keeps that memory alive. It is how buffers cross a
// suspension: the JavaScript ArrayBuffer may be dropped meanwhile, the memory stays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace rt {

class Bytes {
 public:
  Bytes() = default;
  Bytes(std::shared_ptr<void> owner, uint8_t* data, size_t size)
      : owner_(std::move(owner)), data_(data), size_(size) {}

  // Fresh memory of `size` bytes, zeroed: an ArrayBuffer made of it must never show old heap.
  static Bytes Allocate(size_t size) {
    auto memory = std::make_shared<uint8_t[]>(size);
    uint8_t* data = memory.get();
    return Bytes(std::move(memory), data, size);
  }
  static Bytes Copy(std::string_view text) {
    auto memory = std::make_shared_for_overwrite<uint8_t[]>(text.size());
    if (!text.empty()) std::memcpy(memory.get(), text.data(), text.size());
    uint8_t* data = memory.get();
    return Bytes(std::move(memory), data, text.size());
  }

  uint8_t* data() const { return data_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::span<uint8_t> span() const { return {data_, size_}; }
  std::string_view view() const { return {reinterpret_cast<const char*>(data_), size_}; }
  const std::shared_ptr<void>& owner() const { return owner_; }

  // The same memory from `offset`, at most `size` bytes of it.
  Bytes Slice(size_t offset, size_t size = SIZE_MAX) const {
    if (offset > size_) offset = size_;
    return Bytes(owner_, data_ + offset, size < size_ - offset ? size : size_ - offset);
  }

 private:
  std::shared_ptr<void> owner_;
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace rt
