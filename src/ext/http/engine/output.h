// Output: a growable byte buffer for what goes to a socket. Unlike std::string it never zeroes what
// is about to be overwritten, and hands out room that the caller fills in place.
#pragma once

#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "src/base/check.h"

namespace rt::http {

class Output {
 public:
  Output() = default;
  ~Output() { std::free(data_); }
  Output(Output&& other) noexcept { swap(other); }
  Output& operator=(Output&& other) noexcept {
    swap(other);
    return *this;
  }

  void swap(Output& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  // `count` bytes at the end, not initialised; valid until the next call that grows the buffer.
  char* Extend(size_t count) {
    if (capacity_ - size_ < count) Grow(count);
    char* room = data_ + size_;
    size_ += count;
    return room;
  }
  void Append(std::string_view bytes) {
    if (!bytes.empty()) std::memcpy(Extend(bytes.size()), bytes.data(), bytes.size());
  }

  const char* data() const { return data_; }
  char* data() { return data_; }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  bool empty() const { return size_ == 0; }
  std::string_view view() const { return {data_, size_}; }
  void clear() { size_ = 0; }

 private:
  void Grow(size_t count) {
    size_t capacity = capacity_ < 1024 ? 1024 : capacity_ * 2;
    if (capacity - size_ < count) capacity = size_ + count;
    char* data = static_cast<char*>(std::realloc(data_, capacity));
    RT_CHECK(data != nullptr);
    data_ = data;
    capacity_ = capacity;
  }

  char* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace rt::http
