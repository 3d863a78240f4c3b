// SecretBytes: memory for keys and what is derived from them, wiped when it goes. Must never be
// copied silently.
#pragma once

#include <openssl/crypto.h>

#include <cstring>
#include <span>
#include <utility>

namespace rt {

class SecretBytes {
 public:
  SecretBytes() = default;
  SecretBytes(SecretBytes&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~SecretBytes() { OPENSSL_clear_free(data_, size_); }

  // Zeroed memory; without data() when there is not enough of it. A size of 0 has data too, because
  // OpenSSL takes a null pointer for "not given".
  static SecretBytes Allocate(size_t size) {
    SecretBytes bytes;
    bytes.data_ = static_cast<uint8_t*>(OPENSSL_zalloc(size == 0 ? 1 : size));
    bytes.size_ = bytes.data_ == nullptr ? 0 : size;
    return bytes;
  }
  static SecretBytes Copy(std::span<const uint8_t> source) {
    SecretBytes bytes = Allocate(source.size());
    if (bytes.data_ != nullptr && !source.empty()) {
      memcpy(bytes.data_, source.data(), source.size());
    }
    return bytes;
  }

  uint8_t* data() const { return data_; }
  size_t size() const { return size_; }
  explicit operator bool() const { return data_ != nullptr; }
  std::span<uint8_t> span() const { return {data_, size_}; }

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace rt
